package io.flashsale.local.tools;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.KafkaCluster;
import io.flashsale.contracts.Topics;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * A log that a test writes and any number of consumers read, from the beginning as often as they like, which Kafka's own
 * MockConsumer does not let them. A poll returns at most two records a partition, so that readers must wait for others.
 */
final class FakeKafka {

    static final Topics TOPICS = new Topics(Topics.DEFAULT_PREFIX, 3);

    private static final int MAX_POLLED = 2;

    private final Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> logs = new HashMap<>();
    private final Map<TopicPartition, Long> begins = new HashMap<>();
    private long time = Instant.parse("2026-11-20T09:00:00Z").toEpochMilli();

    /** Appends a message of the contract under its product, a second after the last one. */
    TopicPartition append(String topic, String productId, Object message) {
        time += 1_000;
        return append(topic, productId, message, null);
    }

    /** The same at the last one's time, as what follows from it. */
    TopicPartition append(String topic, String productId, Object message, String cause) {
        int partition = TOPICS.partitionOf(productId.getBytes(StandardCharsets.UTF_8));
        return append(topic, partition, productId, Json.MAPPER.writeValueAsBytes(message), cause);
    }

    TopicPartition append(String topic, int partition, String key, byte[] value, String cause) {
        return append(topic, partition, key, value, cause == null ? Map.of() : Map.of("ce_id", cause), time);
    }

    /** Appends a record that is told by its headers alone. */
    void appendWithHeaders(String topic, int partition, String key, Instant at, Map<String, String> headers) {
        append(topic, partition, key, null, headers, at.toEpochMilli());
    }

    /** Appends what a producer has sent, where Kafka's own partitioner puts it. */
    TopicPartition append(ProducerRecord<byte[], byte[]> sent) {
        return append(
                new TopicPartition(sent.topic(), TOPICS.partitionOf(sent.key())),
                sent.key(),
                sent.value(),
                sent.headers(),
                time);
    }

    /** Appends a dead letter. */
    TopicPartition appendLetter(int partition, byte[] key, byte[] value, Headers headers) {
        return append(new TopicPartition(TOPICS.deadLetters().name(), partition), key, value, headers, time);
    }

    private TopicPartition append(
            String topic, int partition, String key, byte[] value, Map<String, String> named, long timestamp) {
        RecordHeaders headers = new RecordHeaders();
        named.forEach((name, text) -> headers.add(name, text.getBytes(StandardCharsets.UTF_8)));
        return append(
                new TopicPartition(TOPICS.prefix() + topic, partition),
                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                value,
                headers,
                timestamp);
    }

    private synchronized TopicPartition append(
            TopicPartition at, byte[] key, byte[] value, Headers headers, long timestamp) {
        List<ConsumerRecord<byte[], byte[]>> log = log(at);
        log.add(new ConsumerRecord<>(
                at.topic(),
                at.partition(),
                log.size(),
                timestamp,
                TimestampType.CREATE_TIME,
                -1,
                -1,
                key,
                value,
                headers,
                Optional.empty()));
        return at;
    }

    synchronized void deleteBefore(TopicPartition partition, long offset) {
        begins.put(partition, offset);
    }

    LogReader reader() {
        return new LogReader(KafkaCluster.open("fake:9092"), consumer());
    }

    private synchronized List<ConsumerRecord<byte[], byte[]>> log(TopicPartition partition) {
        return logs.computeIfAbsent(partition, ignored -> new ArrayList<>());
    }

    private synchronized Map<TopicPartition, Long> offsets(Object of, Function<TopicPartition, Long> offset) {
        return ((Collection<?>) of)
                .stream().map(TopicPartition.class::cast).collect(Collectors.toMap(Function.identity(), offset));
    }

    @SuppressWarnings("unchecked")
    private Consumer<byte[], byte[]> consumer() {
        Map<TopicPartition, Long> positions = new HashMap<>();
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                FakeKafka.class.getClassLoader(),
                new Class<?>[] {Consumer.class},
                (proxy, method, arguments) -> answer(positions, method, arguments));
    }

    private Object answer(Map<TopicPartition, Long> positions, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "partitionsFor" ->
                IntStream.range(0, TOPICS.partitions())
                        .mapToObj(number -> new PartitionInfo((String) arguments[0], number, null, null, null))
                        .toList();
            case "assign" -> {
                positions.clear();
                yield null;
            }
            case "beginningOffsets" -> offsets(arguments[0], each -> begins.getOrDefault(each, 0L));
            case "endOffsets" -> offsets(arguments[0], each -> (long) log(each).size());
            case "seek" -> positions.put((TopicPartition) arguments[0], (Long) arguments[1]);
            case "position" -> positions.get((TopicPartition) arguments[0]);
            case "poll" -> poll(positions);
            case "pause", "resume", "close" -> null;
            default -> throw new UnsupportedOperationException(method.getName());
        };
    }

    private synchronized ConsumerRecords<byte[], byte[]> poll(Map<TopicPartition, Long> positions) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> polled = new HashMap<>();
        for (TopicPartition partition : positions.keySet()) {
            List<ConsumerRecord<byte[], byte[]>> log = log(partition);
            int from = positions.get(partition).intValue();
            int to = Math.min(from + MAX_POLLED, log.size());
            polled.put(partition, List.copyOf(log.subList(from, to)));
            positions.put(partition, (long) to);
        }
        return new ConsumerRecords<>(polled, Map.of());
    }
}
