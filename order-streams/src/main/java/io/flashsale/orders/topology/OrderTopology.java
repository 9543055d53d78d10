package io.flashsale.orders.topology;

import io.flashsale.contracts.CommandReader;
import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderEvent.LatePaymentReceived;
import io.flashsale.contracts.OrderEvent.OrderCreated;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.contracts.OrderEvent.PaymentMismatched;
import io.flashsale.contracts.OrderEvent.PaymentUnmatched;
import io.flashsale.contracts.OrderEvent.RefundRequired;
import io.flashsale.contracts.OrderInput;
import io.flashsale.contracts.OrderTick;
import io.flashsale.contracts.Topics;
import io.flashsale.orders.domain.Order;
import io.flashsale.orders.domain.OrderRules;
import io.flashsale.orders.domain.ParkedPayments;
import io.flashsale.orders.domain.WebhookRecord;
import io.flashsale.streams.topology.CommitPace;
import io.flashsale.streams.topology.DecisionMeters;
import io.flashsale.streams.topology.InputReader;
import io.flashsale.streams.topology.JsonSerde;
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
 * read-inventory-events ┐
 * read-order-commands   │                                   ┌► write-order-events
 * read-webhook-commands ├► screen-inputs ──► decide-orders ─┼► write-order-ticks
 * read-order-ticks      ┘        │                 │        └► write-replies
 *                                └────────┬────────┘
 *                                         └► write-dead-letters
 * </pre>
 *
 * All sources have the same number of partitions and are read by one task a partition: whatever concerns one product's
 * orders is decided one after the other. {@code order-commands} is read by inventory-streams too, which reports the dead
 * letters of that topic for both.
 */
public final class OrderTopology {

    /** Store: order id to {@link Order}. */
    public static final String ORDERS = "order-by-id";

    /** Store: order id to {@link ParkedPayments}. */
    static final String PARKED = "parked-payments-by-order";

    /** Store: a notification's idempotency key, or a payment's id and status, to {@link WebhookRecord}. */
    static final String WEBHOOKS = "webhook-by-key";

    /** Store: deadline and what is due to nothing, see {@link Timers}. */
    static final String TIMERS = "deadline-by-due-time";

    /** Store: the end of a record's retention and its key to nothing, see {@link Retention}. */
    static final String RETENTION = "forget-by-due-time";

    static final String WRITE_EVENTS = "write-order-events";
    static final String WRITE_TICKS = "write-order-ticks";

    private static final String SCREEN = "screen-inputs";
    private static final String DECIDE = "decide-orders";

    private OrderTopology() {}

    public static Topology build(
            Topics topics, OrderRules rules, Timing timing, MeterRegistry registry, Tracing tracing) {
        DecisionMeters meters = meters(topics, registry);
        OrderMeters outcomes = new OrderMeters(registry);
        Topology topology = new Topology();
        Nodes.source(topology, "read-inventory-events", topics.inventoryEvents());
        Nodes.source(topology, "read-order-commands", topics.orderCommands());
        Nodes.source(topology, "read-webhook-commands", topics.webhookCommands());
        Nodes.source(topology, "read-order-ticks", topics.orderTicks());
        topology.addProcessor(
                SCREEN,
                () -> new ScreenProcessor<>(
                        topics,
                        readers(topics),
                        OrderInput::productId,
                        Set.of(topics.orderCommands().name()),
                        meters,
                        DECIDE,
                        tracing),
                "read-inventory-events",
                "read-order-commands",
                "read-webhook-commands",
                "read-order-ticks");
        CommitPace commits = new CommitPace();
        topology.addProcessor(DECIDE, () -> new OrderProcessor(rules, timing, meters, outcomes, commits), SCREEN);
        topology.addStateStore(store(ORDERS, JsonSerde.of(Order.class)), DECIDE);
        topology.addStateStore(store(PARKED, JsonSerde.of(ParkedPayments.class)), DECIDE);
        topology.addStateStore(store(WEBHOOKS, JsonSerde.of(WebhookRecord.class)), DECIDE);
        topology.addStateStore(Timers.store(TIMERS), DECIDE);
        topology.addStateStore(Timers.store(RETENTION), DECIDE);
        Nodes.messages(topology, WRITE_EVENTS, topics.orderEvents(), DECIDE);
        Nodes.messages(topology, WRITE_TICKS, topics.orderTicks(), DECIDE);
        Nodes.replies(topology, topics, DECIDE);
        Nodes.deadLetters(topology, topics, SCREEN, DECIDE);
        return topology;
    }

    private static DecisionMeters meters(Topics topics, MeterRegistry registry) {
        return new DecisionMeters(
                        registry,
                        OrderEvent.class,
                        topics.inventoryEvents(),
                        topics.orderCommands(),
                        topics.webhookCommands(),
                        topics.orderTicks())
                .nameEvents("orders.placed", OrderCreated.class)
                .nameEvents("orders.paid", OrderPaid.class)
                .nameEvents("refunds.required", RefundRequired.class)
                .nameEvents("payments.late", LatePaymentReceived.class)
                .nameEvents("payments.unmatched", PaymentUnmatched.class)
                .nameEvents("payments.mismatched", PaymentMismatched.class);
    }

    private static Map<String, InputReader<OrderInput>> readers(Topics topics) {
        return Map.of(
                topics.inventoryEvents().name(),
                InputReader.trusted(InventoryEvent.class),
                topics.orderCommands().name(),
                CommandReader::orderCommand,
                topics.webhookCommands().name(),
                CommandReader::webhookCommand,
                topics.orderTicks().name(),
                InputReader.trusted(OrderTick.class));
    }

    /** Not cached: each order and each key changes a few times in its life, seldom twice in one transaction. */
    private static <V> StoreBuilder<KeyValueStore<String, V>> store(String name, Serde<V> values) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.String(), values)
                .withCachingDisabled();
    }
}
