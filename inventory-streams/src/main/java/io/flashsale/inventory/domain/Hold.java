package io.flashsale.inventory.domain;

import io.flashsale.contracts.HoldStatus;
import io.flashsale.contracts.HoldView;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A hold, and after its redemption the stock of the order it became.
 *
 * @param unitPrice the product's price when the hold was placed
 */
public record Hold(
        String holdId,
        int quantity,
        @Nullable String customerId,
        BigDecimal unitPrice,
        String currency,
        Instant placedAt,
        Instant expiresAt,
        Stage stage)
        implements HoldRecord {

    /** Where the hold's units are. */
    public enum Stage {
        /** In the hold. */
        HELD,
        /** Back, because nobody ordered in time. */
        EXPIRED,
        /** In an unpaid order. */
        PENDING,
        /** In a paid order. */
        SOLD,
        /** Back, because the order was cancelled. */
        RETURNED
    }

    static Hold placed(HoldPlaced event) {
        return new Hold(
                event.holdId(),
                event.quantity(),
                event.customerId(),
                event.unitPrice(),
                event.currency(),
                event.placedAt(),
                event.expiresAt(),
                Stage.HELD);
    }

    Hold at(Stage next) {
        return new Hold(holdId, quantity, customerId, unitPrice, currency, placedAt, expiresAt, next);
    }

    /** Whether its units are still in the hold and a command of this log time comes too late for it. */
    boolean isOverdueAt(Instant time) {
        return stage == Stage.HELD && !time.isBefore(expiresAt);
    }

    /** The answer to the request that placed it, whatever became of it since. */
    HoldView toAnswer(String productId) {
        return toView(productId, HoldStatus.ACTIVE);
    }

    /** This hold as callers see it now. */
    public HoldView toView(String productId) {
        return toView(
                productId,
                switch (stage) {
                    case HELD -> HoldStatus.ACTIVE;
                    case EXPIRED -> HoldStatus.EXPIRED;
                    case PENDING, SOLD, RETURNED -> HoldStatus.REDEEMED;
                });
    }

    private HoldView toView(String productId, HoldStatus status) {
        return new HoldView(
                holdId,
                productId,
                quantity,
                status,
                expiresAt,
                Duration.between(placedAt, expiresAt).toSeconds());
    }
}
