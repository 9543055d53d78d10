package io.flashsale.ingress.security;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookSigningException;
import io.flashsale.ingress.config.Secret;
import io.flashsale.ingress.config.Secrets;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Whether a webhook comes from a payment provider, by one of two schemes: <a
 * href="https://www.standardwebhooks.com">Standard Webhooks 1.0</a>, or the hex HMAC-SHA256 of the raw body.
 *
 * <p>What Standard Webhooks signs is made by its own library. Its {@code verify} is not used: it reads the system's clock
 * and knows one secret only.
 */
@Component
public final class WebhookSignature {

    private static final String HEADER = "X-Webhook-Signature";
    private static final String HEADER_SCHEME = "sha256=";

    private static final String STANDARD_ID = "webhook-id";
    private static final String STANDARD_TIMESTAMP = "webhook-timestamp";
    private static final String STANDARD_SIGNATURE = "webhook-signature";

    private final HmacKeys keys;
    private final List<Webhook> standardKeys;
    private final SigningTime time;

    WebhookSignature(Secrets secrets, InstantSource clock) {
        List<byte[]> secretKeys =
                secrets.webhookSecrets().stream().map(Secret::webhookKey).toList();
        this.keys = new HmacKeys(secretKeys);
        this.standardKeys =
                secretKeys.stream().map(WebhookSignature::standardKey).toList();
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
        return isSigned(id, Long.parseLong(timestamp), body, List.of(signatures.split(" ")))
                ? Optional.empty()
                : Optional.of(
                        "Expected a v1 signature of webhook-id, webhook-timestamp and body in webhook-signature.");
    }

    /** Signatures of other schemes, or that are none, are no signature that any key makes. */
    private boolean isSigned(String id, long timestamp, byte[] body, List<String> signatures) {
        String text;
        try {
            // The library signs a text. Bytes that are no UTF-8 are none, and no JSON either.
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException noText) {
            return false;
        }
        return standardKeys.stream().anyMatch(key -> {
            byte[] expected = signed(key, id, timestamp, text);
            return signatures.stream()
                    .anyMatch(signature ->
                            MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.ISO_8859_1)));
        });
    }

    private static byte[] signed(Webhook key, String id, long timestamp, String text) {
        try {
            return key.sign(id, timestamp, text).getBytes(StandardCharsets.US_ASCII);
        } catch (WebhookSigningException unsupported) {
            throw new IllegalStateException("Every Java platform has HMAC-SHA256", unsupported);
        }
    }

    private static Webhook standardKey(byte[] key) {
        try {
            return new Webhook(key);
        } catch (EmptyWebhookSecretException blank) {
            throw new IllegalStateException("A blank secret is none", blank);
        }
    }
}
