package io.flashsale.contracts;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * A decision for the HTTP caller that waits for it, sent through the topic {@code replies} in the decision's own
 * transaction: whoever reads it with {@code read_committed} reads something that is never undone.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface Reply {

    /** The request was decided before, and this is the recorded answer. */
    boolean replayed();

    /** @param created the product is new */
    record ProductAnswer(ProductView product, boolean created, boolean replayed) implements Reply {}

    record HoldAnswer(HoldView hold, boolean replayed) implements Reply {}

    record OrderAnswer(OrderView order, boolean replayed) implements Reply {}

    /**
     * The answer to a payment webhook.
     *
     * @param status {@code awaiting_order}, or the order's status
     * @param refundRequired true when a payment of the cancelled order has to go back
     * @param code {@code payment-mismatch} if the payment is not what the order costs, {@code duplicate-payment} if the
     *     money was taken twice
     */
    record PaymentAnswer(
            String orderId,
            PaymentStatus status,
            @Nullable CancelReason cancelReason,
            @Nullable Boolean refundRequired,
            @Nullable String code,
            boolean replayed)
            implements Reply {

        /** The same answer, marked as a recorded one. */
        public PaymentAnswer asReplayed() {
            return new PaymentAnswer(orderId, status, cancelReason, refundRequired, code, true);
        }
    }

    record Refused(Refusal refusal, boolean replayed) implements Reply {}
}
