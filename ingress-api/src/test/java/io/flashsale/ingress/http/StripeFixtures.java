package io.flashsale.ingress.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Events in the form in which Stripe sends them. */
final class StripeFixtures {

    static final String PAYMENT_INTENT = "pi_3SVd2yLkdIwHu7ix0kTjQ4bZ";
    static final String SESSION = "cs_test_a1Q8vZtW0nB5yXc2Rk7uJm9LpD3sGfHe";

    private StripeFixtures() {}

    /** @param name the event's type */
    static String event(String name, String orderId) {
        try (InputStream file = StripeFixtures.class.getResourceAsStream("/stripe/" + name + ".json")) {
            String text = new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
            return text.replace("ORDER_ID", orderId);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
