package io.flashsale.inventory.domain;

import static io.flashsale.contracts.RefusalCode.IDEMPOTENCY_KEY_REUSED;

import io.flashsale.contracts.HoldCommand.ExtendHold;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldCommand.ReleaseHold;
import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.HoldExpired;
import io.flashsale.contracts.InventoryEvent.HoldExtended;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.InventoryEvent.HoldRejected;
import io.flashsale.contracts.InventoryEvent.HoldReleased;
import io.flashsale.contracts.InventoryTick.ExpireHold;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.SaleRules;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What becomes of a hold as long as it is one. */
final class HoldRules {

    private HoldRules() {}

    static Decision place(InventoryState state, PlaceHold command, Instant time) {
        HoldRecord known = state.hold();
        if (known != null) {
            return placeAgain(known, command);
        }
        Product product = state.product();
        if (product == null) {
            return refuse(command, ProductRules.notFound(command.productId()));
        }
        Refusal refusal = refusalOf(product, state.customerUnits(), command, time);
        if (refusal != null) {
            return refuse(command, refusal);
        }
        HoldPlaced event = new HoldPlaced(
                command.productId(),
                command.holdId(),
                command.quantity(),
                command.customerId(),
                product.price(),
                product.currency(),
                time,
                time.plusSeconds(product.holdTtlSeconds()));
        return Decision.of(event, new Reply.HoldAnswer(Hold.placed(event).toAnswer(command.productId()), false));
    }

    /** In the order of what a customer can do least about: the sale, the request, the stock. */
    private static @Nullable Refusal refusalOf(Product product, int customerUnits, PlaceHold command, Instant time) {
        SaleRules rules = product.rules();
        if (rules.isBeforeSale(time) || rules.isAfterSale(time)) {
            return Refusal.saleNotOpen(rules, time);
        }
        Integer perCustomer = rules.maxPerCustomer();
        if (perCustomer != null && command.customerId() == null) {
            return Refusal.missing(
                    "customer_id",
                    "Expected a customer_id, because a customer may have at most " + perCustomer
                            + " units, but there is none.");
        }
        Integer perHold = rules.maxQuantityPerHold();
        if (perHold != null && command.quantity() > perHold) {
            return Refusal.limitExceeded(
                    perHold, "Expected at most " + perHold + " units in a hold, but got " + command.quantity() + ".");
        }
        if (perCustomer != null && customerUnits + command.quantity() > perCustomer) {
            return Refusal.limitExceeded(
                    perCustomer,
                    "Expected at most " + perCustomer + " units of one customer, who has " + customerUnits
                            + ", but got " + command.quantity() + " more.");
        }
        int available = product.stock().available();
        return available < command.quantity() ? Refusal.insufficientStock(command.quantity(), available) : null;
    }

    /** The same hold id again: a repeated request, or another one that took the first one's key. */
    private static Decision placeAgain(HoldRecord known, PlaceHold command) {
        if (!known.isSameRequest(command.quantity(), command.customerId())) {
            return Decision.refused(Refusal.of(
                    IDEMPOTENCY_KEY_REUSED,
                    "Expected the request this key was first used with, but quantity or customer differ."));
        }
        return switch (known) {
            case Hold hold -> Decision.answered(new Reply.HoldAnswer(hold.toAnswer(command.productId()), true));
            case HoldRecord.Refused refused -> Decision.answered(new Reply.Refused(refused.refusal(), true));
        };
    }

    private static Decision refuse(PlaceHold command, Refusal refusal) {
        return Decision.of(
                new HoldRejected(
                        command.productId(), command.holdId(), command.quantity(), command.customerId(), refusal),
                new Reply.Refused(refusal, false));
    }

    /** A hold that is over anyway is no refusal: its stock is back, which is what was asked for. */
    static Decision release(InventoryState state, ReleaseHold command, Instant time) {
        if (!(state.hold() instanceof Hold hold)) {
            return Decision.refused(HoldRefusals.notFound(command.holdId()));
        }
        return switch (hold.stage()) {
            case HELD -> hold.isOverdueAt(time) ? giveBackExpired(hold, command, time) : giveBack(hold, command, time);
            case RELEASED, EXPIRED -> shown(hold, command.productId(), true);
            case PENDING, SOLD, RETURNED -> Decision.refused(HoldRefusals.alreadyUsed(hold));
        };
    }

    private static Decision giveBack(Hold hold, ReleaseHold command, Instant time) {
        return shown(hold.at(Hold.Stage.RELEASED), command.productId(), false)
                .because(new HoldReleased(command.productId(), hold.holdId(), hold.quantity(), time));
    }

    private static Decision giveBackExpired(Hold hold, ReleaseHold command, Instant time) {
        return shown(hold.at(Hold.Stage.EXPIRED), command.productId(), false)
                .because(expired(hold, command.productId(), time));
    }

    static Decision extend(InventoryState state, ExtendHold command, int maxExtensions, Instant time) {
        if (command.idempotencyKey() != null && state.request() instanceof RequestRecord.Extended known) {
            return extendAgain(known, command);
        }
        if (!(state.hold() instanceof Hold hold)) {
            return Decision.refused(HoldRefusals.notFound(command.holdId()));
        }
        return switch (hold.stage()) {
            case HELD ->
                hold.isOverdueAt(time)
                        ? expireInsteadOfExtend(hold, command, time)
                        : extend(hold, command, maxExtensions, time);
            case EXPIRED -> Decision.refused(HoldRefusals.expired(hold));
            case RELEASED -> Decision.refused(HoldRefusals.released(hold));
            case PENDING, SOLD, RETURNED -> Decision.refused(HoldRefusals.alreadyUsed(hold));
        };
    }

    private static Decision extend(Hold hold, ExtendHold command, int maxExtensions, Instant time) {
        if (hold.extensions().number() >= maxExtensions) {
            return isLastOneAgain(hold, command)
                    ? shown(hold, command.productId(), true)
                    : tooManyExtensions(maxExtensions);
        }
        int allowed = hold.extensionSecondsLeft();
        int seconds = command.seconds() == null ? allowed : command.seconds();
        if (seconds > allowed || allowed == 0) {
            return Decision.refused(Refusal.limitExceeded(
                    allowed, "Expected at most " + allowed + " seconds, which this hold may be extended by in total."));
        }
        HoldExtended event = new HoldExtended(
                command.productId(),
                hold.holdId(),
                seconds,
                hold.expiresAt().plusSeconds(seconds),
                command.idempotencyKey(),
                time);
        return shown(hold.extended(event), command.productId(), false).because(event);
    }

    /** Without a key, a request for what was done last and cannot be done again is that request again. */
    private static boolean isLastOneAgain(Hold hold, ExtendHold command) {
        return command.idempotencyKey() == null && hold.wasLastExtendedBy(command.seconds());
    }

    private static Decision tooManyExtensions(int maxExtensions) {
        return Decision.refused(Refusal.limitExceeded(
                maxExtensions,
                "Expected at most " + maxExtensions + " extensions of a hold, but this would be one more."));
    }

    /** The same idempotency key again. */
    private static Decision extendAgain(RequestRecord.Extended known, ExtendHold command) {
        return known.isSameRequest(command.holdId(), command.seconds())
                ? Decision.answered(new Reply.HoldAnswer(known.answer(), true))
                : Decision.refused(Refusal.of(
                        IDEMPOTENCY_KEY_REUSED,
                        "Expected the request this key was first used with, but hold or seconds differ."));
    }

    private static Decision expireInsteadOfExtend(Hold hold, ExtendHold command, Instant time) {
        return Decision.refused(HoldRefusals.expired(hold)).because(expired(hold, command.productId(), time));
    }

    static Decision expire(InventoryState state, ExpireHold tick, Instant time) {
        return state.hold() instanceof Hold hold && hold.isOverdueAt(time)
                ? Decision.of(expired(hold, tick.productId(), time))
                : Decision.nothing();
    }

    static InventoryEvent expired(Hold hold, String productId, Instant time) {
        return new HoldExpired(productId, hold.holdId(), hold.quantity(), time);
    }

    private static Decision shown(Hold hold, String productId, boolean replayed) {
        return Decision.answered(new Reply.HoldAnswer(hold.toView(productId), replayed));
    }
}
