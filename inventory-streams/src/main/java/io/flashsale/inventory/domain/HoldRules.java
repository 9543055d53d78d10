package io.flashsale.inventory.domain;

import static io.flashsale.contracts.RefusalCode.IDEMPOTENCY_KEY_REUSED;
import static io.flashsale.contracts.RefusalCode.PRODUCT_NOT_FOUND;

import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.InventoryEvent.HoldExpired;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.InventoryEvent.HoldRejected;
import io.flashsale.contracts.InventoryTick.ExpireHold;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.Reply;
import java.time.Instant;

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
            return refuse(
                    command,
                    Refusal.of(PRODUCT_NOT_FOUND, "Expected a product, but there is no " + command.productId() + "."));
        }
        int available = product.stock().available();
        if (available < command.quantity()) {
            return refuse(command, Refusal.insufficientStock(command.quantity(), available));
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

    static Decision expire(InventoryState state, ExpireHold tick, Instant time) {
        return state.hold() instanceof Hold hold && hold.isOverdueAt(time)
                ? Decision.of(new HoldExpired(tick.productId(), hold.holdId(), hold.quantity(), time))
                : Decision.nothing();
    }
}
