package io.flashsale.ingress.security;

import io.flashsale.ingress.config.Secret;
import io.flashsale.ingress.config.Secrets;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Whether an event comes from Stripe: {@code Stripe-Signature: t=<seconds>,v1=<hex>}, the HMAC-SHA256 of {@code
 * <seconds>.<raw body>}, with the text of the endpoint's signing secret as the key. See <a
 * href="https://docs.stripe.com/webhooks#verify-manually">Stripe's description</a>.
 */
@Component
public final class StripeSignature {

    /** The header of the signature. */
    public static final String HEADER = "Stripe-Signature";

    private static final String TIMESTAMP = "t=";
    private static final String SIGNATURE = "v1=";

    private final HmacKeys keys;
    private final SigningTime time;

    StripeSignature(Secrets secrets, InstantSource clock) {
        // All of whsec_…: unlike Standard Webhooks, Stripe does not take it for base64.
        this.keys =
                new HmacKeys(secrets.stripeSecrets().stream().map(Secret::bytes).toList());
        this.time = new SigningTime(clock);
    }

    /** Whether there is a secret to check a signature with. */
    public boolean isSwitchedOn() {
        return !keys.isEmpty();
    }

    /**
     * Why an event must not be believed, or empty if it may be.
     *
     * @param body as it came
     * @param header null if it is not there
     * @return one sentence that says what was expected, and nothing of what is right
     */
    public Optional<String> objection(byte[] body, @Nullable String header) {
        List<String> parts = header == null ? List.of() : Arrays.asList(header.split(","));
        List<String> timestamps = valuesOf(TIMESTAMP, parts);
        List<String> signatures = valuesOf(SIGNATURE, parts);
        if (timestamps.size() != 1 || signatures.isEmpty()) {
            return Optional.of("Expected t and v1 in the header " + HEADER + ".");
        }
        String timestamp = timestamps.getFirst();
        if (!time.isNow(timestamp)) {
            return Optional.of("Expected a time in t of " + HEADER + " that is at most " + SigningTime.TOLERANCE_SECONDS
                    + " seconds from now.");
        }
        List<byte[]> decoded = signatures.stream()
                .flatMap(hex -> Digests.fromHex(hex).stream())
                .toList();
        return keys.made(decoded, (timestamp + ".").getBytes(StandardCharsets.US_ASCII), body)
                ? Optional.empty()
                : Optional.of("Expected a signature of t and body in v1 of " + HEADER + ".");
    }

    private static List<String> valuesOf(String name, List<String> parts) {
        return parts.stream()
                .filter(part -> part.startsWith(name))
                .map(part -> part.substring(name.length()))
                .toList();
    }
}
