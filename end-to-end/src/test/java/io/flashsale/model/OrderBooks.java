package io.flashsale.model;

import static io.flashsale.model.Breach.require;

import io.flashsale.contracts.CancelReason;
import io.flashsale.contracts.InventoryEvent.HoldRedeemed;
import io.flashsale.contracts.InventoryEvent.ReacquireRefused;
import io.flashsale.contracts.InventoryEvent.RedeemRejected;
import io.flashsale.contracts.InventoryEvent.StockReacquired;
import io.flashsale.contracts.Limits;
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderEvent.LatePaymentReceived;
import io.flashsale.contracts.OrderEvent.OrderCancelled;
import io.flashsale.contracts.OrderEvent.OrderCreated;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.contracts.OrderEvent.PaymentMismatched;
import io.flashsale.contracts.OrderEvent.PaymentUnmatched;
import io.flashsale.contracts.OrderEvent.RefundRequired;
import io.flashsale.contracts.OrderInput;
import io.flashsale.contracts.OrderStatus;
import io.flashsale.contracts.OrderTick.ExpireParkedPayments;
import io.flashsale.contracts.OrderTick.ExpirePayment;
import io.flashsale.contracts.OrderView;
import io.flashsale.contracts.PaymentStatus;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.Reply.OrderAnswer;
import io.flashsale.contracts.Reply.PaymentAnswer;
import io.flashsale.contracts.Reply.Refused;
import io.flashsale.contracts.WebhookCommand;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import io.flashsale.model.Auditor.Rule;
import io.flashsale.model.Promises.Asked;
import io.flashsale.model.Promises.Kind;
import io.flashsale.model.Promises.Request;
import io.flashsale.model.Trace.Step;
import io.flashsale.model.Trace.Terms;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The auditor's books of orders and payments: written from events only, each of which must be possible where it stands. */
final class OrderBooks {

    private static final String MISMATCH = "payment-mismatch";
    private static final String DUPLICATE = "duplicate-payment";

    private static final class OrderBook {
        final OrderCreated created;
        OrderStatus status = OrderStatus.PENDING_PAYMENT;
        CancelReason reason;
        OrderView first;
        Instant endedAt;

        /** Of the payment that paid it, or that waits for its stock or for its refund. */
        String paymentId;

        boolean refund;
        PaymentSucceeded late;
        final List<Waiter> waiters = new ArrayList<>();

        OrderBook(OrderCreated created) {
            this.created = created;
        }

        boolean costs(WebhookCommand payment) {
            return (payment.amount() == null || payment.amount().compareTo(created.amount()) == 0)
                    && (payment.currency() == null || payment.currency().equals(created.currency()));
        }

        boolean isPending() {
            return status == OrderStatus.PENDING_PAYMENT;
        }

        boolean isDueAt(Instant time) {
            return !time.isBefore(created.paymentDueAt());
        }

        /** Money for it was taken, and this payment is another one. */
        boolean isTakenTwice(WebhookCommand payment) {
            boolean taken = status == OrderStatus.PAID || late != null || refund;
            return taken && paymentId != null && payment.paymentId() != null && !paymentId.equals(payment.paymentId());
        }
    }

    private record Waiter(String call, Request request, boolean replayed) {}

    private record Parked(WebhookCommand payment, Instant at) {}

    private record Payment(Instant at, Request request) {}

    private final Terms terms;
    private final boolean streamsOrder;
    private final Promises promises;
    private final Map<String, HoldRedeemed> redemptions = new HashMap<>();
    private final Map<String, OrderBook> orders = new HashMap<>();
    private final Map<String, OrderStatus> outcomes = new HashMap<>();
    private final Map<String, List<Parked>> parked = new HashMap<>();
    private final Map<String, Payment> payments = new HashMap<>();
    private final Map<String, Instant> refunds = new HashMap<>();

    OrderBooks(Terms terms, boolean streamsOrder, Promises promises) {
        this.terms = terms;
        this.streamsOrder = streamsOrder;
        this.promises = promises;
    }

    /** The inventory made this order of a hold. */
    void redeemed(HoldRedeemed e) {
        redemptions.put(e.orderId(), e);
        outcomes.remove(e.orderId());
    }

    /** How the order ended, also when it is forgotten; null if it did not. */
    OrderStatus outcomeOf(String orderId) {
        return outcomes.get(orderId);
    }

    // ---- what has to be decided, as names of events

    List<String> expected(OrderInput input, Instant time, Asked asked) {
        return switch (input) {
            case HoldRedeemed event -> expectedOf(event);
            case WebhookCommand payment -> isRepeated(payment, asked) ? List.of() : expectedOf(payment, time);
            case CancelOrder command -> isPending(command.orderId()) ? List.of("OrderCancelled") : List.of();
            case StockReacquired event -> isLate(event.orderId()) ? List.of("OrderPaid") : List.of();
            case ReacquireRefused event -> isLate(event.orderId()) ? List.of("RefundRequired") : List.of();
            case ExpirePayment tick ->
                isPending(tick.orderId()) && orders.get(tick.orderId()).isDueAt(time)
                        ? List.of("OrderCancelled")
                        : List.of();
            case ExpireParkedPayments tick ->
                parked.getOrDefault(tick.orderId(), List.of()).stream()
                        .filter(each -> !time.isBefore(each.at().plus(terms.parkingTime())))
                        .map(ignored -> "PaymentUnmatched")
                        .toList();
            default -> List.of();
        };
    }

    private List<String> expectedOf(HoldRedeemed event) {
        List<String> expected = new ArrayList<>();
        if (orders.containsKey(event.orderId())) {
            return expected;
        }
        expected.add("OrderCreated");
        BigDecimal amount = event.unitPrice().multiply(BigDecimal.valueOf(event.quantity()));
        WebhookCommand good = null;
        boolean failed = false;
        for (Parked each : parked.getOrDefault(event.orderId(), List.of())) {
            WebhookCommand payment = each.payment();
            boolean costs = (payment.amount() == null || payment.amount().compareTo(amount) == 0)
                    && (payment.currency() == null || payment.currency().equals(event.currency()));
            if (payment instanceof PaymentFailed) {
                failed = true;
            } else if (!costs) {
                expected.add("PaymentMismatched");
            } else if (good == null) {
                good = payment;
                expected.add("OrderPaid");
            } else if (areTwo(good, payment)) {
                expected.add("RefundRequired");
            }
        }
        if (good == null && failed) {
            expected.add("OrderCancelled");
        }
        return expected;
    }

    private static boolean areTwo(WebhookCommand first, WebhookCommand second) {
        return first.paymentId() != null
                && second.paymentId() != null
                && !first.paymentId().equals(second.paymentId());
    }

    private List<String> expectedOf(WebhookCommand payment, Instant time) {
        OrderBook order = orders.get(payment.orderId());
        if (order == null) {
            boolean full = parked.getOrDefault(payment.orderId(), List.of()).size() >= Limits.MAX_PARKED_PAYMENTS;
            return full ? List.of("PaymentUnmatched") : List.of();
        }
        if (streamsOrder && order.reason == CancelReason.PAYMENT_EXPIRED) {
            require(
                    order.isDueAt(time),
                    Rule.ORDER_ENDS_ONCE,
                    "a payment of ",
                    time,
                    " finds its order ended by its deadline ",
                    order.created.paymentDueAt());
        }
        if (payment instanceof PaymentFailed) {
            return order.isPending() ? List.of("OrderCancelled") : List.of();
        }
        if (!order.costs(payment)) {
            return List.of("PaymentMismatched");
        }
        if (order.isTakenTwice(payment)) {
            return List.of("RefundRequired");
        }
        if (order.isPending() && !order.isDueAt(time)) {
            return List.of("OrderPaid");
        }
        String late = isRefundedAtOnce(order) ? "RefundRequired" : "LatePaymentReceived";
        if (order.isPending()) {
            return List.of("OrderCancelled", late);
        }
        return order.status == OrderStatus.CANCELLED && !order.refund && order.late == null ? List.of(late) : List.of();
    }

    /** Nobody wants the order any more, or the shop does not sell late. */
    private boolean isRefundedAtOnce(OrderBook order) {
        return terms.refundsLate() || order.reason == CancelReason.REQUESTED;
    }

    private boolean isPending(String orderId) {
        return orders.containsKey(orderId) && orders.get(orderId).isPending();
    }

    private boolean isLate(String orderId) {
        return orders.containsKey(orderId) && orders.get(orderId).late != null;
    }

    /** A webhook whose key or whose payment is known, under whatever event id. */
    boolean isRepeated(OrderInput input, Asked asked) {
        return input instanceof WebhookCommand payment && (!asked.isNew() || isKnown(payment));
    }

    private boolean isKnown(WebhookCommand payment) {
        return payment.paymentId() != null && payments.containsKey(keyOf(payment));
    }

    private static String keyOf(WebhookCommand payment) {
        return payment.orderId() + " " + payment.paymentId() + " "
                + payment.getClass().getSimpleName();
    }

    // ---- events

    void write(OrderEvent event, Step step) {
        OrderBook order = orders.get(event.orderId());
        require(
                order != null || event instanceof OrderCreated || event instanceof PaymentUnmatched,
                Rule.ONE_HOLD_ONE_ORDER,
                "an event of no order: ",
                event);
        switch (event) {
            case OrderCreated e -> create(order, e, step);
            case OrderPaid e -> pay(order, e, step);
            case OrderCancelled e -> cancel(order, e, step);
            case LatePaymentReceived e -> takeLate(order, e, step);
            case RefundRequired e -> refund(order, e, step);
            case PaymentUnmatched e -> unmatch(order, e, step);
            case PaymentMismatched e ->
                require(
                        e.expectedAmount().equals(order.created.amount())
                                && e.expectedCurrency().equals(order.created.currency()),
                        Rule.CLAIM,
                        "not what the order costs: ",
                        e);
        }
    }

    private void create(OrderBook order, OrderCreated e, Step step) {
        require(order == null, Rule.ONE_HOLD_ONE_ORDER, "created again: ", e);
        HoldRedeemed redeemed = redemptions.remove(e.orderId());
        require(redeemed != null, Rule.ONE_HOLD_ONE_ORDER, "created without a redeemed hold: ", e);
        Duration window = redeemed.paymentWindowSeconds() == null
                ? terms.paymentWindow()
                : Duration.ofSeconds(redeemed.paymentWindowSeconds());
        require(
                e.equals(new OrderCreated(
                        redeemed.productId(),
                        redeemed.orderId(),
                        redeemed.holdId(),
                        redeemed.quantity(),
                        redeemed.customerId(),
                        redeemed.unitPrice(),
                        redeemed.unitPrice().multiply(BigDecimal.valueOf(redeemed.quantity())),
                        redeemed.currency(),
                        step.time(),
                        step.time().plus(window))),
                Rule.DECISION,
                "not the redeemed hold: ",
                e);
        orders.put(e.orderId(), new OrderBook(e));
    }

    private void pay(OrderBook order, OrderPaid e, Step step) {
        require(e.quantity() == order.created.quantity(), Rule.CONSERVATION, "not the order's quantity: ", e);
        require(order.status != OrderStatus.PAID, Rule.ORDER_ENDS_ONCE, "paid again: ", e);
        if (order.status == OrderStatus.CANCELLED) {
            require(
                    order.late != null && step.input() instanceof StockReacquired,
                    Rule.LATE_PAYMENT,
                    "paid after its end without its stock: ",
                    e);
            require(
                    Objects.equals(e.paymentId(), order.paymentId),
                    Rule.LATE_PAYMENT,
                    "paid by another payment than ",
                    order.paymentId,
                    ": ",
                    e);
        } else if (step.input() instanceof WebhookCommand payment) {
            require(
                    payment instanceof PaymentSucceeded && Objects.equals(e.paymentId(), payment.paymentId()),
                    Rule.DECISION,
                    "paid by a failure or by another payment: ",
                    e);
            require(order.costs(payment), Rule.DECISION, "paid by another amount: ", e);
            require(!order.isDueAt(step.time()), Rule.ORDER_ENDS_ONCE, "paid in time, but too late: ", e);
        }
        order.paymentId = e.paymentId();
        order.reason = null;
        order.late = null;
        end(order, OrderStatus.PAID, step);
    }

    private void cancel(OrderBook order, OrderCancelled e, Step step) {
        require(e.quantity() == order.created.quantity(), Rule.CONSERVATION, "not the order's quantity: ", e);
        require(order.isPending(), Rule.ORDER_ENDS_ONCE, "ended before: ", e);
        CancelReason right = order.isDueAt(step.time())
                ? CancelReason.PAYMENT_EXPIRED
                : step.input() instanceof CancelOrder ? CancelReason.REQUESTED : CancelReason.PAYMENT_FAILED;
        require(
                e.reason() == right,
                Rule.ORDER_ENDS_ONCE,
                e,
                " at ",
                step.time(),
                ", its deadline is ",
                order.created.paymentDueAt());
        order.reason = e.reason();
        end(order, OrderStatus.CANCELLED, step);
    }

    private void end(OrderBook order, OrderStatus how, Step step) {
        order.status = how;
        order.endedAt = step.time();
        outcomes.put(order.created.orderId(), how);
    }

    private void takeLate(OrderBook order, LatePaymentReceived e, Step step) {
        require(
                order.status == OrderStatus.CANCELLED && order.late == null && !order.refund,
                Rule.LATE_PAYMENT,
                "not late: ",
                e);
        require(!isRefundedAtOnce(order), Rule.LATE_PAYMENT, "nobody wants the order any more: ", e);
        require(e.quantity() == order.created.quantity(), Rule.CONSERVATION, "not the order's quantity: ", e);
        require(
                step.input() instanceof PaymentSucceeded payment && Objects.equals(payment.paymentId(), e.paymentId()),
                Rule.LATE_PAYMENT,
                "not a payment: ",
                e);
        order.late = (PaymentSucceeded) step.input();
        order.paymentId = e.paymentId();
    }

    private void refund(OrderBook order, RefundRequired e, Step step) {
        WebhookCommand payment = paymentOf(order, e, step.input());
        require(
                e.equals(new RefundRequired(
                        order.created.productId(),
                        order.created.orderId(),
                        payment.paymentId(),
                        payment.amount() == null ? order.created.amount() : payment.amount(),
                        payment.currency() == null ? order.created.currency() : payment.currency())),
                Rule.REFUND,
                "not what was paid by ",
                payment,
                ": ",
                e);
        if (e.paymentId() != null) {
            require(refunds.put(keyOf(payment), step.time()) == null, Rule.REFUND, "asked for again: ", e);
        }
        if (order.isTakenTwice(payment)) {
            return;
        }
        require(
                order.status == OrderStatus.CANCELLED && !order.refund,
                Rule.REFUND,
                "paid back although it is paid or paid back: ",
                e);
        order.refund = true;
        order.paymentId = payment.paymentId();
        order.late = null;
        // Only of this refund the inventory knows: its hold is kept for as long.
        order.endedAt = step.input() instanceof ReacquireRefused ? step.time() : order.endedAt;
    }

    private WebhookCommand paymentOf(OrderBook order, RefundRequired e, Object input) {
        return switch (input) {
            case ReacquireRefused ignored -> {
                require(order.late != null, Rule.LATE_PAYMENT, "a refund without a late payment: ", e);
                yield order.late;
            }
            case PaymentSucceeded payment -> {
                require(
                        order.isTakenTwice(payment) || order.late == null && isRefundedAtOnce(order),
                        Rule.LATE_PAYMENT,
                        "paid back without asking for its stock: ",
                        e);
                yield payment;
            }
            case HoldRedeemed redeemed ->
                parked.getOrDefault(redeemed.orderId(), List.of()).stream()
                        .map(Parked::payment)
                        .filter(each -> each instanceof PaymentSucceeded
                                && order.isTakenTwice(each)
                                && Objects.equals(each.paymentId(), e.paymentId()))
                        .findFirst()
                        .orElseThrow(() -> new Breach(Rule.REFUND, "not a second payment: " + e));
            default -> throw new Breach(Rule.LATE_PAYMENT, "a refund of nothing: " + e);
        };
    }

    private void unmatch(OrderBook order, PaymentUnmatched e, Step step) {
        require(order == null, Rule.DECISION, "there is an order: ", e);
        if (step.input() instanceof WebhookCommand payment) {
            // The parking place is full, as was expected.
            require(e.equals(unmatched(payment)), Rule.CLAIM, "not the payment: ", e);
            return;
        }
        List<Parked> kept = parked.getOrDefault(e.orderId(), List.of());
        Optional<Parked> due = kept.stream()
                .filter(each -> e.equals(unmatched(each.payment()))
                        && !step.time().isBefore(each.at().plus(terms.parkingTime())))
                .findFirst();
        require(due.isPresent(), Rule.DECISION, "not a parked payment that is due: ", e);
        kept.remove(due.get());
    }

    private static PaymentUnmatched unmatched(WebhookCommand payment) {
        return new PaymentUnmatched(
                payment.productId(),
                payment.orderId(),
                payment instanceof PaymentSucceeded,
                payment.paymentId(),
                payment.amount(),
                payment.currency());
    }

    // ---- answers

    /** Owes what callers are to be told of this step. Called when its events are written. */
    void settle(Step step, Asked asked) {
        switch (step.input()) {
            case HoldRedeemed redeemed -> {
                OrderBook order = orders.get(redeemed.orderId());
                parked.remove(redeemed.orderId());
                boolean again = order.first != null;
                if (!again) {
                    order.first = view(order, null);
                }
                promises.owe(step.call(), null, new OrderAnswer(order.first, again));
            }
            case RedeemRejected rejected -> {
                OrderBook order = orders.get("o_" + rejected.holdId().substring(2));
                if (rejected.repeated() && order != null) {
                    promises.owe(step.call(), null, new OrderAnswer(order.first, true));
                }
            }
            case CancelOrder command -> promises.owe(step.call(), null, replyTo(command, step));
            case WebhookCommand payment -> settle(payment, step, asked);
            case StockReacquired event -> tellWaiting(event.orderId());
            case ReacquireRefused event -> tellWaiting(event.orderId());
            default -> {}
        }
    }

    private Reply replyTo(CancelOrder command, Step step) {
        OrderBook order = orders.get(command.orderId());
        if (order == null) {
            return new Refused(Refusal.of(RefusalCode.ORDER_NOT_FOUND, ""), false);
        }
        return order.status == OrderStatus.PAID
                ? new Refused(Refusal.of(RefusalCode.ORDER_ALREADY_PAID, ""), false)
                : new OrderAnswer(
                        view(order, order.refund ? true : null), step.events().isEmpty());
    }

    private void settle(WebhookCommand payment, Step step, Asked asked) {
        OrderBook order = orders.get(payment.orderId());
        if (asked.kind() == Kind.OTHER) {
            promises.owe(step.call(), null, new Refused(Refusal.of(RefusalCode.IDEMPOTENCY_KEY_REUSED, ""), false));
        } else if (asked.kind() == Kind.SAME) {
            owe(step, asked.request(), order, asked.request().reply, true);
        } else if (isKnown(payment)) {
            PaymentAnswer first = (PaymentAnswer) payments.get(keyOf(payment)).request().reply;
            boolean waits = first == null && order != null && order.late != null;
            PaymentAnswer reply = waits || first != null && first.code() != null ? first : answer(payment, order, null);
            Request request = promises.remember(payment, step.time(), reply);
            owe(step, request, order, reply, true);
        } else {
            PaymentAnswer reply = firstAnswer(payment, step, order);
            Request request = promises.remember(payment, step.time(), reply);
            if (payment.paymentId() != null) {
                payments.put(keyOf(payment), new Payment(step.time(), request));
            }
            owe(step, request, order, reply, false);
        }
    }

    /** What a payment is told that nobody has heard of, or null if it waits for the inventory. */
    private PaymentAnswer firstAnswer(WebhookCommand payment, Step step, OrderBook order) {
        if (order == null) {
            if (step.events().isEmpty()) {
                parked.computeIfAbsent(payment.orderId(), ignored -> new ArrayList<>())
                        .add(new Parked(payment, step.time()));
            }
            return answer(payment, null, null);
        }
        if (payment instanceof PaymentFailed) {
            return answer(payment, order, null);
        }
        if (!order.costs(payment)) {
            return answer(payment, order, MISMATCH);
        }
        if (order.isTakenTwice(payment)) {
            return answer(payment, order, DUPLICATE);
        }
        return order.late == null ? answer(payment, order, null) : null;
    }

    /** @param reply null if it is what becomes of the order's late payment */
    private void owe(Step step, Request request, OrderBook order, Reply reply, boolean replayed) {
        if (reply == null && order != null && order.late != null) {
            order.waiters.add(new Waiter(step.call(), request, replayed));
            promises.owe(step.call(), request, null);
        } else if (reply != null) {
            promises.owe(step.call(), request, replayed ? Promises.replayed(reply) : reply);
        }
    }

    private void tellWaiting(String orderId) {
        OrderBook order = orders.get(orderId);
        if (order == null) {
            return;
        }
        PaymentAnswer answer = answer(order, null);
        for (Waiter waiter : order.waiters) {
            waiter.request().reply = answer;
            promises.owe(waiter.call(), waiter.request(), waiter.replayed() ? Promises.replayed(answer) : answer);
        }
        order.waiters.clear();
    }

    private static PaymentAnswer answer(WebhookCommand payment, OrderBook order, String code) {
        return order == null
                ? new PaymentAnswer(payment.orderId(), PaymentStatus.AWAITING_ORDER, null, null, code, false)
                : answer(order, code);
    }

    private static PaymentAnswer answer(OrderBook order, String code) {
        PaymentStatus status = PaymentStatus.valueOf(order.status.name());
        return new PaymentAnswer(
                order.created.orderId(), status, order.reason, order.refund ? true : null, code, false);
    }

    private static OrderView view(OrderBook order, Boolean refund) {
        OrderCreated created = order.created;
        return new OrderView(
                created.orderId(),
                created.holdId(),
                created.productId(),
                created.quantity(),
                created.unitPrice(),
                created.amount(),
                created.currency(),
                order.status,
                created.paymentDueAt(),
                order.reason,
                refund);
    }

    // ---- forgetting

    /** What is not needed any longer at this time leaves the books, too. */
    void forget(Instant time) {
        Instant webhooksUntil = time.minus(terms.webhookKeys());
        promises.forget(List.of("webhook"), webhooksUntil);
        payments.values().removeIf(payment -> !payment.at().isAfter(webhooksUntil));
        refunds.values().removeIf(at -> !at.isAfter(webhooksUntil));
        orders.values()
                .removeIf(order -> order.endedAt != null
                        && order.late == null
                        && !time.isBefore(order.endedAt.plus(terms.orders())));
    }

    // ---- the end

    void requireNothingOpen() {
        orders.forEach((id, order) ->
                require(!order.isPending() && order.late == null, Rule.NOTHING_STUCK, id, " is still open"));
        parked.forEach((id, kept) -> require(kept.isEmpty(), Rule.NOTHING_STUCK, id, " has parked payments"));
        redemptions.keySet().forEach(id -> {
            throw new Breach(Rule.NOTHING_STUCK, id + " was redeemed, but never created");
        });
    }
}
