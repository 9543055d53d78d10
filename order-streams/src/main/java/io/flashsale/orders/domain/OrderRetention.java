package io.flashsale.orders.domain;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long what ended is remembered. A webhook of an order that is forgotten is like one whose order never came: it is
 * parked, and unmatched in the end.
 *
 * @param webhooks idempotency keys and payments, from when they were first answered
 * @param orders from their last end
 */
public record OrderRetention(Duration webhooks, Duration orders) {

    /** From when on an order may be forgotten; null as long as it may still change by itself. */
    public @Nullable Instant endOf(Order order) {
        Instant ended = order.endedAt();
        return ended == null || order.latePayment() != null ? null : ended.plus(orders);
    }

    /** From when on a notification or payment may be forgotten. */
    public Instant endOf(WebhookRecord webhook) {
        return webhook.recordedAt().plus(webhooks);
    }

    /** Whether an order may be forgotten at this log time. An earlier end may have been followed by a later one. */
    public boolean isOver(Order order, Instant time) {
        Instant end = endOf(order);
        return end != null && !time.isBefore(end);
    }

    /** Whether a notification or payment may be forgotten at this log time. */
    public boolean isOver(WebhookRecord webhook, Instant time) {
        return !time.isBefore(endOf(webhook));
    }
}
