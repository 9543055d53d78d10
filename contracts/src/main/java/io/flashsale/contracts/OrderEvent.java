package io.flashsale.contracts;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Events of the topic {@code order-events}: what became of orders and payments. All instants are log time. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface OrderEvent extends InventoryInput {

    String orderId();

    /** An unpaid order exists. */
    record OrderCreated(
            String productId,
            String orderId,
            String holdId,
            int quantity,
            @Nullable String customerId,
            BigDecimal unitPrice,
            BigDecimal amount,
            String currency,
            Instant createdAt,
            Instant paymentDueAt)
            implements OrderEvent {}

    /** The order is paid and its stock is there: it may be shipped. */
    record OrderPaid(
            String productId,
            String orderId,
            int quantity,
            @Nullable String paymentId,
            Instant paidAt) implements OrderEvent {}

    /** The order ended unpaid; the inventory returns its stock. */
    record OrderCancelled(String productId, String orderId, int quantity, CancelReason reason, Instant cancelledAt)
            implements OrderEvent {}

    /** A cancelled order was paid after all; the inventory tries to take its stock again. */
    record LatePaymentReceived(
            String productId,
            String orderId,
            int quantity,
            @Nullable String paymentId,
            Instant receivedAt) implements OrderEvent {}

    /** Money was taken for what cannot be delivered, or twice for the same: it must go back. */
    record RefundRequired(
            String productId, String orderId, @Nullable String paymentId, BigDecimal amount, String currency)
            implements OrderEvent {}

    /**
     * A payment whose order never came.
     *
     * @param succeeded whether money was taken
     */
    record PaymentUnmatched(
            String productId,
            String orderId,
            boolean succeeded,
            @Nullable String paymentId,
            @Nullable BigDecimal amount,
            @Nullable String currency)
            implements OrderEvent {}

    /** A payment that is not what the order costs: for a person to look at. */
    record PaymentMismatched(
            String productId,
            String orderId,
            @Nullable String paymentId,
            BigDecimal expectedAmount,
            String expectedCurrency,
            @Nullable BigDecimal amount,
            @Nullable String currency)
            implements OrderEvent {}
}
