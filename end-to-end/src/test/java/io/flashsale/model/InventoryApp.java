package io.flashsale.model;

import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldId;
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
import io.flashsale.contracts.InventoryInput;
import io.flashsale.contracts.InventoryTick.ExpireHold;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.inventory.domain.Decision;
import io.flashsale.inventory.domain.Hold;
import io.flashsale.inventory.domain.HoldRecord;
import io.flashsale.inventory.domain.InventoryRules;
import io.flashsale.inventory.domain.InventoryState;
import io.flashsale.inventory.domain.OrderRequest;
import io.flashsale.inventory.domain.Product;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The inventory's rules with maps for stores. */
final class InventoryApp {

    private final InventoryRules rules;
    private final Map<String, Product> products = new HashMap<>();
    private final Map<String, HoldRecord> holds = new TreeMap<>();
    private final Map<String, OrderRequest> requests = new HashMap<>();

    InventoryApp(InventoryRules rules) {
        this.rules = rules;
    }

    /** Load, decide, apply, store: the state of one decision is stored under the keys of its input. */
    Decision process(InventoryInput input, Instant time) {
        String holdId = holdIdOf(input);
        String request =
                input instanceof CreateOrder order ? requestKey(order.productId(), order.idempotencyKey()) : "";
        InventoryState state = load(input.productId(), holdId, request);
        Decision decision = rules.decide(state, input, time);
        for (InventoryEvent event : decision.events()) {
            state = rules.apply(state, event, time);
        }
        store(state, input.productId(), holdId, request);
        return decision;
    }

    /** Replays one event, knowing nothing but the event: its state is stored under its own keys. */
    void replay(InventoryEvent event, Instant time) {
        String holdId = holdIdOf(event);
        String request = requestKeyOf(event);
        InventoryState state = load(event.productId(), holdId, request);
        store(rules.apply(state, event, time), event.productId(), holdId, request);
    }

    /** Active holds in a stable order. */
    List<Hold> activeHolds() {
        return holds.values().stream()
                .filter(Hold.class::isInstance)
                .map(Hold.class::cast)
                .filter(hold -> hold.stage() == Hold.Stage.HELD)
                .toList();
    }

    List<Object> stores() {
        return List.of(products, holds, requests);
    }

    private InventoryState load(String productId, String holdId, String request) {
        return new InventoryState(products.get(productId), holds.get(holdId), requests.get(request));
    }

    private void store(InventoryState state, String productId, String holdId, String request) {
        put(products, productId, state.product());
        put(holds, holdId, state.hold());
        put(requests, request, state.request());
    }

    private static <T> void put(Map<String, T> store, String key, T value) {
        if (value != null) {
            store.put(key, value);
        }
    }

    private static String requestKey(String productId, String idempotencyKey) {
        return idempotencyKey == null ? "" : productId + " " + idempotencyKey;
    }

    private static String holdIdOf(InventoryInput input) {
        return switch (input) {
            case DefineProduct ignored -> "";
            case PlaceHold command -> command.holdId();
            case CreateOrder command -> command.holdId();
            case ExpireHold tick -> tick.holdId();
            case OrderEvent event -> HoldId.ofOrder(event.orderId());
        };
    }

    private static String holdIdOf(InventoryEvent event) {
        return switch (event) {
            case ProductDefined ignored -> "";
            case HoldPlaced e -> e.holdId();
            case HoldRejected e -> e.holdId();
            case HoldExpired e -> e.holdId();
            case HoldRedeemed e -> e.holdId();
            case RedeemRejected e -> e.holdId();
            case StockSold e -> HoldId.ofOrder(e.orderId());
            case StockReturned e -> HoldId.ofOrder(e.orderId());
            case StockReacquired e -> HoldId.ofOrder(e.orderId());
            case ReacquireRefused e -> HoldId.ofOrder(e.orderId());
        };
    }

    private static String requestKeyOf(InventoryEvent event) {
        if (event instanceof HoldRedeemed redeemed) {
            return requestKey(redeemed.productId(), redeemed.idempotencyKey());
        }
        return event instanceof RedeemRejected rejected
                ? requestKey(rejected.productId(), rejected.idempotencyKey())
                : "";
    }
}
