package io.flashsale.model;

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
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.OrderInput;
import io.flashsale.contracts.OrderStatus;
import io.flashsale.contracts.OrderTick;
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

/** The orders' rules with maps for stores. */
final class OrdersApp {

    /** One change of state and the keys it is about. */
    private record Change(String orderId, String webhook, OrderFact fact) {}

    private final OrderRules rules;
    private final Map<String, Order> orders = new TreeMap<>();
    private final Map<String, ParkedPayments> parked = new TreeMap<>();
    private final Map<String, WebhookRecord> webhooks = new HashMap<>();
    private final List<Change> changes = new ArrayList<>();

    OrdersApp(OrderRules rules) {
        this.rules = rules;
    }

    /** Load, decide, apply, store. */
    Decision process(OrderInput input, Instant time, ReplyTo caller) {
        String orderId = orderIdOf(input);
        String webhook =
                input instanceof WebhookCommand command ? command.productId() + " " + command.idempotencyKey() : "";
        OrderState state = load(orderId, webhook);
        Decision decision = rules.decide(state, input, time, caller);
        for (OrderFact fact : decision.facts()) {
            state = rules.apply(state, fact);
            changes.add(new Change(orderId, webhook, fact));
        }
        store(state, orderId, webhook);
        return decision;
    }

    /** The same application with a state rebuilt fact by fact. */
    OrdersApp rebuilt() {
        OrdersApp rebuilt = new OrdersApp(rules);
        for (Change change : changes) {
            OrderState state = rebuilt.load(change.orderId, change.webhook);
            rebuilt.store(rules.apply(state, change.fact), change.orderId, change.webhook);
        }
        rebuilt.changes.addAll(changes);
        return rebuilt;
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

    private OrderState load(String orderId, String webhook) {
        return new OrderState(orders.get(orderId), parked.get(orderId), webhooks.get(webhook));
    }

    private void store(OrderState state, String orderId, String webhook) {
        put(orders, orderId, state.order());
        put(parked, orderId, state.parked());
        put(webhooks, webhook, state.webhook());
    }

    private static <T> void put(Map<String, T> store, String key, T value) {
        if (value == null) {
            store.remove(key);
        } else {
            store.put(key, value);
        }
    }

    private static String orderIdOf(OrderInput input) {
        return switch (input) {
            case HoldRedeemed event -> event.orderId();
            case RedeemRejected event -> OrderId.ofHold(event.holdId());
            case StockReacquired event -> event.orderId();
            case ReacquireRefused event -> event.orderId();
            case WebhookCommand command -> command.orderId();
            case OrderTick tick -> tick.orderId();
            case StockSold event -> event.orderId();
            case StockReturned event -> event.orderId();
            case HoldPlaced event -> OrderId.ofHold(event.holdId());
            case HoldRejected event -> OrderId.ofHold(event.holdId());
            case HoldExpired event -> OrderId.ofHold(event.holdId());
            case ProductDefined ignored -> "";
        };
    }
}
