package io.flashsale.local.tools;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** What the pipeline's own environment would hold: the shop's key and the payment provider's. */
record Secrets(String adminKey, String webhookSecret) {

    private static final String DEFAULT_ADMIN_KEY = "local-admin";
    private static final String HMAC = "HmacSHA256";

    /** The prefix of Standard Webhooks, behind which stands the key in base64. */
    private static final String ENCODED = "whsec_";

    static Secrets of(Map<String, String> environment) {
        return new Secrets(
                firstOf(environment.get("FLASHSALE_ADMIN_KEY")).orElse(DEFAULT_ADMIN_KEY),
                firstOf(environment.get("FLASHSALE_WEBHOOK_SECRET")).orElse(""));
    }

    /** While secrets are changed there are several, and the pipeline takes each of them; of a digest nobody has the key. */
    private static Optional<String> firstOf(@Nullable String list) {
        return Stream.of(Objects.requireNonNullElse(list, "").split(","))
                .map(String::strip)
                .filter(secret -> !secret.isEmpty() && !secret.startsWith("sha256:"))
                .findFirst();
    }

    /** The headers of stock administration. */
    Map<String, String> ofAdministration() {
        return Map.of("X-Api-Key", adminKey);
    }

    /** The headers of a webhook with this body; none if webhooks are not signed. */
    Map<String, String> ofWebhook(String body) {
        if (webhookSecret.isEmpty()) {
            return Map.of();
        }
        byte[] key = webhookSecret.startsWith(ENCODED)
                ? Base64.getDecoder().decode(webhookSecret.substring(ENCODED.length()))
                : webhookSecret.getBytes(StandardCharsets.UTF_8);
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return Map.of(
                    "X-Webhook-Signature",
                    HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8))));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Neither is ever printed. */
    @Override
    public String toString() {
        return "Secrets";
    }
}
