package io.flashsale.benchmarks;

import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.local.PipelineException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the committed decisions on one product, from where its partition of {@code inventory-events} ended. */
final class DecisionReader implements AutoCloseable {

    /** Of no new decision at all. */
    private static final Duration STALL_DEADLINE = Duration.ofSeconds(120);

    private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);

    private final Workbench workbench;
    private final String productId;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final long begin;

    DecisionReader(Workbench workbench, String productId) {
        this.workbench = workbench;
        this.productId = productId;
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        workbench.pipeline().bootstrapServers(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        50_000,
                        // A fetch for every commit would cost CPU that is measured; this blurs a mark by 50 ms at most.
                        ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
                        131_072,
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        50),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        byte[] key = productId.getBytes(StandardCharsets.UTF_8);
        this.partition = new TopicPartition(
                workbench.topics().inventoryEvents().name(), workbench.topics().partitionOf(key));
        consumer.assign(List.of(partition));
        consumer.seekToEnd(List.of(partition));
        this.begin = consumer.position(partition);
    }

    /** Waits for that many decisions; {@code onProgress} is told how many there are, whenever there are more. */
    void await(long decisions, Consumer<Long> onProgress) {
        long count = 0;
        long lastChange = System.nanoTime();
        while (count < decisions) {
            int more = consumer.poll(POLL_TIMEOUT).count();
            workbench.requireHealth();
            if (more > 0) {
                count += more;
                lastChange = System.nanoTime();
                onProgress.accept(count);
            } else if (System.nanoTime() - lastChange > STALL_DEADLINE.toNanos()) {
                throw new PipelineException("After %,d of %,d decisions there were no more for %d s."
                        .formatted(count, decisions, STALL_DEADLINE.toSeconds()));
            }
        }
    }

    /** Reads everything once more and throws unless it is exactly one {@link HoldPlaced} for each of the commands. */
    void requireExactlyOnce(int commands) {
        DecisionCheck check = new DecisionCheck(productId, commands);
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, begin);
        consumer.seek(partition, begin);
        long lastChange = System.nanoTime();
        while (consumer.position(partition) < end) {
            workbench.requireHealth();
            long before = consumer.position(partition);
            consumer.poll(POLL_TIMEOUT).forEach(record -> check.add(record.value()));
            if (consumer.position(partition) > before) {
                lastChange = System.nanoTime();
            } else if (System.nanoTime() - lastChange > STALL_DEADLINE.toNanos()) {
                throw new PipelineException("The decisions could not be read once more.");
            }
        }
        check.requireComplete();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
