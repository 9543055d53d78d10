package io.flashsale.local.tools;

import io.flashsale.contracts.KafkaCluster;
import io.flashsale.local.PipelineException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads some partitions from their beginning as one story: by time, and never an event before its cause if both are in
 * them. Only what is committed. Joins no group, so it leaves no trace.
 */
final class LogReader implements AutoCloseable {

    private static final Duration API_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);

    /** Of no progress at all. */
    private static final Duration STALL_DEADLINE = Duration.ofSeconds(30);

    /** Records of one partition that wait for the others' turn, where nothing else is said. */
    private static final int DEFAULT_BUFFERED = 2_000;

    private final KafkaCluster kafka;
    private final Consumer<byte[], byte[]> consumer;
    private final int maxBuffered;
    private final Map<TopicPartition, Deque<ConsumerRecord<byte[], byte[]>>> buffers = new LinkedHashMap<>();

    /** The offset behind the last record that was passed on. */
    private final Map<TopicPartition, Long> delivered = new HashMap<>();

    /** What is told of each record, in the order of the story. */
    interface Listener {
        void on(ConsumerRecord<byte[], byte[]> record);
    }

    LogReader(KafkaCluster kafka, Consumer<byte[], byte[]> consumer) {
        this(kafka, consumer, DEFAULT_BUFFERED);
    }

    private LogReader(KafkaCluster kafka, Consumer<byte[], byte[]> consumer, int maxBuffered) {
        this.kafka = kafka;
        this.consumer = consumer;
        this.maxBuffered = maxBuffered;
    }

    /** @param kafka asked for the first time when something is read */
    static LogReader connect(KafkaCluster kafka) {
        return connect(kafka, DEFAULT_BUFFERED);
    }

    /**
     * A reader of records that may be long.
     *
     * @param maxBuffered records that are in memory of each partition, and in one answer of Kafka
     */
    static LogReader connect(KafkaCluster kafka, int maxBuffered) {
        try {
            return new LogReader(
                    kafka,
                    new KafkaConsumer<>(
                            kafka.client(Map.of(
                                    ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                                    "read_committed",
                                    ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                    false,
                                    ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                                    false,
                                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                    "earliest",
                                    ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                                    maxBuffered,
                                    ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                                    (int) API_TIMEOUT.toMillis(),
                                    ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                                    50)),
                            new ByteArrayDeserializer(),
                            new ByteArrayDeserializer()),
                    maxBuffered);
        } catch (KafkaException unusable) {
            throw new PipelineException(kafka + " is not the address of a Kafka cluster.");
        }
    }

    /** How many partitions the topic has. */
    int partitionsOf(String topic) {
        @Nullable List<PartitionInfo> partitions = ask(() -> consumer.partitionsFor(topic));
        if (partitions == null || partitions.isEmpty()) {
            throw new PipelineException("Kafka at " + kafka + " has no topic " + topic + ": is it this pipeline's?");
        }
        return partitions.size();
    }

    /** Goes to the beginning of these partitions and leaves all others. Of equal times the first partition's go first. */
    void begin(List<TopicPartition> partitions) {
        buffers.clear();
        delivered.clear();
        partitions.forEach(partition -> buffers.put(partition, new ArrayDeque<>()));
        ask(() -> {
            consumer.assign(partitions);
            // Sought by number, which needs no further question for each partition.
            begins().forEach(consumer::seek);
            return true;
        });
    }

    /** The first offset that is still there, of each. */
    Map<TopicPartition, Long> begins() {
        return ask(() -> consumer.beginningOffsets(buffers.keySet()));
    }

    /** The offset behind the last committed record, of each. */
    Map<TopicPartition, Long> ends() {
        return ask(() -> consumer.endOffsets(buffers.keySet()));
    }

    /** Passes on what lies before these offsets and was not passed on yet. */
    void readTo(Map<TopicPartition, Long> ends, Listener listener) {
        long lastProgress = System.nanoTime();
        while (true) {
            TopicPartition waiting = firstToWaitFor(ends);
            if (waiting == null) {
                ConsumerRecord<byte[], byte[]> next = next(ends);
                if (next == null) {
                    return;
                }
                listener.on(next);
                lastProgress = System.nanoTime();
            } else if (poll(waiting)) {
                lastProgress = System.nanoTime();
            } else if (System.nanoTime() - lastProgress > STALL_DEADLINE.toNanos()) {
                throw new PipelineException("Kafka at " + kafka + " sent nothing of " + waiting + " for "
                        + STALL_DEADLINE.toSeconds() + " s, though there is more.");
            }
        }
    }

    /** A partition whose next record is not here yet, so that nobody can say whose turn it is; null if there is none. */
    private @Nullable TopicPartition firstToWaitFor(Map<TopicPartition, Long> ends) {
        for (Map.Entry<TopicPartition, Deque<ConsumerRecord<byte[], byte[]>>> each : buffers.entrySet()) {
            if (each.getValue().isEmpty() && position(each.getKey()) < end(ends, each.getKey())) {
                return each.getKey();
            }
        }
        return null;
    }

    /** Whether there was anything new, which may be a mark of a transaction. */
    private boolean poll(TopicPartition waiting) {
        long before = position(waiting);
        ask(() -> {
            buffers.forEach((partition, buffer) -> {
                if (buffer.size() >= maxBuffered) {
                    consumer.pause(List.of(partition));
                } else {
                    consumer.resume(List.of(partition));
                }
            });
            consumer.poll(POLL_TIMEOUT)
                    .forEach(record -> buffer(new TopicPartition(record.topic(), record.partition()))
                            .add(record));
            return true;
        });
        return position(waiting) > before;
    }

    private long position(TopicPartition partition) {
        return ask(() -> consumer.position(partition));
    }

    private @Nullable ConsumerRecord<byte[], byte[]> next(Map<TopicPartition, Long> ends) {
        TopicPartition earliest = null;
        TopicPartition earliestReady = null;
        for (TopicPartition partition : buffers.keySet()) {
            ConsumerRecord<byte[], byte[]> head = head(partition, ends);
            if (head == null) {
                continue;
            }
            if (isEarlier(head, earliest, ends)) {
                earliest = partition;
            }
            if (isEarlier(head, earliestReady, ends) && !waitsForItsCause(head, ends)) {
                earliestReady = partition;
            }
        }
        TopicPartition chosen = earliestReady != null ? earliestReady : earliest;
        if (chosen == null) {
            return null;
        }
        ConsumerRecord<byte[], byte[]> record = buffer(chosen).remove();
        delivered.put(chosen, record.offset() + 1);
        return record;
    }

    private boolean isEarlier(
            ConsumerRecord<byte[], byte[]> head, @Nullable TopicPartition than, Map<TopicPartition, Long> ends) {
        ConsumerRecord<byte[], byte[]> other = than == null ? null : head(than, ends);
        return other == null || head.timestamp() < other.timestamp();
    }

    private @Nullable ConsumerRecord<byte[], byte[]> head(TopicPartition partition, Map<TopicPartition, Long> ends) {
        ConsumerRecord<byte[], byte[]> head = buffer(partition).peek();
        return head == null || head.offset() >= end(ends, partition) ? null : head;
    }

    /** An event has the time of its cause, so the time alone does not say which of the two comes first. */
    private boolean waitsForItsCause(ConsumerRecord<byte[], byte[]> event, Map<TopicPartition, Long> ends) {
        Origin cause = Origin.of(event);
        return cause != null
                && buffers.containsKey(cause.partition())
                && head(cause.partition(), ends) != null
                && delivered.getOrDefault(cause.partition(), 0L) <= cause.offset();
    }

    private static long end(Map<TopicPartition, Long> ends, TopicPartition partition) {
        return ends.getOrDefault(partition, 0L);
    }

    private Deque<ConsumerRecord<byte[], byte[]>> buffer(TopicPartition partition) {
        return Objects.requireNonNull(buffers.get(partition), "not one of the partitions that are read");
    }

    private <T> T ask(Supplier<T> question) {
        try {
            return question.get();
        } catch (org.apache.kafka.common.errors.TimeoutException tooLong) {
            throw new PipelineException("No Kafka answered at " + kafka + " within " + API_TIMEOUT.toSeconds()
                    + " s: start the pipeline with ./flashsale up, or say with --kafka where it is.");
        } catch (KafkaException failed) {
            throw new PipelineException("Kafka at " + kafka + " refused: " + failed.getMessage() + ".");
        }
    }

    @Override
    public void close() {
        consumer.close();
    }

    /** The input that an event follows from, as its CloudEvents id says: topic, partition, offset, number. */
    private record Origin(TopicPartition partition, long offset) {

        static @Nullable Origin of(ConsumerRecord<byte[], byte[]> event) {
            Header id = event.headers().lastHeader("ce_id");
            if (id == null || id.value() == null) {
                return null;
            }
            String text = new String(id.value(), StandardCharsets.UTF_8);
            int number = text.lastIndexOf('-');
            int offset = text.lastIndexOf('-', number - 1);
            int partition = text.lastIndexOf('-', offset - 1);
            try {
                return partition < 0
                        ? null
                        : new Origin(
                                new TopicPartition(
                                        text.substring(0, partition),
                                        Integer.parseInt(text.substring(partition + 1, offset))),
                                Long.parseLong(text.substring(offset + 1, number)));
            } catch (NumberFormatException notOurs) {
                return null;
            }
        }
    }
}
