package io.flashsale.inventory.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryInput;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.SaleRules;
import io.flashsale.inventory.domain.InventoryDefaults;
import io.flashsale.inventory.domain.InventoryRules;
import io.flashsale.inventory.domain.InventoryTerms;
import io.flashsale.inventory.domain.Product;
import io.flashsale.streams.topology.CommitPace;
import io.flashsale.streams.topology.DecisionMeters;
import io.flashsale.streams.topology.Origin;
import io.flashsale.streams.topology.Screened;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class InventoryProcessorTest {

    private static final Instant T0 = Instant.parse("2026-11-20T12:00:00Z");
    private static final InventoryRules RULES = new InventoryRules(
            new InventoryDefaults(60, "USD"), new InventoryTerms(1, Duration.ofHours(24), Duration.ofDays(30)));
    private static final Timing TIMING =
            new Timing(Duration.ofMillis(100), Duration.ofMillis(200), 10, Duration.ofMillis(100));

    private final MockProcessorContext<Object, Object> context = new MockProcessorContext<>();
    private final KeyValueStore<String, Product> products =
            store(InventoryTopology.PRODUCTS, Serdes.String(), StateRecords.products());
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final InventoryProcessor processor = new InventoryProcessor(
            RULES,
            TIMING,
            new DecisionMeters(meters, InventoryEvent.class),
            new OverdueHolds(meters, InstantSource.fixed(T0)),
            new CommitPace());

    InventoryProcessorTest() {
        context.setCurrentSystemTimeMs(T0.toEpochMilli());
        add(products);
        add(store(InventoryTopology.HOLDS, Serdes.String(), StateRecords.holds()));
        add(store(InventoryTopology.REQUESTS, Serdes.String(), StateRecords.requests()));
        add(store(InventoryTopology.CUSTOMER_UNITS, Serdes.String(), StateRecords.units()));
        add(timers(InventoryTopology.HOLD_TIMERS));
        add(timers(InventoryTopology.FORGET_TIMERS));
    }

    /** As Kafka Streams does with a task whose transaction was aborted: stores set back, processor initialized again. */
    @Test
    void afterAnAbortedTransactionTheProductIsWhatTheStoreSays() {
        processor.init(context);
        decide(new DefineProduct("p1", "Ticket", BigDecimal.TEN, null, 10, null, SaleRules.NONE));
        Product committed = products.get("p1");
        decide(hold(1, 7));
        assertThat(products.get("p1").stock().available()).isEqualTo(3);

        products.put("p1", committed);
        processor.init(context);
        decide(hold(2, 4));

        assertThat(products.get("p1").stock().available()).isEqualTo(6);
    }

    private void decide(InventoryInput input) {
        Record<byte[], byte[]> raw = new Record<>(new byte[0], new byte[0], T0.toEpochMilli());
        Screened<InventoryInput> screened = new Screened<>(input, T0, null, new Origin("commands", 0, 0), raw, null);
        processor.process(new Record<>(raw.key(), List.of(screened), raw.timestamp()));
    }

    private static PlaceHold hold(int number, int quantity) {
        String holdId = HoldId.of("p1", ByteBuffer.allocate(16).putInt(number).array());
        return new PlaceHold("p1", holdId, quantity, null);
    }

    private void add(StateStore store) {
        store.init(context.getStateStoreContext(), store);
        context.addStateStore(store);
    }

    private static KeyValueStore<Bytes, byte[]> timers(String name) {
        return store(name, Serdes.Bytes(), Serdes.ByteArray());
    }

    private static <K, V> KeyValueStore<K, V> store(String name, Serde<K> keys, Serde<V> values) {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), keys, values)
                .withLoggingDisabled()
                .withCachingDisabled()
                .build();
    }
}
