package io.flashsale.ingress.security;

import io.flashsale.ingress.config.Secret;
import io.flashsale.ingress.config.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Whether a webhook comes from the payment provider: the header is the hex HMAC-SHA256 of the raw body. */
@Component
public final class WebhookSignature {

    /** The header of the signature. */
    public static final String HEADER = "X-Webhook-Signature";

    private static final String SCHEME = "sha256=";

    private final byte @Nullable [] secret;

    WebhookSignature(Secrets secrets) {
        Secret webhookSecret = secrets.webhookSecret();
        this.secret = webhookSecret == null ? null : webhookSecret.value().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Whether the body may be believed.
     *
     * @param header {@code hex} or {@code sha256=hex}, null if there is none
     */
    public boolean accepts(byte[] body, @Nullable String header) {
        if (secret == null) {
            return true;
        }
        if (header == null) {
            return false;
        }
        byte[] signature;
        try {
            signature = HexFormat.of().parseHex(header.startsWith(SCHEME) ? header.substring(SCHEME.length()) : header);
        } catch (IllegalArgumentException notHex) {
            return false;
        }
        return MessageDigest.isEqual(Digests.hmacSha256(secret).doFinal(body), signature);
    }
}
