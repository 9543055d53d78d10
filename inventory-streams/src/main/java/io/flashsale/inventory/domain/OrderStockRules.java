package io.flashsale.inventory.domain;

import static io.flashsale.contracts.RefusalCode.IDEMPOTENCY_KEY_REUSED;

import io.flashsale.contracts.InventoryEvent.HoldRedeemed;
import io.flashsale.contracts.InventoryEvent.ReacquireRefused;
import io.flashsale.contracts.InventoryEvent.RedeemRejected;
import io.flashsale.contracts.InventoryEvent.StockReacquired;
import io.flashsale.contracts.InventoryEvent.StockReturned;
import io.flashsale.contracts.InventoryEvent.StockSold;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderEvent.LatePaymentReceived;
import io.flashsale.contracts.OrderEvent.OrderCancelled;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.Reply;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What becomes of the stock of a hold by its order. */
final class OrderStockRules {

    private OrderStockRules() {}

    static Decision createOrder(InventoryState state, CreateOrder command, Instant time) {
        if (command.idempotencyKey() != null && state.request() instanceof RequestRecord.Ordered known) {
            return createOrderAgain(known, command);
        }
        if (!(state.hold() instanceof Hold hold)) {
            return refuse(command, HoldRefusals.notFound(command.holdId()));
        }
        return switch (hold.stage()) {
            case HELD ->
                hold.isOverdueAt(time)
                        ? expireInsteadOfRedeem(hold, command, time)
                        : redeem(state.product(), hold, command, time);
            case RELEASED -> refuse(command, HoldRefusals.released(hold));
            case EXPIRED -> refuse(command, HoldRefusals.expired(hold));
            case PENDING, SOLD, RETURNED -> refuse(command, HoldRefusals.alreadyUsed(hold));
        };
    }

    /** The same idempotency key again. */
    private static Decision createOrderAgain(RequestRecord.Ordered known, CreateOrder command) {
        if (!known.holdId().equals(command.holdId())) {
            return Decision.refused(Refusal.of(
                    IDEMPOTENCY_KEY_REUSED, "Expected the hold this key was first used with, but got another one."));
        }
        Refusal refusal = known.refusal();
        if (refusal != null) {
            return Decision.answered(new Reply.Refused(refusal, true));
        }
        // Only order-streams knows the answer that was given: it goes there behind the event that made the order.
        return Decision.passedOn(new RedeemRejected(
                command.productId(),
                command.holdId(),
                Refusal.alreadyUsed(command.holdId(), OrderId.ofHold(command.holdId())),
                command.idempotencyKey(),
                true));
    }

    private static Decision redeem(@Nullable Product product, Hold hold, CreateOrder command, Instant time) {
        return Decision.passedOn(new HoldRedeemed(
                command.productId(),
                hold.holdId(),
                OrderId.ofHold(hold.holdId()),
                hold.quantity(),
                hold.customerId(),
                hold.unitPrice(),
                hold.currency(),
                time,
                product == null ? null : product.rules().paymentWindowSeconds(),
                command.idempotencyKey()));
    }

    /** A punctuator that is late must not let an expired hold through, nor a second command judge it otherwise. */
    private static Decision expireInsteadOfRedeem(Hold hold, CreateOrder command, Instant time) {
        Refusal refusal = HoldRefusals.expired(hold);
        return new Decision(
                List.of(HoldRules.expired(hold, command.productId(), time), rejected(command, refusal)),
                new Reply.Refused(refusal, false),
                false);
    }

    private static Decision refuse(CreateOrder command, Refusal refusal) {
        return Decision.of(rejected(command, refusal), new Reply.Refused(refusal, false));
    }

    private static RedeemRejected rejected(CreateOrder command, Refusal refusal) {
        return new RedeemRejected(command.productId(), command.holdId(), refusal, command.idempotencyKey(), false);
    }

    static Decision sell(InventoryState state, OrderPaid event) {
        return state.hold() instanceof Hold hold && hold.stage() == Hold.Stage.PENDING
                ? Decision.of(new StockSold(event.productId(), event.orderId(), hold.quantity()))
                : Decision.nothing();
    }

    /** An order returns its stock at most once: only from {@code PENDING}, and it leaves {@code PENDING} here. */
    static Decision giveBack(InventoryState state, OrderCancelled event) {
        return state.hold() instanceof Hold hold && hold.stage() == Hold.Stage.PENDING
                ? Decision.of(new StockReturned(event.productId(), event.orderId(), hold.quantity()))
                : Decision.nothing();
    }

    /** Always answered, because order-streams and its callers wait for it. */
    static Decision takeAgain(InventoryState state, LatePaymentReceived event) {
        int available = state.product() == null ? 0 : state.product().stock().available();
        boolean returned = state.hold() instanceof Hold hold && hold.stage() == Hold.Stage.RETURNED;
        return returned && available >= event.quantity()
                ? Decision.of(new StockReacquired(event.productId(), event.orderId(), event.quantity()))
                : Decision.of(new ReacquireRefused(event.productId(), event.orderId(), event.quantity(), available));
    }
}
