package io.flashsale.inventory.domain;

import static io.flashsale.contracts.RefusalCode.HOLD_EXPIRED;
import static io.flashsale.contracts.RefusalCode.HOLD_NOT_FOUND;
import static io.flashsale.contracts.RefusalCode.IDEMPOTENCY_KEY_REUSED;
import static io.flashsale.contracts.RefusalCode.PRODUCT_NOT_FOUND;
import static io.flashsale.contracts.RefusalCode.STOCK_BELOW_COMMITTED;

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
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.ProductCommand.AdjustStock;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.Reply;
import java.time.Instant;
import java.util.List;
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
            case DefineProduct command -> define(state, command, time);
            case AdjustStock ignored -> Decision.nothing();
            case PlaceHold command -> place(state, command, time);
            case ReleaseHold ignored -> Decision.nothing();
            case ExtendHold ignored -> Decision.nothing();
            case CreateOrder command -> createOrder(state, command, time);
            case CancelOrder ignored -> Decision.nothing();
            case ExpireHold tick -> expire(state, tick, time);
            case SweepInventory ignored -> Decision.nothing();
            case OrderPaid event -> sell(state, event);
            case OrderCancelled event -> giveBack(state, event);
            case LatePaymentReceived event -> takeAgain(state, event);
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

    private Decision define(InventoryState state, DefineProduct command, Instant time) {
        Product before = state.product();
        if (before != null && command.totalStock() < before.stock().committed()) {
            return Decision.refused(Refusal.of(
                    STOCK_BELOW_COMMITTED,
                    "Expected a total stock of at least " + before.stock().committed()
                            + ", which is held, pending or sold, but got " + command.totalStock() + "."));
        }
        ProductDefined event = new ProductDefined(
                command.productId(),
                command.name(),
                command.price(),
                firstPresent(command.currency(), before == null ? null : before.currency(), defaults.currency()),
                command.totalStock(),
                firstPresent(
                        command.holdTtlSeconds(),
                        before == null ? null : before.holdTtlSeconds(),
                        defaults.holdTtlSeconds()),
                time,
                command.rules());
        if (before != null && isSame(before, event)) {
            return Decision.answered(new Reply.ProductAnswer(before.toView(time), false, false));
        }
        Product after = Product.defined(before, event, time);
        return Decision.of(event, new Reply.ProductAnswer(after.toView(time), before == null, false));
    }

    private static boolean isSame(Product before, ProductDefined event) {
        return before.name().equals(event.name())
                && before.price().equals(event.price())
                && before.currency().equals(event.currency())
                && before.stock().total() == event.totalStock()
                && before.holdTtlSeconds() == event.holdTtlSeconds()
                && before.rules().equals(event.rules());
    }

    private static Decision place(InventoryState state, PlaceHold command, Instant time) {
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

    private static Decision createOrder(InventoryState state, CreateOrder command, Instant time) {
        OrderRequest known = command.idempotencyKey() == null ? null : state.request();
        if (known != null) {
            return createOrderAgain(known, command);
        }
        if (!(state.hold() instanceof Hold hold)) {
            return refuse(command, holdNotFound(command));
        }
        return switch (hold.stage()) {
            case HELD ->
                hold.isOverdueAt(time)
                        ? expireInsteadOfRedeem(hold, command, time)
                        : redeem(state.product(), hold, command, time);
            case EXPIRED -> refuse(command, holdExpired(hold));
            case PENDING, SOLD, RETURNED ->
                refuse(command, Refusal.alreadyUsed(hold.holdId(), OrderId.ofHold(hold.holdId())));
        };
    }

    /** The same idempotency key again. */
    private static Decision createOrderAgain(OrderRequest known, CreateOrder command) {
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
        Refusal refusal = holdExpired(hold);
        return new Decision(
                List.of(
                        new HoldExpired(command.productId(), hold.holdId(), hold.quantity(), time),
                        rejected(command, refusal)),
                new Reply.Refused(refusal, false),
                false);
    }

    private static Decision refuse(CreateOrder command, Refusal refusal) {
        return Decision.of(rejected(command, refusal), new Reply.Refused(refusal, false));
    }

    private static RedeemRejected rejected(CreateOrder command, Refusal refusal) {
        return new RedeemRejected(command.productId(), command.holdId(), refusal, command.idempotencyKey(), false);
    }

    private static Refusal holdNotFound(CreateOrder command) {
        return Refusal.of(HOLD_NOT_FOUND, "Expected a hold, but there is no " + command.holdId() + ".");
    }

    private static Refusal holdExpired(Hold hold) {
        return Refusal.of(
                HOLD_EXPIRED,
                "Expected an active hold, but " + hold.holdId() + " expired at " + hold.expiresAt() + ".");
    }

    private static Decision expire(InventoryState state, ExpireHold tick, Instant time) {
        return state.hold() instanceof Hold hold && hold.isOverdueAt(time)
                ? Decision.of(new HoldExpired(tick.productId(), hold.holdId(), hold.quantity(), time))
                : Decision.nothing();
    }

    private static Decision sell(InventoryState state, OrderPaid event) {
        return state.hold() instanceof Hold hold && hold.stage() == Hold.Stage.PENDING
                ? Decision.of(new StockSold(event.productId(), event.orderId(), hold.quantity()))
                : Decision.nothing();
    }

    /** An order returns its stock at most once: only from {@code PENDING}, and it leaves {@code PENDING} here. */
    private static Decision giveBack(InventoryState state, OrderCancelled event) {
        return state.hold() instanceof Hold hold && hold.stage() == Hold.Stage.PENDING
                ? Decision.of(new StockReturned(event.productId(), event.orderId(), hold.quantity()))
                : Decision.nothing();
    }

    /** Always answered, because order-streams and its callers wait for it. */
    private static Decision takeAgain(InventoryState state, LatePaymentReceived event) {
        int available = state.product() == null ? 0 : state.product().stock().available();
        boolean returned = state.hold() instanceof Hold hold && hold.stage() == Hold.Stage.RETURNED;
        return returned && available >= event.quantity()
                ? Decision.of(new StockReacquired(event.productId(), event.orderId(), event.quantity()))
                : Decision.of(new ReacquireRefused(event.productId(), event.orderId(), event.quantity(), available));
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

    private static String firstPresent(@Nullable String own, @Nullable String present, String otherwise) {
        return own != null ? own : present != null ? present : otherwise;
    }

    private static int firstPresent(@Nullable Integer own, @Nullable Integer present, int otherwise) {
        return own != null ? own : present != null ? present : otherwise;
    }
}
