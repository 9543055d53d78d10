package io.flashsale.model;

import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.HoldRedeemed;
import io.flashsale.contracts.InventoryEvent.ReacquireRefused;
import io.flashsale.contracts.InventoryEvent.RedeemRejected;
import io.flashsale.contracts.InventoryEvent.StockReacquired;
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.OrderInput;
import io.flashsale.contracts.OrderStatus;
import io.flashsale.contracts.OrderTick.ExpireParkedPayments;
import io.flashsale.contracts.OrderTick.ExpirePayment;
import io.flashsale.contracts.OrderTick.SweepOrders;
import io.flashsale.contracts.ReplyTo;
import io.flashsale.contracts.WebhookCommand;
import io.flashsale.orders.domain.Decision;
import io.flashsale.orders.domain.Order;
import io.flashsale.orders.domain.OrderFact;
import io.flashsale.orders.domain.OrderRules;
import io.flashsale.orders.domain.OrderState;
import io.flashsale.orders.domain.ParkedPayments;
import io.flashsale.orders.domain.WebhookRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The orders' rules with maps for stores. */
final class OrdersApp {

    /** Under which keys a state stands; empty where there is none. */
    private record Keys(String orderId, String webhook, String payment) {}

    /** One change of state and the keys it is about, or the log time of a sweep. */
    private record Change(Keys keys, OrderFact fact, Instant swept) {}

    private final OrderRules rules;
    private final Map<String, Order> orders = new TreeMap<>();
    private final Map<String, ParkedPayments> parked = new TreeMap<>();
    private final Map<String, WebhookRecord> webhooks = new HashMap<>();
    private final Retained retained = new Retained();
    private final List<Change> changes = new ArrayList<>();

    OrdersApp(OrderRules rules) {
        this.rules = rules;
    }

    /** Load, decide, apply, store. */
    Decision process(OrderInput input, Instant time, ReplyTo caller) {
        Keys keys = keysOf(input);
        OrderState before = load(keys);
        Decision decision = rules.decide(before, input, time, caller);
        OrderState after = before;
        for (OrderFact fact : decision.facts()) {
            after = rules.apply(after, fact);
            changes.add(new Change(keys, fact, null));
        }
        store(keys, before, after);
        if (input instanceof SweepOrders) {
            sweep(time);
            changes.add(new Change(null, null, time));
        }
        return decision;
    }

    /** The same application with a state rebuilt fact by fact. */
    OrdersApp rebuilt() {
        OrdersApp rebuilt = new OrdersApp(rules);
        for (Change change : changes) {
            if (change.swept() != null) {
                rebuilt.sweep(change.swept());
            } else {
                OrderState state = rebuilt.load(change.keys());
                rebuilt.store(change.keys(), state, rules.apply(state, change.fact()));
            }
        }
        rebuilt.changes.addAll(changes);
        return rebuilt;
    }

    private void sweep(Instant time) {
        retained.sweep(time, id -> {
            if (orders.containsKey(id) && orders.get(id).isOver(time)) {
                orders.remove(id);
            }
            if (webhooks.containsKey(id) && webhooks.get(id).isOver(time)) {
                webhooks.remove(id);
            }
        });
    }

    List<Order> pendingOrders() {
        return orders.values().stream()
                .filter(order -> order.status() == OrderStatus.PENDING_PAYMENT)
                .toList();
    }

    /** By order id. */
    Map<String, ParkedPayments> parkedPayments() {
        return parked;
    }

    List<Object> stores() {
        return List.of(orders, parked, webhooks);
    }

    /** What should be forgotten in the end. */
    Stream<String> left() {
        return Stream.of(orders, parked, webhooks)
                .flatMap(store -> store.entrySet().stream())
                .map(Object::toString);
    }

    private OrderState load(Keys keys) {
        return new OrderState(
                orders.get(keys.orderId()),
                parked.get(keys.orderId()),
                webhooks.get(keys.webhook()),
                webhooks.get(keys.payment()));
    }

    private void store(Keys keys, OrderState before, OrderState after) {
        put(orders, keys.orderId(), after.order());
        put(parked, keys.orderId(), after.parked());
        store(keys.webhook(), before.webhook(), after.webhook());
        store(keys.payment(), before.payment(), after.payment());
        Instant end = after.order() == null ? null : after.order().keptUntil();
        if (end != null && (before.order() == null || !end.equals(before.order().keptUntil()))) {
            retained.keep(keys.orderId(), end);
        }
    }

    private void store(String key, WebhookRecord before, WebhookRecord after) {
        put(webhooks, key, after);
        if (after != null && after != before) {
            retained.keep(key, after.keptUntil());
        }
    }

    private static <T> void put(Map<String, T> store, String key, T value) {
        if (value == null) {
            store.remove(key);
        } else {
            store.put(key, value);
        }
    }

    private static Keys keysOf(OrderInput input) {
        return switch (input) {
            case HoldRedeemed event -> ofOrder(event.orderId());
            case RedeemRejected event -> ofOrder(OrderId.ofHold(event.holdId()));
            case StockReacquired event -> ofOrder(event.orderId());
            case ReacquireRefused event -> ofOrder(event.orderId());
            case WebhookCommand command ->
                new Keys(
                        command.orderId(),
                        command.productId() + " key " + command.idempotencyKey(),
                        command.paymentId() == null ? "" : paymentKey(command));
            case CancelOrder command -> ofOrder(command.orderId());
            case CreateOrder ignored -> ofOrder("");
            case ExpirePayment tick -> ofOrder(tick.orderId());
            case ExpireParkedPayments tick -> ofOrder(tick.orderId());
            case SweepOrders ignored -> ofOrder("");
            case InventoryEvent ignored -> ofOrder("");
        };
    }

    private static String paymentKey(WebhookCommand command) {
        return command.orderId() + " payment " + command.paymentId() + " "
                + command.getClass().getSimpleName();
    }

    private static Keys ofOrder(String orderId) {
        return new Keys(orderId, "", "");
    }
}
