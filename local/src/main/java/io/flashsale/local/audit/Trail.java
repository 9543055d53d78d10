package io.flashsale.local.audit;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What both applications said of one hold and its order, as facts that do not depend on which of the two topics was read
 * first: only within one topic is the order of events certain.
 */
final class Trail {

    /** Where the units are, as the inventory says. */
    enum Stage {
        /** Only the orders have spoken of it yet, or its beginning is deleted. */
        UNSEEN,
        HELD,
        RELEASED,
        EXPIRED,
        PENDING,
        SOLD,
        RETURNED
    }

    private static final int QUANTITY_BITS = 20;
    private static final int STAGE_BITS = 3;
    private static final Stage[] STAGES = Stage.values();

    /** 0 while nobody said it. */
    int quantity;

    Stage stage = Stage.UNSEEN;

    /** Facts of the inventory. */
    boolean reacquired;

    int reacquireAnswers;
    int reacquireRefusals;

    /** Facts of the orders. */
    boolean created;

    boolean paid;
    boolean cancelled;
    boolean refunded;
    int latePayments;

    /** Details that matter only while it is under way. */
    @Nullable
    Instant expiresAt;

    @Nullable
    Instant paymentDueAt;

    @Nullable
    BigDecimal unitPrice;

    /** Its last events, for the person who looks for the reason. */
    @Nullable
    Position lastOfInventory;

    @Nullable
    Position lastOfOrders;

    /** What was suspicious at the end of the last round, and whether it was reported. */
    @Nullable
    String suspicion;

    boolean condemned;

    /** The facts alone, in one number that is never 0. */
    int packed() {
        int flags = bit(reacquired, 0) | bit(created, 1) | bit(paid, 2) | bit(cancelled, 3) | bit(refunded, 4);
        return 1 << 31
                | (flags << STAGE_BITS | stage.ordinal()) << QUANTITY_BITS
                | quantity & ((1 << QUANTITY_BITS) - 1);
    }

    static Trail unpacked(int packed) {
        Trail trail = new Trail();
        trail.quantity = packed & ((1 << QUANTITY_BITS) - 1);
        trail.stage = STAGES[packed >>> QUANTITY_BITS & ((1 << STAGE_BITS) - 1)];
        int flags = packed >>> QUANTITY_BITS + STAGE_BITS;
        trail.reacquired = (flags & 1) != 0;
        trail.created = (flags & 2) != 0;
        trail.paid = (flags & 4) != 0;
        trail.cancelled = (flags & 8) != 0;
        trail.refunded = (flags & 16) != 0;
        return trail;
    }

    private static int bit(boolean set, int number) {
        return set ? 1 << number : 0;
    }

    /** In words, for sentences: "which is released". */
    String state() {
        return switch (stage) {
            case UNSEEN -> "unknown";
            case HELD -> "active";
            case RELEASED -> "released";
            case EXPIRED -> "expired";
            case PENDING -> "redeemed";
            case SOLD -> "redeemed and sold";
            case RETURNED -> "redeemed and returned";
        };
    }

    /** The order in words. */
    String orderState() {
        if (paid) {
            return "paid";
        }
        if (cancelled) {
            return latePayments > 0 ? "cancelled and paid late" : "cancelled";
        }
        return created ? "unpaid" : "unknown";
    }

    /**
     * What one application owes the other.
     *
     * @param event the last one of the application whose event shows it
     */
    record Debt(String what, @Nullable Position event) {}

    /** Something that can only follow from what the other application has not said, or null. */
    @Nullable
    Debt withoutCause(Coverage coverage) {
        String ofInventory = coverage.orders() ? inventoryWithoutCause() : null;
        if (ofInventory != null) {
            return new Debt(ofInventory, lastOfInventory);
        }
        String ofOrders = coverage.inventory() ? ordersWithoutCause() : null;
        return ofOrders == null ? null : new Debt(ofOrders, lastOfOrders);
    }

    private @Nullable String inventoryWithoutCause() {
        if (stage == Stage.SOLD && !paid) {
            return "StockSold without OrderPaid";
        }
        if ((stage == Stage.RETURNED || reacquired) && !cancelled) {
            return "StockReturned without OrderCancelled";
        }
        return reacquireAnswers > latePayments ? "a late payment's answer without LatePaymentReceived" : null;
    }

    private @Nullable String ordersWithoutCause() {
        if (created && isBefore(Stage.PENDING)) {
            return "OrderCreated without HoldRedeemed";
        }
        return paid && cancelled && !reacquired ? "OrderPaid after OrderCancelled without StockReacquired" : null;
    }

    /** What the other application has still to do, or null. */
    @Nullable
    Debt unfollowed(Coverage coverage) {
        String ofInventory = coverage.orders() ? inventoryUnfollowed() : null;
        if (ofInventory != null) {
            return new Debt(ofInventory, lastOfInventory);
        }
        String ofOrders = coverage.inventory() ? ordersUnfollowed() : null;
        return ofOrders == null ? null : new Debt(ofOrders, lastOfOrders);
    }

    private @Nullable String inventoryUnfollowed() {
        if (stage == Stage.PENDING && !created) {
            return "HoldRedeemed was not followed by OrderCreated";
        }
        if (stage == Stage.PENDING && reacquired && !paid) {
            return "StockReacquired was not followed by OrderPaid";
        }
        return reacquireRefusals > 0 && !refunded ? "ReacquireRefused was not followed by RefundRequired" : null;
    }

    private @Nullable String ordersUnfollowed() {
        if (paid && stage == Stage.PENDING) {
            return "OrderPaid was not followed by StockSold";
        }
        if (cancelled && stage == Stage.PENDING && !reacquired) {
            return "OrderCancelled was not followed by StockReturned";
        }
        return latePayments > reacquireAnswers
                ? "LatePaymentReceived was not followed by StockReacquired or ReacquireRefused"
                : null;
    }

    /** Whether only the facts need to be remembered. */
    boolean isSettled(Coverage coverage) {
        boolean inventoryRests = isEnded() || (stage == Stage.UNSEEN && !coverage.inventory() && (paid || cancelled));
        boolean ordersRest = !created || paid || cancelled;
        return inventoryRests && ordersRest && withoutCause(coverage) == null && unfollowed(coverage) == null;
    }

    boolean isEnded() {
        return switch (stage) {
            case UNSEEN, HELD, PENDING -> false;
            case RELEASED, EXPIRED, SOLD, RETURNED -> true;
        };
    }

    /** Whether the hold became an order. */
    boolean isRedeemed() {
        return !isBefore(Stage.PENDING);
    }

    private boolean isBefore(Stage other) {
        return stage.ordinal() < other.ordinal();
    }
}
