package io.flashsale.model;

import static io.flashsale.model.Auditor.require;

import io.flashsale.contracts.CancelReason;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldStatus;
import io.flashsale.contracts.HoldView;
import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.HoldExpired;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.InventoryEvent.HoldRedeemed;
import io.flashsale.contracts.InventoryEvent.HoldRejected;
import io.flashsale.contracts.InventoryEvent.ProductDefined;
import io.flashsale.contracts.InventoryEvent.ReacquireRefused;
import io.flashsale.contracts.InventoryEvent.RedeemRejected;
import io.flashsale.contracts.InventoryEvent.StockReacquired;
import io.flashsale.contracts.InventoryEvent.StockReturned;
import io.flashsale.contracts.InventoryEvent.StockSold;
import io.flashsale.contracts.InventoryTick.ExpireHold;
import io.flashsale.contracts.Limits;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderEvent.LatePaymentReceived;
import io.flashsale.contracts.OrderEvent.OrderCancelled;
import io.flashsale.contracts.OrderEvent.OrderCreated;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.contracts.OrderEvent.PaymentMismatched;
import io.flashsale.contracts.OrderEvent.PaymentUnmatched;
import io.flashsale.contracts.OrderEvent.RefundRequired;
import io.flashsale.contracts.OrderStatus;
import io.flashsale.contracts.OrderTick.ExpireParkedPayments;
import io.flashsale.contracts.OrderTick.ExpirePayment;
import io.flashsale.contracts.OrderView;
import io.flashsale.contracts.PaymentStatus;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.ProductView;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.Reply.PaymentAnswer;
import io.flashsale.contracts.SaleStatus;
import io.flashsale.contracts.WebhookCommand;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import io.flashsale.model.Auditor.Rule;
import io.flashsale.model.Trace.Step;
import io.flashsale.model.Trace.Terms;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The auditor's own books: written from events only, each of which must be possible where it stands. */
final class AuditBooks {

    /** A rule is broken. */
    static final class Breach extends RuntimeException {

        private static final long serialVersionUID = 1L;
        private final transient Rule rule;

        Breach(Rule rule, String what) {
            super(what);
            this.rule = rule;
        }

        Rule rule() {
            return rule;
        }
    }

    private enum Units {
        HELD,
        EXPIRED,
        PENDING,
        SOLD,
        RETURNED
    }

    private static final class ProductBook {
        ProductDefined definition;
        int available;
        int held;
        int pending;
        int sold;
        int activeHolds;
        long revision;
        Instant changedAt;

        int committed() {
            return held + pending + sold;
        }
    }

    private static final class HoldBook {
        final HoldPlaced placed;
        Units units = Units.HELD;
        int returns;

        HoldBook(HoldPlaced placed) {
            this.placed = placed;
        }
    }

    private static final class OrderBook {
        final OrderCreated created;
        OrderStatus status = OrderStatus.PENDING_PAYMENT;
        CancelReason reason;
        OrderView first;
        boolean refund;
        LatePaymentReceived late;
        final List<String> waitingKeys = new ArrayList<>();

        OrderBook(OrderCreated created) {
            this.created = created;
        }

        boolean costs(WebhookCommand payment) {
            return (payment.amount() == null || payment.amount().compareTo(created.amount()) == 0)
                    && (payment.currency() == null || payment.currency().equals(created.currency()));
        }

        boolean isDueAt(Instant time) {
            return !time.isBefore(created.paymentDueAt());
        }
    }

    private record Parked(WebhookCommand payment, Instant at) {}

    private final Terms terms;
    private final boolean streamsOrder;
    private final Map<String, ProductBook> products = new HashMap<>();
    private final Map<String, HoldBook> holds = new HashMap<>();
    private final Map<String, Refusal> refusedHolds = new HashMap<>();
    private final Map<String, HoldRedeemed> redemptions = new HashMap<>();
    private final Map<String, Refusal> refusedOrders = new HashMap<>();
    private final Map<String, OrderBook> orders = new HashMap<>();
    private final Map<String, List<Parked>> parked = new HashMap<>();
    private final Map<String, PaymentAnswer> paymentAnswers = new HashMap<>();

    AuditBooks(Terms terms, boolean streamsOrder) {
        this.terms = terms;
        this.streamsOrder = streamsOrder;
    }

    // ---- what had to be decided, as names of events

    List<String> expected(Step step, boolean repeated, boolean otherPayload) {
        Instant time = step.time();
        return switch (step.input()) {
            case DefineProduct command -> expectedOf(command);
            case PlaceHold command -> repeated ? List.of() : List.of(expectedOf(command));
            case CreateOrder command -> expectedOf(command, time, repeated, otherPayload);
            case ExpireHold tick -> isOverdue(tick.holdId(), time) ? List.of("HoldExpired") : List.of();
            case OrderPaid event -> unitsAre(event, Units.PENDING) ? List.of("StockSold") : List.of();
            case OrderCancelled event -> unitsAre(event, Units.PENDING) ? List.of("StockReturned") : List.of();
            case LatePaymentReceived event ->
                List.of(
                        unitsAre(event, Units.RETURNED) && products.get(event.productId()).available >= event.quantity()
                                ? "StockReacquired"
                                : "ReacquireRefused");
            case HoldRedeemed event -> expectedOf(event);
            case WebhookCommand payment -> repeated ? List.of() : expectedOf(payment, time);
            case StockReacquired event -> isLate(event.orderId()) ? List.of("OrderPaid") : List.of();
            case ReacquireRefused event -> isLate(event.orderId()) ? List.of("RefundRequired") : List.of();
            case ExpirePayment tick -> {
                OrderBook order = orders.get(tick.orderId());
                yield order != null && order.status == OrderStatus.PENDING_PAYMENT && order.isDueAt(time)
                        ? List.of("OrderCancelled")
                        : List.of();
            }
            case ExpireParkedPayments tick ->
                parked.getOrDefault(tick.orderId(), List.of()).stream()
                        .filter(each -> !time.isBefore(each.at().plus(terms.parkingTime())))
                        .map(ignored -> "PaymentUnmatched")
                        .toList();
            default -> List.of();
        };
    }

    private List<String> expectedOf(DefineProduct command) {
        ProductBook product = products.get(command.productId());
        if (product == null) {
            return List.of("ProductDefined");
        }
        ProductDefined now = product.definition;
        boolean same = command.name().equals(now.name())
                && command.price().equals(now.price())
                && command.totalStock() == now.totalStock()
                && (command.currency() == null || command.currency().equals(now.currency()))
                && (command.holdTtlSeconds() == null || command.holdTtlSeconds() == now.holdTtlSeconds());
        return same || command.totalStock() < product.committed() ? List.of() : List.of("ProductDefined");
    }

    private String expectedOf(PlaceHold command) {
        ProductBook product = products.get(command.productId());
        return product == null || product.available < command.quantity() ? "HoldRejected" : "HoldPlaced";
    }

    private List<String> expectedOf(CreateOrder command, Instant time, boolean repeated, boolean otherPayload) {
        if (repeated) {
            String key = "order " + command.productId() + " " + command.idempotencyKey();
            return otherPayload || refusedOrders.containsKey(key) ? List.of() : List.of("RedeemRejected");
        }
        if (isOverdue(command.holdId(), time)) {
            return List.of("HoldExpired", "RedeemRejected");
        }
        HoldBook hold = holds.get(command.holdId());
        return List.of(hold != null && hold.units == Units.HELD ? "HoldRedeemed" : "RedeemRejected");
    }

    private List<String> expectedOf(HoldRedeemed event) {
        List<String> expected = new ArrayList<>();
        if (orders.containsKey(event.orderId())) {
            return expected;
        }
        expected.add("OrderCreated");
        BigDecimal amount = event.unitPrice().multiply(BigDecimal.valueOf(event.quantity()));
        boolean good = false;
        boolean failed = false;
        for (Parked each : parked.getOrDefault(event.orderId(), List.of())) {
            boolean costs =
                    (each.payment().amount() == null || each.payment().amount().compareTo(amount) == 0)
                            && (each.payment().currency() == null
                                    || each.payment().currency().equals(event.currency()));
            switch (each.payment()) {
                case PaymentFailed ignored -> failed = true;
                case PaymentSucceeded ignored -> {
                    good |= costs;
                    if (!costs) {
                        expected.add("PaymentMismatched");
                    }
                }
            }
        }
        if (good) {
            expected.add("OrderPaid");
        } else if (failed) {
            expected.add("OrderCancelled");
        }
        return expected;
    }

    private List<String> expectedOf(WebhookCommand payment, Instant time) {
        OrderBook order = orders.get(payment.orderId());
        if (order == null) {
            boolean full = parked.getOrDefault(payment.orderId(), List.of()).size() >= Limits.MAX_PARKED_PAYMENTS;
            return full ? List.of("PaymentUnmatched") : List.of();
        }
        boolean pending = order.status == OrderStatus.PENDING_PAYMENT;
        if (streamsOrder && order.reason == CancelReason.PAYMENT_EXPIRED) {
            require(
                    order.isDueAt(time),
                    Rule.ORDER_ENDS_ONCE,
                    "a payment of " + time + " finds its order ended by its deadline " + order.created.paymentDueAt());
        }
        if (payment instanceof PaymentFailed) {
            return pending ? List.of("OrderCancelled") : List.of();
        }
        if (!order.costs(payment)) {
            return List.of("PaymentMismatched");
        }
        if (pending) {
            return order.isDueAt(time) ? List.of("OrderCancelled", "LatePaymentReceived") : List.of("OrderPaid");
        }
        boolean askInventory = order.status == OrderStatus.CANCELLED && !order.refund && order.late == null;
        return askInventory ? List.of("LatePaymentReceived") : List.of();
    }

    private boolean isOverdue(String holdId, Instant time) {
        HoldBook hold = holds.get(holdId);
        return hold != null && hold.units == Units.HELD && !time.isBefore(hold.placed.expiresAt());
    }

    private boolean unitsAre(OrderEvent event, Units units) {
        HoldBook hold = holds.get("h_" + event.orderId().substring(2));
        return hold != null && hold.units == units;
    }

    private boolean isLate(String orderId) {
        return orders.containsKey(orderId) && orders.get(orderId).late != null;
    }

    // ---- inventory events

    void write(InventoryEvent event, Step step) {
        ProductBook product = products.get(event.productId());
        if (product == null) {
            product = new ProductBook();
        }
        switch (event) {
            case ProductDefined e -> define(product, e);
            case HoldPlaced e -> place(product, e, step);
            case HoldRejected e -> reject(products.get(e.productId()), e);
            case HoldExpired e -> expire(product, e, step);
            case HoldRedeemed e -> redeem(product, e, step);
            case RedeemRejected e -> reject(e, step);
            case StockSold e -> sell(product, e, step);
            case StockReturned e -> giveBack(product, e, step);
            case StockReacquired e -> takeAgain(product, e, step);
            case ReacquireRefused e ->
                require(
                        e.available() == product.available,
                        Rule.CLAIM,
                        "there are " + product.available + " available, not " + e);
        }
        boolean changed = !(event instanceof HoldRejected
                || event instanceof RedeemRejected
                || event instanceof ReacquireRefused);
        if (changed) {
            products.put(event.productId(), product);
            product.revision++;
            product.changedAt = step.time();
        }
        requireConserved(event, product);
    }

    private static void requireConserved(InventoryEvent event, ProductBook product) {
        int total = product.definition == null ? 0 : product.definition.totalStock();
        boolean negative = product.available < 0 || product.held < 0 || product.pending < 0 || product.sold < 0;
        require(
                !negative && product.available + product.committed() == total && product.sold <= total,
                Rule.CONSERVATION,
                "after %s: available %d, held %d, pending %d, sold %d of %d"
                        .formatted(event, product.available, product.held, product.pending, product.sold, total));
    }

    private static void define(ProductBook product, ProductDefined e) {
        product.definition = e;
        product.available = e.totalStock() - product.committed();
    }

    private void place(ProductBook product, HoldPlaced e, Step step) {
        require(
                !holds.containsKey(e.holdId()) && !refusedHolds.containsKey(e.holdId()),
                Rule.HOLD_ENDS_ONCE,
                "placed again: " + e);
        require(product.definition != null, Rule.CONSERVATION, "a hold of no product: " + e);
        require(
                step.input() instanceof PlaceHold asked
                        && asked.holdId().equals(e.holdId())
                        && asked.quantity() == e.quantity()
                        && e.placedAt().equals(step.time())
                        && e.unitPrice().equals(product.definition.price())
                        && e.currency().equals(product.definition.currency())
                        && e.expiresAt().equals(step.time().plusSeconds(product.definition.holdTtlSeconds())),
                Rule.DECISION,
                "not the hold that was asked for: " + e);
        holds.put(e.holdId(), new HoldBook(e));
        product.available -= e.quantity();
        product.held += e.quantity();
        product.activeHolds++;
    }

    private void reject(ProductBook product, HoldRejected e) {
        RefusalCode right = product == null ? RefusalCode.PRODUCT_NOT_FOUND : RefusalCode.INSUFFICIENT_STOCK;
        Integer available = product == null ? null : Integer.valueOf(product.available);
        require(
                e.refusal().code() == right && Objects.equals(e.refusal().available(), available),
                Rule.CLAIM,
                "expected " + right + " with " + available + " available, but got " + e);
        refusedHolds.put(e.holdId(), e.refusal());
    }

    private void expire(ProductBook product, HoldExpired e, Step step) {
        HoldBook hold = holds.get(e.holdId());
        require(hold != null && hold.units == Units.HELD, Rule.HOLD_ENDS_ONCE, "not an active hold: " + e);
        require(
                !step.time().isBefore(hold.placed.expiresAt()),
                Rule.HOLD_GOOD_UNTIL_ITS_END,
                "expired at " + step.time() + ", before " + hold.placed.expiresAt());
        require(e.quantity() == hold.placed.quantity(), Rule.CONSERVATION, "not what was held: " + e);
        hold.units = Units.EXPIRED;
        product.held -= e.quantity();
        product.available += e.quantity();
        product.activeHolds--;
    }

    private void redeem(ProductBook product, HoldRedeemed e, Step step) {
        HoldBook hold = holds.get(e.holdId());
        require(hold != null, Rule.ONE_HOLD_ONE_ORDER, "redeemed without a hold: " + e);
        require(hold.units == Units.HELD, Rule.HOLD_ENDS_ONCE, "not an active hold: " + e);
        require(
                step.time().isBefore(hold.placed.expiresAt()),
                Rule.HOLD_GOOD_UNTIL_ITS_END,
                "redeemed at " + step.time() + ", the end was " + hold.placed.expiresAt());
        require(
                step.input() instanceof CreateOrder asked
                        && asked.holdId().equals(e.holdId())
                        && e.orderId().equals("o_" + e.holdId().substring(2))
                        && e.unitPrice().equals(hold.placed.unitPrice())
                        && e.currency().equals(hold.placed.currency()),
                Rule.ONE_HOLD_ONE_ORDER,
                "not the hold that was ordered: " + e);
        require(e.quantity() == hold.placed.quantity(), Rule.CONSERVATION, "not what was held: " + e);
        hold.units = Units.PENDING;
        redemptions.put(e.orderId(), e);
        product.held -= e.quantity();
        product.pending += e.quantity();
        product.activeHolds--;
    }

    private void reject(RedeemRejected e, Step step) {
        HoldBook hold = holds.get(e.holdId());
        RefusalCode right = hold == null
                ? RefusalCode.HOLD_NOT_FOUND
                : hold.units == Units.EXPIRED ? RefusalCode.HOLD_EXPIRED : RefusalCode.HOLD_ALREADY_USED;
        require(
                hold == null || hold.units != Units.HELD,
                Rule.HOLD_GOOD_UNTIL_ITS_END,
                "refused although the hold is good: " + e);
        require(e.refusal().code() == right, Rule.CLAIM, "expected " + right + ", but got " + e);
        String orderId =
                right == RefusalCode.HOLD_ALREADY_USED ? "o_" + e.holdId().substring(2) : null;
        require(Objects.equals(e.refusal().orderId(), orderId), Rule.CLAIM, "another order: " + e);
        if (streamsOrder && right == RefusalCode.HOLD_EXPIRED) {
            require(
                    !step.time().isBefore(hold.placed.expiresAt()),
                    Rule.HOLD_GOOD_UNTIL_ITS_END,
                    "an order of " + step.time() + " is refused, the end is " + hold.placed.expiresAt());
        }
        if (e.idempotencyKey() != null && !e.repeated()) {
            refusedOrders.put("order " + e.productId() + " " + e.idempotencyKey(), e.refusal());
        }
    }

    private void sell(ProductBook product, StockSold e, Step step) {
        require(
                step.input() instanceof OrderPaid paid && paid.orderId().equals(e.orderId()),
                Rule.ONE_MOVEMENT_PER_EVENT,
                "sold without a payment: " + e);
        HoldBook hold = moved(e.orderId(), e.quantity(), Units.PENDING, Units.SOLD);
        product.pending -= hold.placed.quantity();
        product.sold += hold.placed.quantity();
    }

    private void giveBack(ProductBook product, StockReturned e, Step step) {
        require(
                step.input() instanceof OrderCancelled cancelled
                        && cancelled.orderId().equals(e.orderId()),
                Rule.ONE_MOVEMENT_PER_EVENT,
                "returned without a cancellation: " + e);
        HoldBook hold = moved(e.orderId(), e.quantity(), Units.PENDING, Units.RETURNED);
        hold.returns++;
        // An order that is paid late is never cancelled again, so once is the most there can be.
        require(hold.returns == 1, Rule.ONE_MOVEMENT_PER_EVENT, "returned again: " + e);
        product.pending -= hold.placed.quantity();
        product.available += hold.placed.quantity();
    }

    private void takeAgain(ProductBook product, StockReacquired e, Step step) {
        require(
                step.input() instanceof LatePaymentReceived late
                        && late.orderId().equals(e.orderId()),
                Rule.LATE_PAYMENT,
                "taken again without a late payment: " + e);
        HoldBook hold = moved(e.orderId(), e.quantity(), Units.RETURNED, Units.PENDING);
        product.available -= hold.placed.quantity();
        product.pending += hold.placed.quantity();
    }

    private HoldBook moved(String orderId, int quantity, Units from, Units to) {
        HoldBook hold = holds.get("h_" + orderId.substring(2));
        require(
                hold != null && hold.units == from,
                Rule.ONE_MOVEMENT_PER_EVENT,
                orderId + " is not " + from + " and cannot become " + to);
        require(quantity == hold.placed.quantity(), Rule.CONSERVATION, orderId + " has not " + quantity + " units");
        hold.units = to;
        return hold;
    }

    // ---- order events

    void write(OrderEvent event, Step step) {
        OrderBook order = orders.get(event.orderId());
        require(
                order != null || event instanceof OrderCreated || event instanceof PaymentUnmatched,
                Rule.ONE_HOLD_ONE_ORDER,
                "an event of no order: " + event);
        switch (event) {
            case OrderCreated e -> create(order, e, step);
            case OrderPaid e -> pay(order, e, step);
            case OrderCancelled e -> cancel(order, e, step);
            case LatePaymentReceived e -> {
                require(
                        order.status == OrderStatus.CANCELLED && order.late == null && !order.refund,
                        Rule.LATE_PAYMENT,
                        "not late: " + e);
                require(e.quantity() == order.created.quantity(), Rule.CONSERVATION, "not the order's quantity: " + e);
                order.late = e;
            }
            case RefundRequired e -> {
                require(
                        order.late != null && step.input() instanceof ReacquireRefused,
                        Rule.LATE_PAYMENT,
                        "a refund without a late payment that was refused: " + e);
                order.refund = true;
                order.late = null;
            }
            case PaymentUnmatched e -> unmatch(order, e, step);
            case PaymentMismatched e ->
                require(
                        e.expectedAmount().equals(order.created.amount())
                                && e.expectedCurrency().equals(order.created.currency()),
                        Rule.CLAIM,
                        "not what the order costs: " + e);
        }
    }

    private void create(OrderBook order, OrderCreated e, Step step) {
        require(order == null, Rule.ONE_HOLD_ONE_ORDER, "created again: " + e);
        HoldRedeemed redeemed = redemptions.get(e.orderId());
        require(redeemed != null, Rule.ONE_HOLD_ONE_ORDER, "created without a redeemed hold: " + e);
        require(
                e.holdId().equals(redeemed.holdId())
                        && e.quantity() == redeemed.quantity()
                        && e.amount().equals(redeemed.unitPrice().multiply(BigDecimal.valueOf(redeemed.quantity())))
                        && e.currency().equals(redeemed.currency())
                        && e.paymentDueAt().equals(step.time().plus(terms.paymentWindow())),
                Rule.DECISION,
                "not the redeemed hold: " + e);
        orders.put(e.orderId(), new OrderBook(e));
    }

    private static void pay(OrderBook order, OrderPaid e, Step step) {
        require(e.quantity() == order.created.quantity(), Rule.CONSERVATION, "not the order's quantity: " + e);
        require(order.status != OrderStatus.PAID, Rule.ORDER_ENDS_ONCE, "paid again: " + e);
        if (order.status == OrderStatus.CANCELLED) {
            require(
                    order.late != null && step.input() instanceof StockReacquired,
                    Rule.LATE_PAYMENT,
                    "paid after its end without its stock: " + e);
        } else if (step.input() instanceof WebhookCommand payment) {
            require(payment instanceof PaymentSucceeded, Rule.DECISION, "paid by a failure: " + e);
            require(order.costs(payment), Rule.DECISION, "paid by another amount: " + e);
            require(!order.isDueAt(step.time()), Rule.ORDER_ENDS_ONCE, "paid in time, but too late: " + e);
        }
        order.status = OrderStatus.PAID;
        order.reason = null;
        order.late = null;
    }

    private static void cancel(OrderBook order, OrderCancelled e, Step step) {
        require(e.quantity() == order.created.quantity(), Rule.CONSERVATION, "not the order's quantity: " + e);
        require(order.status == OrderStatus.PENDING_PAYMENT, Rule.ORDER_ENDS_ONCE, "ended before: " + e);
        boolean due = order.isDueAt(step.time());
        require(
                (e.reason() == CancelReason.PAYMENT_EXPIRED) == due,
                Rule.ORDER_ENDS_ONCE,
                e + " at " + step.time() + ", its deadline is " + order.created.paymentDueAt());
        order.status = OrderStatus.CANCELLED;
        order.reason = e.reason();
    }

    private void unmatch(OrderBook order, PaymentUnmatched e, Step step) {
        require(order == null, Rule.DECISION, "there is an order: " + e);
        List<Parked> kept = parked.getOrDefault(e.orderId(), List.of());
        if (step.input() instanceof WebhookCommand) {
            return; // the parking place is full, as was expected
        }
        Optional<Parked> due = kept.stream()
                .filter(each -> Objects.equals(each.payment().paymentId(), e.paymentId())
                        && !step.time().isBefore(each.at().plus(terms.parkingTime())))
                .findFirst();
        require(due.isPresent(), Rule.DECISION, "not a parked payment that is due: " + e);
        kept.remove(due.get());
    }

    // ---- after the events of a step

    /** Writes down what callers of this step are to be told, now and later. */
    void settle(Step step, boolean first) {
        switch (step.input()) {
            case HoldRedeemed redeemed -> {
                parked.remove(redeemed.orderId());
                OrderBook order = orders.get(redeemed.orderId());
                if (order.first == null) {
                    order.first = view(order);
                }
            }
            case WebhookCommand payment -> {
                if (first) {
                    settle(payment, step);
                }
            }
            case StockReacquired event -> tellWaiting(event.orderId());
            case ReacquireRefused event -> tellWaiting(event.orderId());
            default -> {}
        }
    }

    private void settle(WebhookCommand payment, Step step) {
        String key = "webhook " + payment.productId() + " " + payment.idempotencyKey();
        OrderBook order = orders.get(payment.orderId());
        if (order == null) {
            List<Parked> kept = parked.computeIfAbsent(payment.orderId(), ignored -> new ArrayList<>());
            if (step.events().isEmpty()) {
                kept.add(new Parked(payment, step.time()));
            }
            paymentAnswers.put(
                    key, new PaymentAnswer(payment.orderId(), PaymentStatus.AWAITING_ORDER, null, null, null, false));
        } else if (order.late != null && payment instanceof PaymentSucceeded && order.costs(payment)) {
            order.waitingKeys.add(key);
        } else {
            boolean mismatch = payment instanceof PaymentSucceeded && !order.costs(payment);
            paymentAnswers.put(key, answer(order, mismatch ? "payment-mismatch" : null));
        }
    }

    private void tellWaiting(String orderId) {
        OrderBook order = orders.get(orderId);
        if (order != null) {
            order.waitingKeys.forEach(key -> paymentAnswers.put(key, answer(order, null)));
            order.waitingKeys.clear();
        }
    }

    private static PaymentAnswer answer(OrderBook order, String code) {
        PaymentStatus status = PaymentStatus.valueOf(order.status.name());
        return new PaymentAnswer(
                order.created.orderId(), status, order.reason, order.refund ? true : null, code, false);
    }

    private static OrderView view(OrderBook order) {
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
                null);
    }

    // ---- what callers must be told

    Object productAnswer(DefineProduct command, Reply reply) {
        ProductBook product = products.get(command.productId());
        if (reply instanceof Reply.Refused refused) {
            boolean right = command.totalStock() < product.committed()
                    && refused.refusal().code() == RefusalCode.STOCK_BELOW_COMMITTED;
            return right ? refused.refusal() : null;
        }
        return command.totalStock() == product.definition.totalStock() ? view(product) : null;
    }

    private static ProductView view(ProductBook product) {
        ProductDefined e = product.definition;
        return new ProductView(
                e.productId(),
                e.name(),
                e.price(),
                e.currency(),
                e.totalStock(),
                product.available,
                product.held + product.pending,
                product.sold,
                product.activeHolds,
                product.available > 0 ? SaleStatus.OPEN : SaleStatus.SOLD_OUT,
                e.holdTtlSeconds(),
                product.changedAt,
                product.revision);
    }

    Object holdAnswer(PlaceHold command) {
        HoldBook hold = holds.get(command.holdId());
        if (hold == null) {
            return refusedHolds.get(command.holdId());
        }
        HoldPlaced e = hold.placed;
        return new HoldView(
                e.holdId(),
                e.productId(),
                e.quantity(),
                HoldStatus.ACTIVE,
                e.expiresAt(),
                e.expiresAt().getEpochSecond() - e.placedAt().getEpochSecond());
    }

    /** @param key the request's, or null if it has none */
    Object orderAnswer(CreateOrder command, String key, Step step) {
        if (key != null && refusedOrders.containsKey(key)) {
            return refusedOrders.get(key);
        }
        if (step.app() == Action.App.INVENTORY) {
            return step.events().stream()
                    .filter(RedeemRejected.class::isInstance)
                    .map(event -> ((RedeemRejected) event).refusal())
                    .findFirst()
                    .orElse(null);
        }
        OrderBook order = orders.get("o_" + command.holdId().substring(2));
        return order == null ? null : order.first;
    }

    Object paymentAnswer(String key) {
        return paymentAnswers.get(key);
    }

    // ---- the end

    void requireNothingOpen() {
        products.forEach((id, product) -> require(
                product.held == 0 && product.pending == 0 && product.activeHolds == 0,
                Rule.NOTHING_STUCK,
                id + " has " + product.held + " held and " + product.pending + " pending at the end"));
        orders.forEach((id, order) -> require(
                order.status != OrderStatus.PENDING_PAYMENT && order.late == null,
                Rule.NOTHING_STUCK,
                id + " is still open"));
        parked.forEach((id, kept) -> require(kept.isEmpty(), Rule.NOTHING_STUCK, id + " has parked payments"));
        redemptions.forEach((id, redeemed) ->
                require(orders.containsKey(id), Rule.NOTHING_STUCK, id + " was redeemed, but never created"));
        holds.forEach((id, hold) -> requireSettled("o_" + id.substring(2), hold));
    }

    private void requireSettled(String orderId, HoldBook hold) {
        OrderBook order = orders.get(orderId);
        Units right = order == null ? Units.EXPIRED : order.status == OrderStatus.PAID ? Units.SOLD : Units.RETURNED;
        require(hold.units == right, Rule.NOTHING_STUCK, orderId + "'s units are " + hold.units + ", not " + right);
    }
}
