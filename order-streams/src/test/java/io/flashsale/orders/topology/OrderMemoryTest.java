package io.flashsale.orders.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.OrderStatus;
import io.flashsale.orders.domain.Order;
import io.flashsale.orders.domain.OrderRetention;
import io.flashsale.orders.domain.WebhookRecord;
import io.flashsale.streams.topology.JsonSerde;
import io.flashsale.streams.topology.Retention;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class OrderMemoryTest {

    private static final Instant T0 = Instant.parse("2026-11-20T12:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);

    private final KeyValueStore<Bytes, byte[]> timers = store(Serdes.Bytes(), Serdes.ByteArray());
    private final KeyValueStore<String, Order> orders = store(Serdes.String(), JsonSerde.of(Order.class));
    private final KeyValueStore<String, WebhookRecord> webhooks =
            store(Serdes.String(), JsonSerde.of(WebhookRecord.class));

    @Test
    void aLongerRetentionCountsForWhatIsThereToo() {
        WebhookRecord webhook = new WebhookRecord("a payment", T0, null);
        webhooks.put("p1|key|k", webhook);
        Order order = paidAt(T0);
        orders.put("o_1", order);
        OrderMemory first = memory(WEEK);
        first.recorded("p1|key|k", webhook);
        first.changed(null, order);

        OrderMemory restarted = memory(WEEK.multipliedBy(2));
        restarted.sweep(T0.plus(WEEK));
        assertThat(webhooks.get("p1|key|k")).isEqualTo(webhook);
        assertThat(orders.get("o_1")).isEqualTo(order);
        restarted.sweep(T0.plus(WEEK.multipliedBy(2)));

        assertThat(webhooks.get("p1|key|k")).isNull();
        assertThat(orders.get("o_1")).isNull();
    }

    private OrderMemory memory(Duration kept) {
        return new OrderMemory(new OrderRetention(kept, kept), new Retention(timers, 10), orders, webhooks);
    }

    private static Order paidAt(Instant end) {
        return new Order(
                "o_1",
                "h_1",
                "p1",
                1,
                BigDecimal.TEN,
                BigDecimal.TEN,
                "EUR",
                end,
                OrderStatus.PENDING_PAYMENT,
                OrderStatus.PAID,
                null,
                false,
                null,
                end,
                null);
    }

    private static <K, V> KeyValueStore<K, V> store(Serde<K> keys, Serde<V> values) {
        KeyValueStore<K, V> store = Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore("store"), keys, values)
                .withLoggingDisabled()
                .withCachingDisabled()
                .build();
        store.init(new MockProcessorContext<>().getStateStoreContext(), store);
        return store;
    }
}
