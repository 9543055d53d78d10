package io.flashsale.orders.domain;

import static io.flashsale.orders.domain.OrderFacts.cancelled;
import static io.flashsale.orders.domain.OrderFacts.mismatched;
import static io.flashsale.orders.domain.OrderFacts.paid;
import static io.flashsale.orders.domain.OrderFacts.refund;
import static io.flashsale.orders.domain.OrderFacts.unmatched;

import io.flashsale.contracts.CancelReason;
import io.flashsale.contracts.OrderEvent.LatePaymentReceived;
import io.flashsale.contracts.PaymentStatus;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.Reply.PaymentAnswer;
import io.flashsale.contracts.ReplyTo;
import io.flashsale.contracts.WebhookCommand;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import io.flashsale.orders.domain.LatePayment.Waiter;
import io.flashsale.orders.domain.OrderFact.LatePaymentTaken;
import io.flashsale.orders.domain.OrderFact.PaymentDecided;
import io.flashsale.orders.domain.OrderFact.PaymentParked;
import io.flashsale.orders.domain.OrderFact.PaymentUnparked;
import io.flashsale.orders.domain.OrderFact.Published;
import io.flashsale.orders.domain.OrderFact.RefundStarted;
import io.flashsale.orders.domain.OrderFact.WaiterJoined;
import io.flashsale.orders.domain.OrderFact.WebhookAnswered;
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

    /** A payment's answer says so when another payment was there before: the money was taken twice. */
    static final String DUPLICATE_PAYMENT = "duplicate-payment";

    private final OrderDefaults defaults;

    PaymentRules(OrderDefaults defaults) {
        this.defaults = defaults;
    }

    /**
     * What a notification comes to.
     *
     * @param answer null if it is what becomes of the order's late payment
     */
    private record Outcome(List<OrderFact> facts, @Nullable PaymentAnswer answer) {

        Outcome(OrderFact fact, PaymentAnswer answer) {
            this(List.of(fact), answer);
        }

        static Outcome unchanged(Order order) {
            return new Outcome(List.of(), order.toPaymentAnswer(null));
        }
    }

    // ---- notifications

    Decision notified(OrderState state, WebhookCommand payment, Instant time, @Nullable ReplyTo caller) {
        WebhookRecord sameKey = state.webhook();
        if (sameKey != null) {
            return notifiedAgain(state, sameKey, payment, caller);
        }
        WebhookRecord samePayment = state.payment();
        if (samePayment != null) {
            return notifiedUnderAnotherKey(state, samePayment, payment, time, caller);
        }
        Outcome outcome = outcome(state, payment, time, caller);
        PaymentAnswer answer = outcome.answer();
        WebhookRecord record = WebhookRecord.of(payment, time, answer);
        List<OrderFact> facts = new ArrayList<>(outcome.facts());
        facts.add(new WebhookAnswered(record));
        if (payment.paymentId() != null) {
            facts.add(new PaymentDecided(record));
        }
        return answer == null ? Decision.of(facts, List.of()) : Decision.of(facts, caller, answer);
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
        Order order = state.order();
        return order != null && order.latePayment() != null
                ? Decision.of(joined(caller, true), List.of())
                : Decision.answered(caller, presentAnswer(order, payment).asReplayed());
    }

    /** The payment is decided already: nothing happens but that this key is remembered too. */
    private static Decision notifiedUnderAnotherKey(
            OrderState state, WebhookRecord known, WebhookCommand payment, Instant time, @Nullable ReplyTo caller) {
        Order order = state.order();
        PaymentAnswer recorded = known.answer();
        if (recorded == null && order != null && order.latePayment() != null) {
            List<OrderFact> facts = new ArrayList<>();
            facts.add(new WebhookAnswered(WebhookRecord.of(payment, time, null)));
            facts.addAll(joined(caller, true));
            return Decision.of(facts, List.of());
        }
        PaymentAnswer answer = recorded != null && recorded.code() != null ? recorded : presentAnswer(order, payment);
        return Decision.of(
                List.of(new WebhookAnswered(WebhookRecord.of(payment, time, answer))), caller, answer.asReplayed());
    }

    private Outcome outcome(OrderState state, WebhookCommand payment, Instant time, @Nullable ReplyTo caller) {
        Order order = state.order();
        if (order == null) {
            return park(state, payment, time);
        }
        return switch (payment) {
            case PaymentSucceeded succeeded -> succeed(order, succeeded, time, caller);
            case PaymentFailed ignored -> fail(order, time);
        };
    }

    private static Outcome park(OrderState state, WebhookCommand payment, Instant time) {
        OrderFact kept = state.parkedOrNone().isFull() ? unmatched(payment) : new PaymentParked(payment, time);
        return new Outcome(kept, presentAnswer(null, payment));
    }

    private Outcome succeed(Order order, PaymentSucceeded payment, Instant time, @Nullable ReplyTo caller) {
        if (!order.costs(payment)) {
            return new Outcome(mismatched(order, payment), order.toPaymentAnswer(PAYMENT_MISMATCH));
        }
        if (order.hasAnotherPaymentThan(payment)) {
            return new Outcome(
                    refund(order, payment.paymentId(), payment.amount(), payment.currency()),
                    order.toPaymentAnswer(DUPLICATE_PAYMENT));
        }
        if (order.latePayment() != null) {
            return new Outcome(joined(caller, false), null);
        }
        return switch (order.status()) {
            case PAID -> Outcome.unchanged(order);
            case PENDING_PAYMENT ->
                order.isOverdueAt(time) ? expire(order, payment, time, caller) : pay(order, payment, time);
            case CANCELLED ->
                order.refundRequired() ? Outcome.unchanged(order) : late(List.of(), order, payment, time, caller);
        };
    }

    private static Outcome pay(Order order, PaymentSucceeded payment, Instant time) {
        String paymentId = payment.paymentId();
        return new Outcome(
                paid(order, paymentId, time), order.paid(paymentId, time).toPaymentAnswer(null));
    }

    private static Outcome fail(Order order, Instant time) {
        if (!order.isPending()) {
            return Outcome.unchanged(order);
        }
        CancelReason reason = order.isOverdueAt(time) ? CancelReason.PAYMENT_EXPIRED : CancelReason.PAYMENT_FAILED;
        return new Outcome(
                cancelled(order, reason, time), order.cancelled(reason, time).toPaymentAnswer(null));
    }

    /** The answer to a payment that changes nothing. */
    private static PaymentAnswer presentAnswer(@Nullable Order order, WebhookCommand payment) {
        return order == null
                ? new PaymentAnswer(payment.orderId(), PaymentStatus.AWAITING_ORDER, null, null, null, false)
                : order.toPaymentAnswer(null);
    }

    // ---- late payments

    /** The deadline passed before the payment came, though no tick has said so yet. */
    private Outcome expire(Order order, PaymentSucceeded payment, Instant time, @Nullable ReplyTo caller) {
        CancelReason reason = CancelReason.PAYMENT_EXPIRED;
        return late(List.of(cancelled(order, reason, time)), order.cancelled(reason, time), payment, time, caller);
    }

    /** Who asked for the cancellation does not want the stock any more, wherever it is. */
    private Outcome late(
            List<OrderFact> before, Order order, PaymentSucceeded payment, Instant time, @Nullable ReplyTo caller) {
        boolean wanted = order.cancelReason() != CancelReason.REQUESTED;
        return wanted && defaults.latePayments() == LatePaymentPolicy.REACQUIRE
                ? askForStock(before, order, payment, time, caller)
                : refundAtOnce(before, order, payment, time);
    }

    /** Only the inventory knows whether the stock is still there. */
    private static Outcome askForStock(
            List<OrderFact> before, Order order, PaymentSucceeded payment, Instant time, @Nullable ReplyTo caller) {
        List<Waiter> waiters = caller == null ? List.of() : List.of(new Waiter(caller, false));
        List<OrderFact> facts = new ArrayList<>(before);
        facts.add(new Published(new LatePaymentReceived(
                order.productId(), order.orderId(), order.quantity(), payment.paymentId(), time)));
        facts.add(new LatePaymentTaken(
                new LatePayment(payment.paymentId(), payment.amount(), payment.currency(), waiters)));
        return new Outcome(facts, null);
    }

    /** The inventory decides nothing on it and keeps the hold no longer: so the order's end stays what it was. */
    private static Outcome refundAtOnce(List<OrderFact> before, Order order, PaymentSucceeded payment, Instant time) {
        String paymentId = payment.paymentId();
        Instant ended = Objects.requireNonNullElse(order.endedAt(), time);
        List<OrderFact> facts = new ArrayList<>(before);
        facts.add(refund(order, paymentId, payment.amount(), payment.currency()));
        facts.add(new RefundStarted(paymentId, ended));
        return new Outcome(facts, order.refunding(paymentId, ended).toPaymentAnswer(null));
    }

    private static List<OrderFact> joined(@Nullable ReplyTo caller, boolean replayed) {
        return caller == null ? List.of() : List.of(new WaiterJoined(new Waiter(caller, replayed)));
    }

    static Decision acceptLatePayment(OrderState state, Instant time) {
        Order order = state.order();
        LatePayment late = order == null ? null : order.latePayment();
        if (order == null || late == null) {
            return Decision.nothing();
        }
        return Decision.of(
                List.of(paid(order, late.paymentId(), time)),
                told(late, order.paid(late.paymentId(), time).toPaymentAnswer(null)));
    }

    static Decision refuseLatePayment(OrderState state, Instant time) {
        Order order = state.order();
        LatePayment late = order == null ? null : order.latePayment();
        if (order == null || late == null) {
            return Decision.nothing();
        }
        return Decision.of(
                List.of(
                        refund(order, late.paymentId(), late.amount(), late.currency()),
                        new RefundStarted(late.paymentId(), time)),
                told(late, order.refunding(late.paymentId(), time).toPaymentAnswer(null)));
    }

    private static List<Decision.Answer> told(LatePayment late, PaymentAnswer answer) {
        return late.waiters().stream()
                .map(waiter -> new Decision.Answer(waiter.caller(), waiter.replayed() ? answer.asReplayed() : answer))
                .toList();
    }

    // ---- early payments

    /**
     * Payments that came before their order: the first good one pays it, and another good one goes back; without a good
     * one a failed one cancels it.
     */
    static List<OrderFact> settleParked(Order order, ParkedPayments parked, Instant time) {
        List<OrderFact> facts = new ArrayList<>();
        Order settled = order;
        boolean failed = false;
        for (ParkedPayment each : parked.payments()) {
            WebhookCommand payment = each.payment();
            facts.add(new PaymentUnparked(payment.idempotencyKey()));
            switch (payment) {
                case PaymentFailed ignored -> failed = true;
                case PaymentSucceeded succeeded -> {
                    if (!order.costs(succeeded)) {
                        facts.add(mismatched(order, succeeded));
                    } else if (settled.isPending()) {
                        facts.add(paid(order, succeeded.paymentId(), time));
                        settled = order.paid(succeeded.paymentId(), time);
                    } else if (settled.hasAnotherPaymentThan(succeeded)) {
                        facts.add(refund(order, succeeded.paymentId(), succeeded.amount(), succeeded.currency()));
                    }
                }
            }
        }
        if (failed && settled.isPending()) {
            facts.add(cancelled(order, CancelReason.PAYMENT_FAILED, time));
        }
        return facts;
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
}
