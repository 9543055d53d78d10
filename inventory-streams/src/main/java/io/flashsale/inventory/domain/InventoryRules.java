package io.flashsale.inventory.domain;

import io.flashsale.contracts.HoldCommand.ExtendHold;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldCommand.ReleaseHold;
import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.BackInStock;
import io.flashsale.contracts.InventoryEvent.HoldExpired;
import io.flashsale.contracts.InventoryEvent.HoldExtended;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.InventoryEvent.HoldRedeemed;
import io.flashsale.contracts.InventoryEvent.HoldRejected;
import io.flashsale.contracts.InventoryEvent.HoldReleased;
import io.flashsale.contracts.InventoryEvent.LowStock;
import io.flashsale.contracts.InventoryEvent.ProductDefined;
import io.flashsale.contracts.InventoryEvent.ReacquireRefused;
import io.flashsale.contracts.InventoryEvent.RedeemRejected;
import io.flashsale.contracts.InventoryEvent.SoldOut;
import io.flashsale.contracts.InventoryEvent.StockAdjusted;
import io.flashsale.contracts.InventoryEvent.StockReacquired;
import io.flashsale.contracts.InventoryEvent.StockReturned;
import io.flashsale.contracts.InventoryEvent.StockSold;
import io.flashsale.contracts.InventoryInput;
import io.flashsale.contracts.InventoryTick.ExpireHold;
import io.flashsale.contracts.InventoryTick.SweepInventory;
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderEvent.LatePaymentReceived;
import io.flashsale.contracts.OrderEvent.OrderCancelled;
import io.flashsale.contracts.OrderEvent.OrderCreated;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.contracts.OrderEvent.PaymentMismatched;
import io.flashsale.contracts.OrderEvent.PaymentUnmatched;
import io.flashsale.contracts.OrderEvent.RefundRequired;
import io.flashsale.contracts.ProductCommand.AdjustStock;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides what happens to stock and holds. All decisions on one product are taken one after the other, in the order of
 * its log; {@code time} is always the input's own log time (its record's timestamp), never a clock.
 */
public final class InventoryRules {

    private final InventoryDefaults defaults;

    public InventoryRules(InventoryDefaults defaults) {
        this.defaults = defaults;
    }

    /** What follows from an input. Total: every input has an answer, none throws. */
    public Decision decide(InventoryState state, InventoryInput input, Instant time) {
        return switch (input) {
            case DefineProduct command -> ProductRules.define(state, command, defaults, time);
            case AdjustStock ignored -> Decision.nothing();
            case PlaceHold command -> HoldRules.place(state, command, time);
            case ReleaseHold ignored -> Decision.nothing();
            case ExtendHold ignored -> Decision.nothing();
            case CreateOrder command -> OrderStockRules.createOrder(state, command, time);
            case CancelOrder ignored -> Decision.nothing();
            case ExpireHold tick -> HoldRules.expire(state, tick, time);
            case SweepInventory ignored -> Decision.nothing();
            case OrderPaid event -> OrderStockRules.sell(state, event);
            case OrderCancelled event -> OrderStockRules.giveBack(state, event);
            case LatePaymentReceived event -> OrderStockRules.takeAgain(state, event);
            case OrderCreated ignored -> Decision.nothing();
            case RefundRequired ignored -> Decision.nothing();
            case PaymentUnmatched ignored -> Decision.nothing();
            case PaymentMismatched ignored -> Decision.nothing();
        };
    }

    /** The state after an event of this log time. */
    public InventoryState apply(InventoryState state, InventoryEvent event, Instant time) {
        return switch (event) {
            case ProductDefined e -> state.with(Product.defined(state.product(), e, time));
            case HoldPlaced e ->
                state.with(product(state).moved(stock -> stock.hold(e.quantity()), 1, time))
                        .with(Hold.placed(e));
            case HoldRejected e ->
                state.with(new HoldRecord.Refused(e.holdId(), e.quantity(), e.customerId(), e.refusal()));
            case HoldExpired e ->
                state.with(product(state).moved(stock -> stock.expire(e.quantity()), -1, time))
                        .with(hold(state).at(Hold.Stage.EXPIRED));
            case HoldRedeemed e ->
                remember(
                        state.with(product(state).moved(stock -> stock.redeem(e.quantity()), -1, time))
                                .with(hold(state).at(Hold.Stage.PENDING)),
                        e.idempotencyKey(),
                        new OrderRequest(e.holdId(), null));
            case RedeemRejected e ->
                e.repeated() ? state : remember(state, e.idempotencyKey(), new OrderRequest(e.holdId(), e.refusal()));
            case StockSold e ->
                state.with(product(state).moved(stock -> stock.sell(e.quantity()), 0, time))
                        .with(hold(state).at(Hold.Stage.SOLD));
            case StockReturned e ->
                state.with(product(state).moved(stock -> stock.giveBack(e.quantity()), 0, time))
                        .with(hold(state).at(Hold.Stage.RETURNED));
            case StockReacquired e ->
                state.with(product(state).moved(stock -> stock.takeAgain(e.quantity()), 0, time))
                        .with(hold(state).at(Hold.Stage.PENDING));
            case ReacquireRefused ignored -> state;
            case StockAdjusted ignored -> state;
            case HoldReleased ignored -> state;
            case HoldExtended ignored -> state;
            case SoldOut ignored -> state;
            case LowStock ignored -> state;
            case BackInStock ignored -> state;
        };
    }

    private static InventoryState remember(
            InventoryState state, @Nullable String idempotencyKey, OrderRequest request) {
        return idempotencyKey == null ? state : state.with(request);
    }

    private static Product product(InventoryState state) {
        return Objects.requireNonNull(state.product(), "an event moves stock of a product that is not there");
    }

    private static Hold hold(InventoryState state) {
        if (state.hold() instanceof Hold hold) {
            return hold;
        }
        throw new IllegalStateException("An event is about a hold that is not there");
    }
}
