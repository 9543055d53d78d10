package io.flashsale.contracts;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Events of the topic {@code inventory-events}: what the inventory decided, in the order it decided. Every change of a
 * product's stock is one of them, so the stock can be rebuilt from this topic alone. All instants are log time.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface InventoryEvent extends OrderInput {

    /** A product exists with these properties from now on. */
    record ProductDefined(
            String productId,
            String name,
            BigDecimal price,
            String currency,
            int totalStock,
            int holdTtlSeconds,
            Instant definedAt)
            implements InventoryEvent {}

    /** Available became held. The hold keeps the price of this moment. */
    record HoldPlaced(
            String productId,
            String holdId,
            int quantity,
            @Nullable String customerId,
            BigDecimal unitPrice,
            String currency,
            Instant placedAt,
            Instant expiresAt)
            implements InventoryEvent {}

    /** A hold was refused; nothing changed. */
    record HoldRejected(
            String productId,
            String holdId,
            int quantity,
            @Nullable String customerId,
            Refusal refusal) implements InventoryEvent {}

    /** Held became available: nobody ordered in time. */
    record HoldExpired(String productId, String holdId, int quantity, Instant expiredAt) implements InventoryEvent {}

    /** Held became pending: the hold is an order now. order-streams records it and answers the caller. */
    record HoldRedeemed(
            String productId,
            String holdId,
            String orderId,
            int quantity,
            @Nullable String customerId,
            BigDecimal unitPrice,
            String currency,
            Instant redeemedAt,
            @Nullable String idempotencyKey)
            implements InventoryEvent {}

    /**
     * An order was refused, or was asked for again; nothing changed.
     *
     * @param repeated the same request, by its idempotency key, already made the order: order-streams answers as the
     *     first time
     */
    record RedeemRejected(
            String productId,
            String holdId,
            Refusal refusal,
            @Nullable String idempotencyKey,
            boolean repeated) implements InventoryEvent {}

    /** Pending became sold: the order is paid. */
    record StockSold(String productId, String orderId, int quantity) implements InventoryEvent {}

    /** Pending became available: the order was cancelled. */
    record StockReturned(String productId, String orderId, int quantity) implements InventoryEvent {}

    /** Available became pending once more: a late payment found its stock still there. */
    record StockReacquired(String productId, String orderId, int quantity) implements InventoryEvent {}

    /** A late payment found its stock gone; nothing changed. */
    record ReacquireRefused(String productId, String orderId, int quantity, int available) implements InventoryEvent {}
}
