package io.flashsale.orders.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.OrderStatus;
import io.flashsale.orders.domain.Order;
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
import tools.jackson.databind.node.ObjectNode;

class OrderMemoryTest {

    private static final Instant T0 = Instant.parse("2026-11-20T12:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);

    private final KeyValueStore<Bytes, byte[]> timers = store(Serdes.Bytes(), Serdes.ByteArray());
    private final KeyValueStore<String, Order> orders = store(Serdes.String(), JsonSerde.of(Order.class));
    private final KeyValueStore<String, WebhookRecord> webhooks =
            store(Serdes.String(), JsonSerde.of(WebhookRecord.class));

    @Test
    void whatIsThereIsKeptAsLongAsItSaysWhateverTheSettingIsNow() {
        WebhookRecord webhook = new WebhookRecord("a payment", T0, null, T0.plus(WEEK));
        webhooks.put("p1|key|k", webhook);
        Order order = paid(T0.plus(WEEK));
        orders.put("o_1", order);
        memory().recorded("p1|key|k", webhook);
        memory().changed(null, order);

        memory().sweep(T0.plus(WEEK).minusMillis(1));
        assertThat(webhooks.get("p1|key|k")).isEqualTo(webhook);
        assertThat(orders.get("o_1")).isEqualTo(order);
        memory().sweep(T0.plus(WEEK));

        assertThat(webhooks.get("p1|key|k")).isNull();
        assertThat(orders.get("o_1")).isNull();
    }

    @Test
    void theTimerOfAnEarlierEndLeavesIt() {
        Order order = paid(T0.plus(WEEK));
        memory().changed(null, order);
        Order later = paid(T0.plus(WEEK).plus(WEEK));
        orders.put("o_1", later);
        memory().changed(order, later);

        memory().sweep(T0.plus(WEEK));
        assertThat(orders.get("o_1")).isEqualTo(later);
        memory().sweep(T0.plus(WEEK).plus(WEEK));
        assertThat(orders.get("o_1")).isNull();
    }

    @Test
    void whatWasStoredBeforeItSaidHowLongItIsKeptIsForgottenAtItsTimer() {
        timers().keep("order:o_1", T0);
        timers().keep("webhook:p1|key|k", T0);
        orders.put("o_1", read(paid(T0), "kept_until", Order.class));
        webhooks.put("p1|key|k", read(new WebhookRecord("a payment", T0, null, T0), "kept_until", WebhookRecord.class));

        memory().sweep(T0);

        assertThat(orders.get("o_1")).isNull();
        assertThat(webhooks.get("p1|key|k")).isNull();
    }

    /** As a store would give it back whose record lacks a field. */
    private static <T> T read(T stored, String without, Class<T> type) {
        ObjectNode json = Json.MAPPER.valueToTree(stored);
        assertThat(json.remove(without)).isNotNull();
        return Json.MAPPER.treeToValue(json, type);
    }

    private OrderMemory memory() {
        return new OrderMemory(timers(), orders, webhooks);
    }

    private Retention timers() {
        return new Retention(timers, 10);
    }

    private static Order paid(Instant keptUntil) {
        return new Order(
                "o_1",
                "h_1",
                "p1",
                1,
                BigDecimal.TEN,
                BigDecimal.TEN,
                "EUR",
                T0,
                OrderStatus.PENDING_PAYMENT,
                OrderStatus.PAID,
                null,
                false,
                null,
                T0,
                keptUntil,
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
