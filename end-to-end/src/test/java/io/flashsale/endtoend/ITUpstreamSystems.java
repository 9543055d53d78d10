package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.ProductView;
import io.flashsale.contracts.SaleRules;
import io.flashsale.contracts.Topics;
import io.flashsale.local.Pipeline;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPipeline.class)
class ITUpstreamSystems {

    private static final Topics TOPICS = Topics.defaults();

    private static final int TOO_MANY_BYTES = 5_000_000;

    private final Shop shop;
    private final String bootstrapServers;
    private final UpstreamSystem upstream;

    ITUpstreamSystems(Pipeline pipeline) {
        this.shop = new Shop(pipeline.ingressUrl(1));
        this.bootstrapServers = pipeline.bootstrapServers();
        this.upstream = new UpstreamSystem(bootstrapServers);
    }

    @AfterEach
    void close() {
        upstream.close();
    }

    @Test
    void commandsNeedOnlyKeyAndValueAndAreAnsweredByEvents() {
        String productId = Shop.newProductId();
        upstream.send(
                TOPICS.productCommands(),
                productId,
                new DefineProduct(productId, "Lamp", new BigDecimal("5"), "EUR", 3, 60, SaleRules.NONE));
        Shop.await().until(() -> shop.get("/api/products/" + productId).status() == 200);

        upstream.send(
                TOPICS.holdCommands(),
                productId,
                new PlaceHold(productId, HoldId.of(productId, new byte[16]), 2, null));

        // The latest stock is committed with the decision or after it.
        Shop.await()
                .until(() -> upstream.committed(TOPICS.productStock(), ProductView.class, productId).stream()
                        .anyMatch(stock -> stock.availableStock() == 1));
        assertThat(upstream.committed(TOPICS.inventoryEvents(), InventoryEvent.class, productId))
                .hasExactlyElementsOfTypes(InventoryEvent.ProductDefined.class, InventoryEvent.HoldPlaced.class);
    }

    @Test
    void failure18_failure20_badRecordsAreDeadLettersWithTheirOriginAndLaterOnesAreServed() {
        String productId = shop.product(5, 600);
        byte[] key = productId.getBytes(StandardCharsets.UTF_8);
        String topic = TOPICS.holdCommands().name();
        int own = TOPICS.partitionOf(key);
        int other = (own + 1) % TOPICS.partitions();
        byte[] hold = ("{\"type\":\"PlaceHold\",\"product_id\":\"" + productId + "\",\"hold_id\":\""
                        + HoldId.of(productId, new byte[16]) + "\",\"quantity\":\"2\",\"unknown\":true}")
                .getBytes(StandardCharsets.UTF_8);

        upstream.send(new ProducerRecord<>(topic, own, key, "not json".getBytes(StandardCharsets.UTF_8)));
        upstream.send(new ProducerRecord<>(topic, other, key, hold));
        upstream.send(new ProducerRecord<>(topic, own, null, hold));
        upstream.send(new ProducerRecord<>(topic, own, key, hold));

        Shop.await().until(() -> shop.product(productId).number("available_stock") == 3);
        Shop.await()
                .untilAsserted(() -> assertThat(deadLetterReasons(topic, productId))
                        .containsExactlyInAnyOrder("not-json", "wrong-partition", "wrong-partition"));
    }

    @Test
    void aRecordOf5MegabytesIsRefusedByTheBroker() {
        Map<String, Object> settings = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                2 * TOO_MANY_BYTES);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(TOPICS.holdCommands().name(), new byte[TOO_MANY_BYTES]);

            assertThatThrownBy(() -> producer.send(record).get()).hasCauseInstanceOf(RecordTooLargeException.class);
        }
    }

    /** Of a product's dead letters, and of those without a key. */
    private List<String> deadLetterReasons(String topic, String productId) {
        return upstream.committed(TOPICS.deadLetters()).stream()
                .filter(letter -> header(letter, "dead_letter_topic").equals(topic))
                .filter(letter ->
                        letter.key() == null || UpstreamSystem.keyOf(letter).equals(productId))
                .map(letter -> header(letter, "dead_letter_reason"))
                .toList();
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
