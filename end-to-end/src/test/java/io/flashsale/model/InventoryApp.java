package io.flashsale.model;

import io.flashsale.contracts.HoldCommand.ExtendHold;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldCommand.ReleaseHold;
import io.flashsale.contracts.HoldId;
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
import io.flashsale.contracts.Json;
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.ProductCommand.AdjustStock;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.SaleRules;
import io.flashsale.inventory.domain.Decision;
import io.flashsale.inventory.domain.Hold;
import io.flashsale.inventory.domain.HoldRecord;
import io.flashsale.inventory.domain.InventoryRules;
import io.flashsale.inventory.domain.InventoryState;
import io.flashsale.inventory.domain.Product;
import io.flashsale.inventory.domain.RequestRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The inventory's rules with maps for stores. */
final class InventoryApp {

    /** Under which keys a state stands; empty where there is none. */
    private record Keys(String productId, String holdId, String request, String customerId) {}

    /** What changed the state at a log time: an event as it was written, or null for a sweep. */
    private record Change(Instant time, String event) {}

    private final InventoryRules rules;
    private final Map<String, Product> products = new TreeMap<>();
    private final Map<String, HoldRecord> holds = new TreeMap<>();
    private final Map<String, RequestRecord> requests = new HashMap<>();
    private final Map<String, Integer> customerUnits = new HashMap<>();
    private final Retained retained = new Retained();
    private final List<Change> changes = new ArrayList<>();

    InventoryApp(InventoryRules rules) {
        this.rules = rules;
    }

    /** Load, decide, apply, store: the state of one decision is stored under the keys of its input. */
    Decision process(InventoryInput input, Instant time) {
        Keys keys = keysOf(input);
        InventoryState before = load(keys);
        Decision decision = rules.decide(before, input, time);
        InventoryState after = before;
        for (InventoryEvent event : decision.events()) {
            after = rules.apply(after, event, time);
            changes.add(
                    new Change(time, Json.MAPPER.writerFor(InventoryEvent.class).writeValueAsString(event)));
        }
        store(keys, before, after);
        if (input instanceof SweepInventory) {
            sweep(time);
            changes.add(new Change(time, null));
        }
        return decision;
    }

    /**
     * The same application with a state rebuilt change by change, knowing nothing but what was written: the state of
     * each event is stored under its own keys.
     */
    InventoryApp rebuilt() {
        InventoryApp rebuilt = new InventoryApp(rules);
        for (Change change : changes) {
            if (change.event() == null) {
                rebuilt.sweep(change.time());
            } else {
                rebuilt.replay(Json.MAPPER.readValue(change.event(), InventoryEvent.class), change.time());
            }
        }
        rebuilt.changes.addAll(changes);
        return rebuilt;
    }

    private void replay(InventoryEvent event, Instant time) {
        Keys keys = keysOf(event);
        InventoryState before = load(keys);
        store(keys, before, rules.apply(before, event, time));
    }

    private void sweep(Instant time) {
        retained.sweep(time, key -> {
            boolean isHold = holds.containsKey(key);
            Keys keys = isHold
                    ? new Keys(HoldId.productOf(key).orElseThrow(), key, "", "")
                    : new Keys(key.split(" ", 2)[0], "", key, "");
            InventoryState before = load(keys);
            store(keys, before, rules.forget(before, time));
        });
    }

    /** Active holds in a stable order. */
    List<Hold> activeHolds() {
        return holds.values().stream()
                .filter(Hold.class::isInstance)
                .map(Hold.class::cast)
                .filter(hold -> hold.stage() == Hold.Stage.HELD)
                .toList();
    }

    /** When sales start and end, in a stable order. */
    Stream<Instant> saleTimes() {
        return products.values().stream()
                .map(Product::rules)
                .flatMap(InventoryApp::saleTimes)
                .filter(time -> time != null);
    }

    private static Stream<Instant> saleTimes(SaleRules rules) {
        return Stream.of(rules.saleStartsAt(), rules.saleEndsAt());
    }

    List<Object> stores() {
        return List.of(products, holds, requests, customerUnits);
    }

    /** What should be forgotten in the end. */
    Stream<String> left() {
        return Stream.of(holds, requests, customerUnits)
                .flatMap(store -> store.entrySet().stream())
                .map(Object::toString);
    }

    private InventoryState load(Keys keys) {
        HoldRecord hold = holds.get(keys.holdId());
        return new InventoryState(
                products.get(keys.productId()),
                hold,
                requests.get(keys.request()),
                customerUnits.getOrDefault(customerKey(keys, hold), 0));
    }

    private void store(Keys keys, InventoryState before, InventoryState after) {
        put(products, keys.productId(), after.product());
        put(holds, keys.holdId(), after.hold());
        put(requests, keys.request(), after.request());
        if (after.customerUnits() != before.customerUnits()) {
            put(
                    customerUnits,
                    customerKey(keys, before.hold()),
                    after.customerUnits() == 0 ? null : after.customerUnits());
        }
        HoldRecord hold = after.hold();
        if (hold != null && hold != before.hold() && hold.keptUntil() != null) {
            retained.keep(keys.holdId(), hold.keptUntil());
        }
        RequestRecord request = after.request();
        if (request != null && request != before.request()) {
            retained.keep(keys.request(), request.keptUntil());
        }
    }

    private static <T> void put(Map<String, T> store, String key, T value) {
        if (value == null) {
            store.remove(key);
        } else {
            store.put(key, value);
        }
    }

    private static String customerKey(Keys keys, HoldRecord hold) {
        return keys.productId() + " " + (hold == null ? keys.customerId() : hold.customerId());
    }

    private static Keys keysOf(InventoryInput input) {
        String product = input.productId();
        return switch (input) {
            case DefineProduct ignored -> ofHold(product, "");
            case AdjustStock command -> new Keys(product, "", key(product, "adjust", command.idempotencyKey()), "");
            case PlaceHold command -> new Keys(product, command.holdId(), "", command.customerId());
            case ReleaseHold command -> ofHold(product, command.holdId());
            case ExtendHold command ->
                new Keys(product, command.holdId(), key(product, "extend", command.idempotencyKey()), "");
            case CreateOrder command ->
                new Keys(product, command.holdId(), key(product, "order", command.idempotencyKey()), "");
            case CancelOrder ignored -> ofHold(product, "");
            case ExpireHold tick -> ofHold(product, tick.holdId());
            case SweepInventory ignored -> ofHold(product, "");
            case OrderEvent event -> ofHold(product, HoldId.ofOrder(event.orderId()));
        };
    }

    private static Keys keysOf(InventoryEvent event) {
        String product = event.productId();
        return switch (event) {
            case ProductDefined ignored -> ofHold(product, "");
            case StockAdjusted e -> new Keys(product, "", key(product, "adjust", e.idempotencyKey()), "");
            case HoldPlaced e -> new Keys(product, e.holdId(), "", e.customerId());
            case HoldRejected e -> ofHold(product, e.holdId());
            case HoldReleased e -> ofHold(product, e.holdId());
            case HoldExtended e -> new Keys(product, e.holdId(), key(product, "extend", e.idempotencyKey()), "");
            case HoldExpired e -> ofHold(product, e.holdId());
            case HoldRedeemed e -> new Keys(product, e.holdId(), key(product, "order", e.idempotencyKey()), "");
            case RedeemRejected e -> new Keys(product, e.holdId(), key(product, "order", e.idempotencyKey()), "");
            case StockSold e -> ofHold(product, HoldId.ofOrder(e.orderId()));
            case StockReturned e -> ofHold(product, HoldId.ofOrder(e.orderId()));
            case StockReacquired e -> ofHold(product, HoldId.ofOrder(e.orderId()));
            case ReacquireRefused e -> ofHold(product, HoldId.ofOrder(e.orderId()));
            case SoldOut ignored -> ofHold(product, "");
            case LowStock ignored -> ofHold(product, "");
            case BackInStock ignored -> ofHold(product, "");
        };
    }

    private static Keys ofHold(String productId, String holdId) {
        return new Keys(productId, holdId, "", "");
    }

    private static String key(String productId, String call, String idempotencyKey) {
        return idempotencyKey == null ? "" : productId + " " + call + " " + idempotencyKey;
    }
}
