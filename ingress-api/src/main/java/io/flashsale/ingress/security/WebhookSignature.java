package io.flashsale.ingress.security;

import io.flashsale.ingress.config.Secret;
import io.flashsale.ingress.config.Secrets;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Whether a webhook comes from a payment provider, by one of two schemes: <a
 * href="https://www.standardwebhooks.com">Standard Webhooks 1.0</a>, or the hex HMAC-SHA256 of the raw body.
 *
 * <p>Standard Webhooks' own library (com.standardwebhooks) reads the system's clock and signs a body that was decoded to
 * text, so it can be tested with neither a fixed time nor the bytes that came. Its few lines are made here, and the
 * tests sign with the library.
 */
@Component
public final class WebhookSignature {

    private static final String HEADER = "X-Webhook-Signature";
    private static final String HEADER_SCHEME = "sha256=";

    private static final String STANDARD_ID = "webhook-id";
    private static final String STANDARD_TIMESTAMP = "webhook-timestamp";
    private static final String STANDARD_SIGNATURE = "webhook-signature";
    private static final String STANDARD_SCHEME = "v1,";

    private final HmacKeys keys;
    private final SigningTime time;

    WebhookSignature(Secrets secrets, InstantSource clock) {
        this.keys = new HmacKeys(
                secrets.webhookSecrets().stream().map(Secret::webhookKey).toList());
        this.time = new SigningTime(clock);
    }

    /**
     * Why a webhook must not be believed, or empty if it may be. The scheme is Standard Webhooks as soon as there is a
     * timestamp or a signature of it, so that a sender of both is held to the stricter one. A {@code webhook-id} alone
     * does not count: it is an idempotency key too.
     *
     * @param body as it came
     * @param headers the value of a header, null if it is not there
     * @return one sentence that says what was expected, and nothing of what is right
     */
    public Optional<String> objection(byte[] body, Function<String, @Nullable String> headers) {
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        String timestamp = headers.apply(STANDARD_TIMESTAMP);
        String signatures = headers.apply(STANDARD_SIGNATURE);
        return timestamp == null && signatures == null
                ? objectionToHeader(body, headers.apply(HEADER))
                : objectionToStandard(body, headers.apply(STANDARD_ID), timestamp, signatures);
    }

    private Optional<String> objectionToHeader(byte[] body, @Nullable String header) {
        if (header == null) {
            return Optional.of(
                    "Expected a signature: the headers webhook-id, webhook-timestamp and webhook-signature, or "
                            + HEADER + ".");
        }
        String hex = header.startsWith(HEADER_SCHEME) ? header.substring(HEADER_SCHEME.length()) : header;
        List<byte[]> signature = Digests.fromHex(hex).stream().toList();
        return keys.made(signature, body)
                ? Optional.empty()
                : Optional.of("Expected the hex HMAC-SHA256 of the body in " + HEADER + ".");
    }

    private Optional<String> objectionToStandard(
            byte[] body, @Nullable String id, @Nullable String timestamp, @Nullable String signatures) {
        if (id == null || timestamp == null || signatures == null) {
            return Optional.of("Expected all of the headers webhook-id, webhook-timestamp and webhook-signature.");
        }
        if (!time.isNow(timestamp)) {
            return Optional.of("Expected a time in webhook-timestamp that is at most " + SigningTime.TOLERANCE_SECONDS
                    + " seconds from now.");
        }
        // A header comes as ISO 8859-1, so this gives back its bytes.
        byte[] start = (id + "." + timestamp + ".").getBytes(StandardCharsets.ISO_8859_1);
        return keys.made(standardSignatures(signatures), start, body)
                ? Optional.empty()
                : Optional.of(
                        "Expected a v1 signature of webhook-id, webhook-timestamp and body in webhook-signature.");
    }

    /** Several are separated by spaces. Those of other schemes, or that are none, are passed over. */
    private static List<byte[]> standardSignatures(String header) {
        return Arrays.stream(header.split(" "))
                .filter(signature -> signature.startsWith(STANDARD_SCHEME))
                .map(signature -> signature.substring(STANDARD_SCHEME.length()))
                .flatMap(base64 -> Digests.fromBase64(base64).stream())
                .toList();
    }
}
