package io.flashsale.contracts;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An order as reads and replies show it.
 *
 * @param quantity units
 * @param unitPrice the price when the hold was placed
 * @param amount {@code unit_price × quantity}, in {@code currency}
 * @param paymentDueAt a payment appended to Kafka before this instant is in time
 * @param cancelReason with status {@code cancelled}
 * @param refundRequired true when a payment of the cancelled order has to go back
 */
public record OrderView(
        String orderId,
        String holdId,
        String productId,
        int quantity,
        BigDecimal unitPrice,
        BigDecimal amount,
        String currency,
        OrderStatus status,
        Instant paymentDueAt,
        @Nullable CancelReason cancelReason,
        @Nullable Boolean refundRequired) {}
