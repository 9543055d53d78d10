package io.flashsale.benchmarks;

import io.flashsale.contracts.Topic;
import io.flashsale.local.PipelineException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what is committed in the partition of one product, from where it ended. */
final class EventReader implements AutoCloseable {

    /** Of nothing new at all. */
    private static final Duration STALL_DEADLINE = Duration.ofSeconds(120);

    private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);

    private final Workbench workbench;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final long begin;

    EventReader(Workbench workbench, Topic topic, String productId) {
        this(
                workbench,
                new TopicPartition(
                        topic.name(), workbench.topics().partitionOf(productId.getBytes(StandardCharsets.UTF_8))),
                // A fetch for every commit would cost CPU that is measured; this blurs a mark by 50 ms at most.
                Map.of(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 131_072, ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50));
    }

    /** @param settings of the consumer, besides those that all have */
    EventReader(Workbench workbench, TopicPartition partition, Map<String, Object> settings) {
        this.workbench = workbench;
        this.partition = partition;
        Map<String, Object> all = new HashMap<>(settings);
        all.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, workbench.pipeline().bootstrapServers());
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 50_000);
        this.consumer = new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(List.of(partition));
        consumer.seekToEnd(List.of(partition));
        this.begin = consumer.position(partition);
    }

    /** Waits for that many records; {@code onProgress} is told how many there are, whenever there are more. */
    void awaitCount(long records, Consumer<Long> onProgress) {
        long[] count = {0};
        readUntil(() -> records - count[0], batch -> {
            count[0] += batch.size();
            onProgress.accept(count[0]);
        });
    }

    /**
     * Reads until nothing is left to wait for.
     *
     * @param left how many are missing; asked after each batch
     */
    void readUntil(LongSupplier left, Consumer<List<ConsumerRecord<byte[], byte[]>>> onBatch) {
        long lastChange = System.nanoTime();
        while (left.getAsLong() > 0) {
            List<ConsumerRecord<byte[], byte[]>> batch =
                    consumer.poll(POLL_TIMEOUT).records(partition);
            workbench.requireHealth();
            if (!batch.isEmpty()) {
                lastChange = System.nanoTime();
                onBatch.accept(batch);
            } else if (System.nanoTime() - lastChange > STALL_DEADLINE.toNanos()) {
                throw new PipelineException("%,d records of %s are missing, and for %d s there were no more."
                        .formatted(left.getAsLong(), partition.topic(), STALL_DEADLINE.toSeconds()));
            }
        }
    }

    /** Reads everything once more. */
    void readAgain(Consumer<byte[]> onValue) {
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, begin);
        consumer.seek(partition, begin);
        // The position also goes on over what is no record, such as the end of a transaction.
        long lastChange = System.nanoTime();
        while (consumer.position(partition) < end) {
            workbench.requireHealth();
            long before = consumer.position(partition);
            consumer.poll(POLL_TIMEOUT).forEach(record -> onValue.accept(record.value()));
            if (consumer.position(partition) > before) {
                lastChange = System.nanoTime();
            } else if (System.nanoTime() - lastChange > STALL_DEADLINE.toNanos()) {
                throw new PipelineException("The records of " + partition + " could not be read once more.");
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
