package io.flashsale.inventory.topology;

import io.flashsale.contracts.CommandReader;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.HoldExpired;
import io.flashsale.contracts.InventoryEvent.HoldExtended;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.InventoryEvent.HoldRedeemed;
import io.flashsale.contracts.InventoryEvent.HoldReleased;
import io.flashsale.contracts.InventoryInput;
import io.flashsale.contracts.InventoryTick;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.Topics;
import io.flashsale.inventory.domain.HoldRecord;
import io.flashsale.inventory.domain.InventoryRules;
import io.flashsale.inventory.domain.Product;
import io.flashsale.inventory.domain.RequestRecord;
import io.flashsale.streams.topology.CommitPace;
import io.flashsale.streams.topology.DecisionMeters;
import io.flashsale.streams.topology.InputReader;
import io.flashsale.streams.topology.Nodes;
import io.flashsale.streams.topology.Retention;
import io.flashsale.streams.topology.ScreenProcessor;
import io.flashsale.streams.topology.Timers;
import io.flashsale.tracing.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The picture:
 *
 * <pre>
 * read-product-commands ┐                                      ┌► write-inventory-events
 * read-hold-commands    │                                      ├► write-product-stock
 * read-order-commands   ├► screen-inputs ──► decide-inventory ─┼► write-inventory-ticks
 * read-order-events     │        │                  │          └► write-replies
 * read-inventory-ticks  ┘        └────────┬─────────┘
 *                                         └► write-dead-letters
 * </pre>
 *
 * All sources have the same number of partitions and are read by one task a partition: whatever concerns one product
 * is decided one after the other.
 */
public final class InventoryTopology {

    /** Store: product id to {@link Product}. */
    public static final String PRODUCTS = "product-by-id";

    /** Store: hold id to {@link HoldRecord}. */
    public static final String HOLDS = "hold-by-id";

    /** Store: product id, call and idempotency key, with {@code |} between, to {@link RequestRecord}. */
    static final String REQUESTS = "request-by-key";

    /** Store: product id, {@code |}, customer id to how many units the customer has. */
    static final String CUSTOMER_UNITS = "customer-units-by-id";

    /** Store: expiry and hold id to nothing, see {@link Timers}. */
    static final String HOLD_TIMERS = "hold-by-due-time";

    /** Store: end of retention and key of a hold or request to nothing, see {@link Retention}. */
    static final String FORGET_TIMERS = "forget-by-due-time";

    static final String WRITE_EVENTS = "write-inventory-events";
    static final String WRITE_STOCK = "write-product-stock";
    static final String WRITE_TICKS = "write-inventory-ticks";

    /** Order commands too have their dead letters from here; order-streams, which reads them as well, writes none. */
    private static final Set<String> REPORTED_ELSEWHERE = Set.of();

    private static final String SCREEN = "screen-inputs";
    private static final String DECIDE = "decide-inventory";

    private InventoryTopology() {}

    public static Topology build(
            Topics topics,
            InventoryRules rules,
            Timing timing,
            MeterRegistry registry,
            OverdueHolds overdue,
            Tracing tracing) {
        DecisionMeters meters = meters(topics, registry);
        Topology topology = new Topology();
        Nodes.source(topology, "read-product-commands", topics.productCommands());
        Nodes.source(topology, "read-hold-commands", topics.holdCommands());
        Nodes.source(topology, "read-order-commands", topics.orderCommands());
        Nodes.source(topology, "read-order-events", topics.orderEvents());
        Nodes.source(topology, "read-inventory-ticks", topics.inventoryTicks());
        topology.addProcessor(
                SCREEN,
                () -> new ScreenProcessor<>(
                        topics,
                        readers(topics),
                        InventoryInput::productId,
                        REPORTED_ELSEWHERE,
                        meters,
                        DECIDE,
                        tracing),
                "read-product-commands",
                "read-hold-commands",
                "read-order-commands",
                "read-order-events",
                "read-inventory-ticks");
        CommitPace commits = new CommitPace();
        topology.addProcessor(DECIDE, () -> new InventoryProcessor(rules, timing, meters, overdue, commits), SCREEN);
        topology.addStateStore(products(), DECIDE);
        topology.addStateStore(store(HOLDS, StateRecords.holds()).withCachingDisabled(), DECIDE);
        topology.addStateStore(store(REQUESTS, StateRecords.requests()).withCachingDisabled(), DECIDE);
        topology.addStateStore(store(CUSTOMER_UNITS, StateRecords.units()).withCachingDisabled(), DECIDE);
        topology.addStateStore(Timers.store(HOLD_TIMERS), DECIDE);
        topology.addStateStore(Timers.store(FORGET_TIMERS), DECIDE);
        Nodes.messages(topology, WRITE_EVENTS, topics.inventoryEvents(), DECIDE);
        Nodes.messages(topology, WRITE_STOCK, topics.productStock(), DECIDE);
        Nodes.messages(topology, WRITE_TICKS, topics.inventoryTicks(), DECIDE);
        Nodes.replies(topology, topics, DECIDE);
        Nodes.deadLetters(topology, topics, SCREEN, DECIDE);
        return topology;
    }

    /** An order is refused here, where its hold is; what becomes of it then order-streams counts. */
    private static DecisionMeters meters(Topics topics, MeterRegistry registry) {
        return new DecisionMeters(
                        registry,
                        InventoryEvent.class,
                        topics.productCommands(),
                        topics.holdCommands(),
                        topics.orderCommands(),
                        topics.orderEvents(),
                        topics.inventoryTicks())
                .nameEvents("holds.placed", HoldPlaced.class)
                .nameEvents("holds.released", HoldReleased.class)
                .nameEvents("holds.expired", HoldExpired.class)
                .nameEvents("holds.extended", HoldExtended.class)
                .nameEvents("holds.redeemed", HoldRedeemed.class)
                .nameRefusals("holds.failed", PlaceHold.class)
                .nameRefusals("orders.failed", CreateOrder.class);
    }

    private static Map<String, InputReader<InventoryInput>> readers(Topics topics) {
        return Map.of(
                topics.productCommands().name(), CommandReader::productCommand,
                topics.holdCommands().name(), CommandReader::holdCommand,
                topics.orderCommands().name(), CommandReader::orderCommand,
                topics.orderEvents().name(), InputReader.trusted(OrderEvent.class),
                topics.inventoryTicks().name(), InputReader.trusted(InventoryTick.class));
    }

    /** Cached: a hot product changes with every decision, and only its last state in a transaction need be written. */
    private static StoreBuilder<KeyValueStore<String, Product>> products() {
        return store(PRODUCTS, StateRecords.products()).withCachingEnabled();
    }

    private static <V> StoreBuilder<KeyValueStore<String, V>> store(String name, Serde<V> values) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.String(), values);
    }
}
