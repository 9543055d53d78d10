package io.flashsale.endtoend;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A system that speaks Kafka itself: produces to the command topics, reads what was committed. */
final class UpstreamSystem implements AutoCloseable {

    private final String bootstrapServers;
    private final KafkaProducer<byte[], byte[]> producer;

    UpstreamSystem(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    void send(Topic topic, String key, Object message) {
        send(new ProducerRecord<>(
                topic.name(), key.getBytes(StandardCharsets.UTF_8), Json.MAPPER.writeValueAsBytes(message)));
    }

    void send(ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record).get();
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Waits until so many messages of a product are committed that fit, and returns them. */
    <T> List<T> awaitEvents(Topic topic, Class<T> type, String productId, Predicate<T> fits, int count) {
        List<T> found = new ArrayList<>();
        awaitRecords(topic, record -> {
            if (productId.equals(keyOf(record))) {
                T message = Json.MAPPER.readValue(record.value(), type);
                if (fits.test(message)) {
                    found.add(message);
                }
            }
            return found.size() >= count;
        });
        return found;
    }

    /** Reads a topic from its beginning until the predicate says that it has seen enough. */
    void awaitRecords(Topic topic, Predicate<ConsumerRecord<byte[], byte[]>> enough) {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Shop.await().pollInSameThread().until(() -> {
                boolean seen = false;
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    seen |= enough.test(record);
                }
                return seen;
            });
        }
    }

    private static String keyOf(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        producer.close();
    }
}
