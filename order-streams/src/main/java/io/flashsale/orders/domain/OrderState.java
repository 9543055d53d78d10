package io.flashsale.orders.domain;

import org.jspecify.annotations.Nullable;

/**
 * The part of the state that one decision may look at and change.
 *
 * @param order the input's order
 * @param parked the payments kept for it, or null
 * @param webhook what is remembered under the input's idempotency key, or null
 * @param payment what is remembered of the input's payment, under whatever key it came, or null
 */
public record OrderState(
        @Nullable Order order,
        @Nullable ParkedPayments parked,
        @Nullable WebhookRecord webhook,
        @Nullable WebhookRecord payment) {

    OrderState with(Order changed) {
        return new OrderState(changed, parked, webhook, payment);
    }

    /** No parked payments are no record. */
    OrderState with(ParkedPayments changed) {
        return new OrderState(order, changed.isEmpty() ? null : changed, webhook, payment);
    }

    OrderState withWebhook(WebhookRecord changed) {
        return new OrderState(order, parked, changed, payment);
    }

    OrderState withPayment(WebhookRecord changed) {
        return new OrderState(order, parked, webhook, changed);
    }

    ParkedPayments parkedOrNone() {
        return parked == null ? ParkedPayments.NONE : parked;
    }
}
