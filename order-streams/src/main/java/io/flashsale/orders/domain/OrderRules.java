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
import io.flashsale.contracts.PaymentStatus;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.Reply.OrderAnswer;
import io.flashsale.contracts.Reply.PaymentAnswer;
import io.flashsale.contracts.ReplyTo;
import io.flashsale.contracts.WebhookCommand;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import io.flashsale.orders.domain.LatePayment.Waiter;
import io.flashsale.orders.domain.OrderFact.CreationAnswered;
import io.flashsale.orders.domain.OrderFact.LatePaymentRefused;
import io.flashsale.orders.domain.OrderFact.LatePaymentTaken;
import io.flashsale.orders.domain.OrderFact.PaymentParked;
import io.flashsale.orders.domain.OrderFact.PaymentUnparked;
import io.flashsale.orders.domain.OrderFact.Published;
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

    /** A payment's answer says so when it is not what the order costs. */
    static final String PAYMENT_MISMATCH = "payment-mismatch";

    private final OrderDefaults defaults;

    public OrderRules(OrderDefaults defaults) {
        this.defaults = defaults;
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
            case StockReacquired ignored -> acceptLatePayment(state, time);
            case ReacquireRefused ignored -> refuseLatePayment(state);
            case PaymentSucceeded payment -> notified(state, payment, time, caller);
            case PaymentFailed payment -> notified(state, payment, time, caller);
            case ExpirePayment ignored -> expirePayment(state, time);
            case ExpireParkedPayments ignored -> expireParked(state, time);
            case CancelOrder ignored -> Decision.nothing();
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
            case WebhookAnswered answered -> state.with(new WebhookRecord(answered.fingerprint(), answered.answer()));
            case LatePaymentTaken late -> state.with(order(state).paidLate(late.payment()));
            case WaiterJoined joined ->
                state.with(order(state).paidLate(latePayment(state).joinedBy(joined.waiter())));
            case LatePaymentRefused ignored -> state.with(order(state).refunding());
        };
    }

    private static OrderState apply(OrderState state, OrderEvent event) {
        return switch (event) {
            case OrderCreated e -> state.with(Order.created(e));
            case OrderPaid ignored -> state.with(order(state).paid());
            case OrderCancelled e -> state.with(order(state).cancelled(e.reason()));
            case LatePaymentReceived ignored -> state;
            case RefundRequired ignored -> state;
            case PaymentUnmatched ignored -> state;
            case PaymentMismatched ignored -> state;
        };
    }

    // ---- orders

    private Decision create(OrderState state, HoldRedeemed redeemed, Instant time, @Nullable ReplyTo caller) {
        if (state.order() != null) {
            return Decision.answered(caller, new OrderAnswer(state.order().toAnswer(), true));
        }
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
        facts.addAll(settleParked(Order.created(created), state.parkedOrNone(), time));
        Order order = order(applyAll(state, facts));
        facts.add(new CreationAnswered(order.status()));
        return Decision.of(
                facts, caller, new OrderAnswer(order.answeredAs(order.status()).toAnswer(), false));
    }

    private Duration paymentWindow(HoldRedeemed redeemed) {
        Integer own = redeemed.paymentWindowSeconds();
        return own == null ? defaults.paymentWindow() : Duration.ofSeconds(own);
    }

    /** Payments that came before their order: one good payment pays it, else a failed one cancels it. */
    private static List<OrderFact> settleParked(Order order, ParkedPayments parked, Instant time) {
        List<OrderFact> facts = new ArrayList<>();
        WebhookCommand good = null;
        boolean failed = false;
        for (ParkedPayment each : parked.payments()) {
            WebhookCommand payment = each.payment();
            facts.add(new PaymentUnparked(payment.idempotencyKey()));
            switch (payment) {
                case PaymentFailed ignored -> failed = true;
                case PaymentSucceeded succeeded -> {
                    if (!order.costs(succeeded)) {
                        facts.add(mismatched(order, succeeded));
                    } else if (good == null) {
                        good = succeeded;
                    }
                }
            }
        }
        if (good != null) {
            facts.add(paid(order, good.paymentId(), time));
        } else if (failed) {
            facts.add(cancelled(order, CancelReason.PAYMENT_FAILED, time));
        }
        return facts;
    }

    /** The inventory knows the request's key and asks to answer as the first time. */
    private static Decision createAgain(OrderState state, RedeemRejected event, @Nullable ReplyTo caller) {
        return event.repeated() && state.order() != null
                ? Decision.answered(caller, new OrderAnswer(state.order().toAnswer(), true))
                : Decision.nothing();
    }

    private static Decision expirePayment(OrderState state, Instant time) {
        Order order = state.order();
        return order != null && order.isOverdueAt(time)
                ? Decision.of(List.of(cancelled(order, CancelReason.PAYMENT_EXPIRED, time)), List.of())
                : Decision.nothing();
    }

    // ---- payments

    private Decision notified(OrderState state, WebhookCommand payment, Instant time, @Nullable ReplyTo caller) {
        WebhookRecord known = state.webhook();
        if (known != null) {
            return notifiedAgain(state, known, payment, caller);
        }
        Order order = state.order();
        if (order == null) {
            return park(state, payment, time, caller);
        }
        return switch (payment) {
            case PaymentSucceeded succeeded -> succeed(order, succeeded, time, caller);
            case PaymentFailed failed -> fail(order, failed, time, caller);
        };
    }

    private static Decision notifiedAgain(
            OrderState state, WebhookRecord known, WebhookCommand payment, @Nullable ReplyTo caller) {
        if (!known.isSameNotification(payment)) {
            return Decision.refused(
                    caller,
                    Refusal.of(
                            RefusalCode.IDEMPOTENCY_KEY_REUSED,
                            "Expected the payment this key was first used with, but something of it differs."));
        }
        PaymentAnswer recorded = known.answer();
        if (recorded != null) {
            return Decision.answered(caller, recorded.asReplayed());
        }
        Order order = order(state);
        return order.latePayment() == null
                ? Decision.answered(caller, order.toPaymentAnswer(null).asReplayed())
                : joined(caller, true);
    }

    private static Decision park(OrderState state, WebhookCommand payment, Instant time, @Nullable ReplyTo caller) {
        PaymentAnswer answer =
                new PaymentAnswer(payment.orderId(), PaymentStatus.AWAITING_ORDER, null, null, null, false);
        OrderFact kept = state.parkedOrNone().isFull() ? unmatched(payment) : new PaymentParked(payment, time);
        return Decision.of(List.of(kept, answered(payment, answer)), caller, answer);
    }

    private static Decision succeed(Order order, PaymentSucceeded payment, Instant time, @Nullable ReplyTo caller) {
        if (!order.costs(payment)) {
            PaymentAnswer answer = order.toPaymentAnswer(PAYMENT_MISMATCH);
            return Decision.of(List.of(mismatched(order, payment), answered(payment, answer)), caller, answer);
        }
        if (order.latePayment() != null) {
            return joinedFirst(payment, caller);
        }
        return switch (order.status()) {
            case PAID -> unchanged(order, payment, caller);
            case PENDING_PAYMENT ->
                order.isOverdueAt(time)
                        ? takeLate(
                                List.of(cancelled(order, CancelReason.PAYMENT_EXPIRED, time)),
                                order,
                                payment,
                                time,
                                caller)
                        : pay(order, payment, time, caller);
            case CANCELLED ->
                order.refundRequired()
                        ? unchanged(order, payment, caller)
                        : takeLate(List.of(), order, payment, time, caller);
        };
    }

    private static Decision pay(Order order, PaymentSucceeded payment, Instant time, @Nullable ReplyTo caller) {
        PaymentAnswer answer = order.paid().toPaymentAnswer(null);
        return Decision.of(List.of(paid(order, payment.paymentId(), time), answered(payment, answer)), caller, answer);
    }

    /** The order is cancelled already: only the inventory knows whether its stock is still there. */
    private static Decision takeLate(
            List<OrderFact> before, Order order, PaymentSucceeded payment, Instant time, @Nullable ReplyTo caller) {
        List<Waiter> waiters = caller == null ? List.of() : List.of(new Waiter(caller, false));
        List<OrderFact> facts = new ArrayList<>(before);
        facts.add(new Published(new LatePaymentReceived(
                order.productId(), order.orderId(), order.quantity(), payment.paymentId(), time)));
        facts.add(new LatePaymentTaken(
                new LatePayment(payment.paymentId(), payment.amount(), payment.currency(), waiters)));
        facts.add(answered(payment, null));
        return Decision.of(facts, List.of());
    }

    private static Decision fail(Order order, PaymentFailed payment, Instant time, @Nullable ReplyTo caller) {
        if (!order.isPending()) {
            return unchanged(order, payment, caller);
        }
        CancelReason reason = order.isOverdueAt(time) ? CancelReason.PAYMENT_EXPIRED : CancelReason.PAYMENT_FAILED;
        PaymentAnswer answer = order.cancelled(reason).toPaymentAnswer(null);
        return Decision.of(List.of(cancelled(order, reason, time), answered(payment, answer)), caller, answer);
    }

    private static Decision unchanged(Order order, WebhookCommand payment, @Nullable ReplyTo caller) {
        PaymentAnswer answer = order.toPaymentAnswer(null);
        return Decision.of(List.of(answered(payment, answer)), caller, answer);
    }

    private static Decision joinedFirst(PaymentSucceeded payment, @Nullable ReplyTo caller) {
        List<OrderFact> facts = new ArrayList<>();
        facts.add(answered(payment, null));
        facts.addAll(joined(caller, false).facts());
        return Decision.of(facts, List.of());
    }

    private static Decision joined(@Nullable ReplyTo caller, boolean replayed) {
        return caller == null
                ? Decision.nothing()
                : Decision.of(List.of(new WaiterJoined(new Waiter(caller, replayed))), List.of());
    }

    private static Decision acceptLatePayment(OrderState state, Instant time) {
        Order order = state.order();
        LatePayment late = order == null ? null : order.latePayment();
        if (order == null || late == null) {
            return Decision.nothing();
        }
        return Decision.of(
                List.of(paid(order, late.paymentId(), time)),
                outcome(late, order.paid().toPaymentAnswer(null)));
    }

    private static Decision refuseLatePayment(OrderState state) {
        Order order = state.order();
        LatePayment late = order == null ? null : order.latePayment();
        if (order == null || late == null) {
            return Decision.nothing();
        }
        OrderEvent refund = new RefundRequired(
                order.productId(),
                order.orderId(),
                late.paymentId(),
                Objects.requireNonNullElse(late.amount(), order.amount()),
                Objects.requireNonNullElse(late.currency(), order.currency()));
        return Decision.of(
                List.of(new Published(refund), new LatePaymentRefused()),
                outcome(late, order.refunding().toPaymentAnswer(null)));
    }

    private static List<Decision.Answer> outcome(LatePayment late, PaymentAnswer answer) {
        return late.waiters().stream()
                .map(waiter -> new Decision.Answer(waiter.caller(), waiter.replayed() ? answer.asReplayed() : answer))
                .toList();
    }

    private Decision expireParked(OrderState state, Instant time) {
        List<OrderFact> facts = new ArrayList<>();
        for (ParkedPayment parked : state.parkedOrNone().payments()) {
            if (!time.isBefore(parked.parkedAt().plus(defaults.parkingTime()))) {
                facts.add(unmatched(parked.payment()));
                facts.add(new PaymentUnparked(parked.payment().idempotencyKey()));
            }
        }
        return facts.isEmpty() ? Decision.nothing() : Decision.of(facts, List.of());
    }

    // ---- facts

    private static OrderFact paid(Order order, @Nullable String paymentId, Instant time) {
        return new Published(new OrderPaid(order.productId(), order.orderId(), order.quantity(), paymentId, time));
    }

    private static OrderFact cancelled(Order order, CancelReason reason, Instant time) {
        return new Published(new OrderCancelled(order.productId(), order.orderId(), order.quantity(), reason, time));
    }

    private static OrderFact mismatched(Order order, WebhookCommand payment) {
        return new Published(new PaymentMismatched(
                order.productId(),
                order.orderId(),
                payment.paymentId(),
                order.amount(),
                order.currency(),
                payment.amount(),
                payment.currency()));
    }

    private static OrderFact unmatched(WebhookCommand payment) {
        return new Published(new PaymentUnmatched(
                payment.productId(),
                payment.orderId(),
                payment instanceof PaymentSucceeded,
                payment.paymentId(),
                payment.amount(),
                payment.currency()));
    }

    private static OrderFact answered(WebhookCommand payment, @Nullable PaymentAnswer answer) {
        return new WebhookAnswered(WebhookRecord.fingerprintOf(payment), answer);
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
