package io.flashsale.inventory.domain;

import io.flashsale.contracts.HoldStatus;
import io.flashsale.contracts.HoldView;
import io.flashsale.contracts.InventoryEvent.HoldExtended;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A hold, and after its redemption the stock of the order it became.
 *
 * @param unitPrice the product's price when the hold was placed
 * @param expiresAt with all extensions
 */
public record Hold(
        String holdId,
        int quantity,
        @Nullable String customerId,
        BigDecimal unitPrice,
        String currency,
        Instant placedAt,
        Instant expiresAt,
        Stage stage,
        Extensions extensions,
        @Nullable Instant keptUntil)
        implements HoldRecord {

    /** A hold that was stored before holds could be extended was not. */
    public Hold {
        extensions = Objects.requireNonNullElse(extensions, Extensions.NONE);
    }

    /** Where the hold's units are. */
    public enum Stage {
        /** In the hold. */
        HELD,
        /** Back, because somebody gave them back. */
        RELEASED,
        /** Back, because nobody ordered in time. */
        EXPIRED,
        /** In an unpaid order. */
        PENDING,
        /** In a paid order. */
        SOLD,
        /** Back, because the order was cancelled. */
        RETURNED
    }

    /**
     * By how much a hold was extended so far.
     *
     * @param number how often
     * @param totalSeconds by all of them together
     * @param lastSeconds by the last of them
     */
    public record Extensions(int number, int totalSeconds, int lastSeconds) {

        static final Extensions NONE = new Extensions(0, 0, 0);

        Extensions and(int seconds) {
            return new Extensions(number + 1, totalSeconds + seconds, seconds);
        }
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
                Stage.HELD,
                Extensions.NONE,
                null);
    }

    Hold extended(HoldExtended event) {
        return new Hold(
                holdId,
                quantity,
                customerId,
                unitPrice,
                currency,
                placedAt,
                event.expiresAt(),
                stage,
                extensions.and(event.seconds()),
                keptUntil);
    }

    /** There may be more to decide on it. */
    Hold at(Stage next) {
        return at(next, null);
    }

    /** This is the end of it, unless a late payment takes its units again. */
    Hold endedAs(Stage end, Instant keptUntil) {
        return at(end, keptUntil);
    }

    private Hold at(Stage next, @Nullable Instant keptUntil) {
        return new Hold(
                holdId, quantity, customerId, unitPrice, currency, placedAt, expiresAt, next, extensions, keptUntil);
    }

    /** Whether its units are still in the hold and a command of this log time comes too late for it. */
    boolean isOverdueAt(Instant time) {
        return stage == Stage.HELD && !time.isBefore(expiresAt);
    }

    /** All extensions together may last as long as the hold itself. */
    int extensionSecondsLeft() {
        return secondsUntil(firstExpiresAt()) - extensions.totalSeconds();
    }

    /** Whether the last extension is what a request for {@code seconds}, or for all it may get, was given. */
    boolean wasLastExtendedBy(@Nullable Integer seconds) {
        int allowedThen = extensionSecondsLeft() + extensions.lastSeconds();
        return extensions.number() > 0 && extensions.lastSeconds() == (seconds == null ? allowedThen : seconds);
    }

    /** The answer to the request that placed it, whatever became of it since. */
    HoldView toAnswer(String productId) {
        return toView(productId, HoldStatus.ACTIVE, firstExpiresAt());
    }

    /** This hold as callers see it now. */
    public HoldView toView(String productId) {
        return toView(
                productId,
                switch (stage) {
                    case HELD -> HoldStatus.ACTIVE;
                    case RELEASED -> HoldStatus.RELEASED;
                    case EXPIRED -> HoldStatus.EXPIRED;
                    case PENDING, SOLD, RETURNED -> HoldStatus.REDEEMED;
                },
                expiresAt);
    }

    private HoldView toView(String productId, HoldStatus status, Instant until) {
        return new HoldView(holdId, productId, quantity, status, until, secondsUntil(until));
    }

    private Instant firstExpiresAt() {
        return expiresAt.minusSeconds(extensions.totalSeconds());
    }

    private int secondsUntil(Instant until) {
        return (int) Duration.between(placedAt, until).toSeconds();
    }
}
