package io.flashsale.orders.domain;

import static io.flashsale.orders.domain.OrderFacts.answered;
import static io.flashsale.orders.domain.OrderFacts.cancelled;
import static io.flashsale.orders.domain.OrderFacts.mismatched;
import static io.flashsale.orders.domain.OrderFacts.paid;
import static io.flashsale.orders.domain.OrderFacts.unmatched;

import io.flashsale.contracts.CancelReason;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderEvent.LatePaymentReceived;
import io.flashsale.contracts.OrderEvent.RefundRequired;
import io.flashsale.contracts.PaymentStatus;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.Reply.PaymentAnswer;
import io.flashsale.contracts.ReplyTo;
import io.flashsale.contracts.WebhookCommand;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import io.flashsale.orders.domain.LatePayment.Waiter;
import io.flashsale.orders.domain.OrderFact.LatePaymentRefused;
import io.flashsale.orders.domain.OrderFact.LatePaymentTaken;
import io.flashsale.orders.domain.OrderFact.PaymentParked;
import io.flashsale.orders.domain.OrderFact.PaymentUnparked;
import io.flashsale.orders.domain.OrderFact.Published;
import io.flashsale.orders.domain.OrderFact.WaiterJoined;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides on payments: what the provider says of them, in whatever order and however often, and the inventory's word on
 * late ones.
 */
final class PaymentRules {

    /** A payment's answer says so when it is not what the order costs. */
    static final String PAYMENT_MISMATCH = "payment-mismatch";

    private final OrderDefaults defaults;

    PaymentRules(OrderDefaults defaults) {
        this.defaults = defaults;
    }

    Decision notified(OrderState state, WebhookCommand payment, Instant time, @Nullable ReplyTo caller) {
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
        Order order = Objects.requireNonNull(state.order(), "a late payment is of an order");
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

    static Decision acceptLatePayment(OrderState state, Instant time) {
        Order order = state.order();
        LatePayment late = order == null ? null : order.latePayment();
        if (order == null || late == null) {
            return Decision.nothing();
        }
        return Decision.of(
                List.of(paid(order, late.paymentId(), time)),
                outcome(late, order.paid().toPaymentAnswer(null)));
    }

    static Decision refuseLatePayment(OrderState state) {
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

    Decision expireParked(OrderState state, Instant time) {
        List<OrderFact> facts = new ArrayList<>();
        for (ParkedPayment parked : state.parkedOrNone().payments()) {
            if (!time.isBefore(parked.parkedAt().plus(defaults.parkingTime()))) {
                facts.add(unmatched(parked.payment()));
                facts.add(new PaymentUnparked(parked.payment().idempotencyKey()));
            }
        }
        return facts.isEmpty() ? Decision.nothing() : Decision.of(facts, List.of());
    }

    /** Payments that came before their order: one good payment pays it, else a failed one cancels it. */
    static List<OrderFact> settleParked(Order order, ParkedPayments parked, Instant time) {
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
}
