package io.flashsale.orders.domain;

import io.flashsale.contracts.CancelReason;
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
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderEvent.LatePaymentReceived;
import io.flashsale.contracts.OrderEvent.OrderCancelled;
import io.flashsale.contracts.OrderEvent.OrderCreated;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.contracts.OrderEvent.PaymentMismatched;
import io.flashsale.contracts.OrderEvent.PaymentUnmatched;
import io.flashsale.contracts.OrderEvent.RefundRequired;
import io.flashsale.contracts.OrderInput;
import io.flashsale.contracts.OrderTick.ExpireParkedPayments;
import io.flashsale.contracts.OrderTick.ExpirePayment;
import io.flashsale.contracts.OrderTick.SweepOrders;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.Reply.OrderAnswer;
import io.flashsale.contracts.ReplyTo;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import io.flashsale.orders.domain.OrderFact.CreationAnswered;
import io.flashsale.orders.domain.OrderFact.LatePaymentTaken;
import io.flashsale.orders.domain.OrderFact.PaymentDecided;
import io.flashsale.orders.domain.OrderFact.PaymentParked;
import io.flashsale.orders.domain.OrderFact.PaymentUnparked;
import io.flashsale.orders.domain.OrderFact.Published;
import io.flashsale.orders.domain.OrderFact.RefundStarted;
import io.flashsale.orders.domain.OrderFact.WaiterJoined;
import io.flashsale.orders.domain.OrderFact.WebhookAnswered;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of orders and payments. All decisions on one product's orders are taken one after the other, in
 * the order of its log; {@code time} is always the input's own log time (its record's timestamp), never a clock.
 */
public final class OrderRules {

    private final OrderDefaults defaults;
    private final OrderRetention retention;
    private final PaymentRules payments;

    public OrderRules(OrderDefaults defaults, OrderRetention retention) {
        this.defaults = defaults;
        this.retention = retention;
        this.payments = new PaymentRules(defaults);
    }

    /**
     * What follows from an input. Total: every input has an answer, none throws.
     *
     * @param caller who waits for the answer, or null
     */
    public Decision decide(OrderState state, OrderInput input, Instant time, @Nullable ReplyTo caller) {
        return switch (input) {
            case HoldRedeemed event -> create(state, event, time, caller);
            case RedeemRejected event -> createAgain(state, event, caller);
            case StockReacquired ignored -> PaymentRules.acceptLatePayment(state, time);
            case ReacquireRefused ignored -> PaymentRules.refuseLatePayment(state, time);
            case PaymentSucceeded payment -> payments.notified(state, payment, time, caller);
            case PaymentFailed payment -> payments.notified(state, payment, time, caller);
            case CancelOrder ignored -> cancel(state, time, caller);
            case ExpirePayment ignored -> expirePayment(state, time);
            case ExpireParkedPayments ignored -> payments.expireParked(state, time);
            case SweepOrders ignored -> Decision.nothing();
            case CreateOrder ignored -> Decision.nothing();
            case ProductDefined ignored -> Decision.nothing();
            case StockAdjusted ignored -> Decision.nothing();
            case HoldPlaced ignored -> Decision.nothing();
            case HoldRejected ignored -> Decision.nothing();
            case HoldReleased ignored -> Decision.nothing();
            case HoldExtended ignored -> Decision.nothing();
            case HoldExpired ignored -> Decision.nothing();
            case StockSold ignored -> Decision.nothing();
            case StockReturned ignored -> Decision.nothing();
            case SoldOut ignored -> Decision.nothing();
            case LowStock ignored -> Decision.nothing();
            case BackInStock ignored -> Decision.nothing();
        };
    }

    /** The state after a fact. */
    public OrderState apply(OrderState state, OrderFact fact) {
        return switch (fact) {
            case Published published -> apply(state, published.event());
            case CreationAnswered answered -> state.with(order(state).answeredAs(answered.status()));
            case PaymentParked parked ->
                state.with(state.parkedOrNone().with(new ParkedPayment(parked.payment(), parked.parkedAt())));
            case PaymentUnparked unparked -> state.with(state.parkedOrNone().without(unparked.idempotencyKey()));
            case WebhookAnswered answered -> state.withWebhook(answered.record().kept(retention));
            case PaymentDecided decided -> state.withPayment(decided.record().kept(retention));
            case LatePaymentTaken late -> state.with(order(state).paidLate(late.payment()));
            case WaiterJoined joined ->
                state.with(order(state).paidLate(latePayment(state).joinedBy(joined.waiter())));
            case RefundStarted refund ->
                state.with(order(state)
                        .refunding(refund.paymentId(), refund.endedAt())
                        .kept(retention));
        };
    }

    private OrderState apply(OrderState state, OrderEvent event) {
        return switch (event) {
            case OrderCreated e -> state.with(Order.created(e));
            case OrderPaid e ->
                state.with(order(state).paid(e.paymentId(), e.paidAt()).kept(retention));
            case OrderCancelled e ->
                state.with(order(state).cancelled(e.reason(), e.cancelledAt()).kept(retention));
            case LatePaymentReceived ignored -> state;
            case RefundRequired ignored -> state;
            case PaymentUnmatched ignored -> state;
            case PaymentMismatched ignored -> state;
        };
    }

    // ---- orders

    /**
     * A hold is redeemed once in its life, and outlives its unpaid order. So an order that is here already is the ended
     * one of a hold that was forgotten before it, and makes room: else the new hold's units would be pending for ever.
     */
    private Decision create(OrderState state, HoldRedeemed redeemed, Instant time, @Nullable ReplyTo caller) {
        OrderCreated created = new OrderCreated(
                redeemed.productId(),
                redeemed.orderId(),
                redeemed.holdId(),
                redeemed.quantity(),
                redeemed.customerId(),
                redeemed.unitPrice(),
                redeemed.unitPrice().multiply(BigDecimal.valueOf(redeemed.quantity())),
                redeemed.currency(),
                time,
                time.plus(paymentWindow(redeemed)));
        List<OrderFact> facts = new ArrayList<>();
        facts.add(new Published(created));
        facts.addAll(PaymentRules.settleParked(Order.created(created), state.parkedOrNone(), time));
        Order order = order(applyAll(state, facts));
        facts.add(new CreationAnswered(order.status()));
        return Decision.of(
                facts, caller, new OrderAnswer(order.answeredAs(order.status()).toAnswer(), false));
    }

    private Duration paymentWindow(HoldRedeemed redeemed) {
        Integer own = redeemed.paymentWindowSeconds();
        return own == null ? defaults.paymentWindow() : Duration.ofSeconds(own);
    }

    /** The inventory knows the request's key and asks to answer as the first time. */
    private static Decision createAgain(OrderState state, RedeemRejected event, @Nullable ReplyTo caller) {
        return event.repeated() && state.order() != null
                ? Decision.answered(caller, new OrderAnswer(state.order().toAnswer(), true))
                : Decision.nothing();
    }

    /** A cancelled order stays what it is, also while a late payment waits for the inventory. */
    private static Decision cancel(OrderState state, Instant time, @Nullable ReplyTo caller) {
        Order order = state.order();
        if (order == null) {
            return Decision.refused(
                    caller,
                    Refusal.of(RefusalCode.ORDER_NOT_FOUND, "Expected an order, but there is none of this id."));
        }
        return switch (order.status()) {
            case PENDING_PAYMENT -> {
                CancelReason reason = order.isOverdueAt(time) ? CancelReason.PAYMENT_EXPIRED : CancelReason.REQUESTED;
                yield Decision.of(
                        List.of(OrderFacts.cancelled(order, reason, time)),
                        caller,
                        new OrderAnswer(order.cancelled(reason, time).toView(), false));
            }
            case CANCELLED -> Decision.answered(caller, new OrderAnswer(order.toView(), true));
            case PAID ->
                Decision.refused(
                        caller,
                        Refusal.of(
                                RefusalCode.ORDER_ALREADY_PAID, "Expected an unpaid order, but it is already paid."));
        };
    }

    private static Decision expirePayment(OrderState state, Instant time) {
        Order order = state.order();
        return order != null && order.isOverdueAt(time)
                ? Decision.of(List.of(OrderFacts.cancelled(order, CancelReason.PAYMENT_EXPIRED, time)), List.of())
                : Decision.nothing();
    }

    // ---- state

    private OrderState applyAll(OrderState state, List<OrderFact> facts) {
        OrderState result = state;
        for (OrderFact fact : facts) {
            result = apply(result, fact);
        }
        return result;
    }

    private static Order order(OrderState state) {
        return Objects.requireNonNull(state.order(), "a fact is about an order that is not there");
    }

    private static LatePayment latePayment(OrderState state) {
        return Objects.requireNonNull(order(state).latePayment(), "no late payment is waiting");
    }
}
