package io.flashsale.ingress.http;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The types of Stripe's events that settle an order. */
enum StripeEventType {
    PAYMENT_INTENT_SUCCEEDED("payment_intent.succeeded", true, "amount_received"),
    /** One attempt failed; the payment intent may still succeed, which is a late payment then. */
    PAYMENT_INTENT_PAYMENT_FAILED("payment_intent.payment_failed", false, "amount"),
    PAYMENT_INTENT_CANCELED("payment_intent.canceled", false, "amount"),
    CHECKOUT_SESSION_COMPLETED("checkout.session.completed", true, "amount_total"),
    CHECKOUT_SESSION_ASYNC_PAYMENT_SUCCEEDED("checkout.session.async_payment_succeeded", true, "amount_total"),
    CHECKOUT_SESSION_ASYNC_PAYMENT_FAILED("checkout.session.async_payment_failed", false, "amount_total"),
    CHECKOUT_SESSION_EXPIRED("checkout.session.expired", false, "amount_total");

    private final String name;
    private final boolean succeeded;
    private final String amountField;

    StripeEventType(String name, boolean succeeded, String amountField) {
        this.name = name;
        this.succeeded = succeeded;
        this.amountField = amountField;
    }

    /** The type of that name, or null if it settles no order. */
    static @Nullable StripeEventType of(String name) {
        return Arrays.stream(values())
                .filter(type -> type.name.equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Whether the order is paid. */
    boolean succeeded() {
        return succeeded;
    }

    /** Where the object has its amount, in the currency's smallest unit. */
    String amountField() {
        return amountField;
    }

    /** A checkout is completed before a payment that takes days; {@code async_payment_…} follows. */
    boolean mayBeUnpaid() {
        return this == CHECKOUT_SESSION_COMPLETED;
    }
}
