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
    private final InventoryTerms terms;

    public InventoryRules(InventoryDefaults defaults, InventoryTerms terms) {
        this.defaults = defaults;
        this.terms = terms;
    }

    /** What follows from an input, and the state after it. Total: every input has an answer, none throws. */
    public Decision decide(InventoryState state, InventoryInput input, Instant time) {
        Decision decision = decideOnInput(state, input, time);
        InventoryState after = state;
        for (InventoryEvent event : decision.events()) {
            after = apply(after, event, time);
        }
        Product before = state.product();
        // Signals say what others want to hear of the state; they do not change it.
        return before == null || before == after.product()
                ? decision.leadingTo(after)
                : decision.leadingTo(after).followedBy(StockSignals.between(before, product(after), time));
    }

    /**
     * What is left of the state of one hold or one request at this log time: what was kept long enough is gone.
     */
    public InventoryState forget(InventoryState state, Instant time) {
        return RetentionRules.forget(state, time);
    }

    private Decision decideOnInput(InventoryState state, InventoryInput input, Instant time) {
        return switch (input) {
            case DefineProduct command -> ProductRules.define(state, command, defaults, time);
            case AdjustStock command -> ProductRules.adjust(state, command, time);
            case PlaceHold command -> HoldRules.place(state, command, time);
            case ReleaseHold command -> HoldRules.release(state, command, time);
            case ExtendHold command -> HoldRules.extend(state, command, terms.maxExtensions(), time);
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
            case StockAdjusted e -> adjusted(state, e, time);
            case HoldPlaced e ->
                state.with(product(state).moved(stock -> stock.hold(e.quantity()), 1, time))
                        .with(Hold.placed(e))
                        .withUnitsOf(e.customerId(), e.quantity());
            case HoldRejected e ->
                state.with(new HoldRecord.Refused(
                        e.holdId(), e.quantity(), e.customerId(), e.refusal(), terms.endOfRequest(time)));
            case HoldExtended e -> extended(state, e, time);
            case HoldReleased e -> letGo(state, Hold.Stage.RELEASED, e.quantity(), time);
            case HoldExpired e -> letGo(state, Hold.Stage.EXPIRED, e.quantity(), time);
            case HoldRedeemed e ->
                remember(
                        state.with(product(state).moved(stock -> stock.redeem(e.quantity()), -1, time))
                                .with(hold(state).at(Hold.Stage.PENDING)),
                        e.idempotencyKey(),
                        new RequestRecord.Ordered(e.holdId(), null, terms.endOfRequest(time)));
            case RedeemRejected e ->
                e.repeated()
                        ? state
                        : remember(
                                state,
                                e.idempotencyKey(),
                                new RequestRecord.Ordered(e.holdId(), e.refusal(), terms.endOfRequest(time)));
            case StockSold e ->
                state.with(product(state).moved(stock -> stock.sell(e.quantity()), 0, time))
                        .with(hold(state).endedAs(Hold.Stage.SOLD, terms.endOfOrder(time)));
            case StockReturned e -> returned(state, e, time);
            case StockReacquired e ->
                state.with(product(state).moved(stock -> stock.takeAgain(e.quantity()), 0, time))
                        .with(hold(state).at(Hold.Stage.PENDING))
                        .withUnitsOf(hold(state).customerId(), e.quantity());
            case ReacquireRefused ignored -> keptAnew(state, time);
            case SoldOut ignored -> state;
            case LowStock ignored -> state;
            case BackInStock ignored -> state;
        };
    }

    private InventoryState adjusted(InventoryState state, StockAdjusted event, Instant time) {
        Product product = product(state).adjusted(event, time);
        return remember(
                state.with(product),
                event.idempotencyKey(),
                new RequestRecord.Adjusted(
                        event.delta(), event.reason(), product.toView(time), terms.endOfRequest(time)));
    }

    private InventoryState extended(InventoryState state, HoldExtended event, Instant time) {
        Hold hold = hold(state).extended(event);
        return remember(
                state.with(hold),
                event.idempotencyKey(),
                new RequestRecord.Extended(
                        event.holdId(),
                        event.seconds(),
                        hold(state).extensionSecondsLeft(),
                        hold.toView(event.productId()),
                        terms.endOfRequest(time)));
    }

    /** A hold ended without an order. Append time may step back: a key counts from its first use at least. */
    private InventoryState letGo(InventoryState state, Hold.Stage end, int quantity, Instant time) {
        Hold hold = hold(state);
        Instant last = time.isBefore(hold.placedAt()) ? hold.placedAt() : time;
        return state.with(product(state).moved(stock -> stock.letGo(quantity), -1, time))
                .with(hold.endedAs(end, terms.endOfRequest(last)))
                .withUnitsOf(hold.customerId(), -quantity);
    }

    private InventoryState returned(InventoryState state, StockReturned event, Instant time) {
        return state.with(product(state).moved(stock -> stock.giveBack(event.quantity()), 0, time))
                .with(hold(state).endedAs(Hold.Stage.RETURNED, terms.endOfOrder(time)))
                .withUnitsOf(hold(state).customerId(), -event.quantity());
    }

    /** To order-streams this is a further end of the order, which is kept from then on: so is its hold. */
    private InventoryState keptAnew(InventoryState state, Instant time) {
        return state.hold() instanceof Hold hold && hold.stage() == Hold.Stage.RETURNED
                ? state.with(hold.endedAs(Hold.Stage.RETURNED, terms.endOfOrder(time)))
                : state;
    }

    private static InventoryState remember(
            InventoryState state, @Nullable String idempotencyKey, RequestRecord request) {
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
