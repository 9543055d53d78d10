package io.flashsale.contracts;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
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
            Instant definedAt,
            @JsonUnwrapped SaleRules rules)
            implements InventoryEvent {}

    /**
     * Available became more or less.
     *
     * @param delta units, negative if they became less
     * @param totalStock units there are now
     */
    record StockAdjusted(
            String productId,
            int delta,
            String reason,
            int totalStock,
            @Nullable String idempotencyKey,
            Instant adjustedAt)
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

    /** Held became available: somebody gave it back. */
    record HoldReleased(String productId, String holdId, int quantity, Instant releasedAt) implements InventoryEvent {}

    /**
     * A hold lasts longer than before.
     *
     * @param seconds by which it lasts longer
     * @param expiresAt until when it lasts now
     */
    record HoldExtended(
            String productId,
            String holdId,
            int seconds,
            Instant expiresAt,
            @Nullable String idempotencyKey,
            Instant extendedAt)
            implements InventoryEvent {}

    /** Held became available: nobody ordered in time. */
    record HoldExpired(String productId, String holdId, int quantity, Instant expiredAt) implements InventoryEvent {}

    /**
     * Held became pending: the hold is an order now. order-streams records it and answers the caller.
     *
     * @param paymentWindowSeconds the product's own, or null for the pipeline's default
     */
    record HoldRedeemed(
            String productId,
            String holdId,
            String orderId,
            int quantity,
            @Nullable String customerId,
            BigDecimal unitPrice,
            String currency,
            Instant redeemedAt,
            @Nullable Integer paymentWindowSeconds,
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

    /** Nothing is available any more. */
    record SoldOut(String productId, Instant soldOutAt) implements InventoryEvent {}

    /** As few units are available as the product calls low, or fewer, though not none. */
    record LowStock(String productId, int available, int threshold, Instant lowSince) implements InventoryEvent {}

    /** Something is available again after nothing was. */
    record BackInStock(String productId, int available, Instant backAt) implements InventoryEvent {}
}
