package io.flashsale.orders.domain;

import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderStatus;
import io.flashsale.contracts.WebhookCommand;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a decision changes: an event for everybody, or something only this application remembers. */
public sealed interface OrderFact {

    /** Goes to {@code order-events}. */
    record Published(OrderEvent event) implements OrderFact {}

    /** The creation was answered with this status, and will be if it is asked for again. */
    record CreationAnswered(OrderStatus status) implements OrderFact {}

    /** The payment is kept until its order appears. */
    record PaymentParked(WebhookCommand payment, Instant parkedAt) implements OrderFact {}

    /** The payment is not kept any longer. */
    record PaymentUnparked(String idempotencyKey) implements OrderFact {}

    /** The notification was answered, and will be so if it comes under the same key again. */
    record WebhookAnswered(WebhookRecord record) implements OrderFact {}

    /** The payment was decided on, and is not once more if it comes under another key. */
    record PaymentDecided(WebhookRecord record) implements OrderFact {}

    /** The inventory was asked whether the stock of a late payment is still there. */
    record LatePaymentTaken(LatePayment payment) implements OrderFact {}

    /** One more caller waits for that. */
    record WaiterJoined(LatePayment.Waiter waiter) implements OrderFact {}

    /**
     * The order stays cancelled, and the money of this payment goes back.
     *
     * @param endedAt the order's end from now on
     */
    record RefundStarted(@Nullable String paymentId, Instant endedAt) implements OrderFact {}
}
