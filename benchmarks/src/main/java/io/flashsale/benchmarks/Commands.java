package io.flashsale.benchmarks;

import io.flashsale.contracts.Command;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.Limits;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.SaleRules;
import io.flashsale.contracts.Topic;
import io.flashsale.local.PipelineException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Writes commands to Kafka as an upstream system would, as fast as it goes. */
final class Commands implements AutoCloseable {

    private static final int ID_BYTES = 16;
    private static final int ID_PREFIX_LENGTH = 2;

    private final Workbench workbench;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    Commands(Workbench workbench) {
        this.workbench = workbench;
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        workbench.pipeline().bootstrapServers(),
                        // Large batches: nobody waits for the single command.
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        262_144,
                        ProducerConfig.LINGER_MS_CONFIG,
                        20,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** A product with all the stock there can be, whose holds outlast the run. */
    void defineProduct(String productId) {
        send(
                workbench.topics().productCommands(),
                new DefineProduct(
                        productId,
                        "Benchmark " + productId,
                        new BigDecimal("9.99"),
                        "EUR",
                        Limits.MAX_TOTAL_STOCK,
                        Limits.MAX_HOLD_TTL_SECONDS,
                        SaleRules.NONE));
        flush();
    }

    /** Holds of one unit each, numbered from 0. */
    void placeHolds(String productId, int count) {
        for (int number = 0; number < count; number++) {
            send(workbench.topics().holdCommands(), new PlaceHold(productId, holdId(productId, number), 1, null));
            int sent = number;
            workbench.progress().sometimes(() -> "wrote %,d of %,d commands".formatted(sent, count));
        }
        flush();
    }

    /** Numbers instead of random bytes, so that the check can tell which ones it has seen. */
    static String holdId(String productId, int number) {
        return HoldId.of(productId, ByteBuffer.allocate(ID_BYTES).putInt(number).array());
    }

    /** The number of a hold made here. */
    static int numberOf(String holdId) {
        byte[] id = Base64.getUrlDecoder().decode(holdId.substring(ID_PREFIX_LENGTH));
        return ByteBuffer.wrap(id).getInt();
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }

    private void send(Topic topic, Command command) {
        workbench.requireHealth();
        byte[] key = command.productId().getBytes(StandardCharsets.UTF_8);
        try {
            producer.send(
                    new ProducerRecord<>(topic.name(), key, Json.MAPPER.writeValueAsBytes(command)),
                    (metadata, failed) -> failure.compareAndSet(null, failed));
        } catch (KafkaException refused) {
            throw new PipelineException("A command could not be written: " + refused + ".");
        }
    }

    private void flush() {
        producer.flush();
        Exception first = failure.get();
        if (first != null) {
            throw new PipelineException("A command could not be written: " + first + ".");
        }
    }
}
