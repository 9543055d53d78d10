package io.flashsale.benchmarks;

import io.flashsale.contracts.Command;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.Limits;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.ReplyTo;
import io.flashsale.contracts.SaleRules;
import io.flashsale.contracts.Topic;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import io.flashsale.local.PipelineException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
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

    /** Nobody waits for the single command. */
    private static final Map<String, Object> LARGE_BATCHES =
            Map.of(ProducerConfig.BATCH_SIZE_CONFIG, 262_144, ProducerConfig.LINGER_MS_CONFIG, 20);

    /** The longest that a broker allows by default. */
    private static final Duration MAX_TRANSACTION = Duration.ofMinutes(15);

    private final Workbench workbench;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    Commands(Workbench workbench) {
        this(workbench, LARGE_BATCHES);
    }

    /** As the ingress does: somebody waits. */
    static Commands withoutDelay(Workbench workbench) {
        return new Commands(
                workbench,
                Map.of(ProducerConfig.LINGER_MS_CONFIG, 0, ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1));
    }

    /** What is written between {@link #begin()} and {@link #commit()} can be read by the services at the commit, all at once. */
    static Commands inTransactions(Workbench workbench) {
        Map<String, Object> settings = new HashMap<>(LARGE_BATCHES);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "benchmark-" + UUID.randomUUID());
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) MAX_TRANSACTION.toMillis());
        Commands commands = new Commands(workbench, settings);
        commands.producer.initTransactions();
        return commands;
    }

    private Commands(Workbench workbench, Map<String, Object> settings) {
        this.workbench = workbench;
        Map<String, Object> all = new HashMap<>(settings);
        all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, workbench.pipeline().bootstrapServers());
        all.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        this.producer = new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    void begin() {
        producer.beginTransaction();
    }

    void commit() {
        flush();
        producer.commitTransaction();
    }

    /** A product with all the stock there can be, whose holds outlast the run. */
    void defineProduct(String productId) {
        defineProduct(productId, Limits.MAX_HOLD_TTL_SECONDS);
    }

    void defineProduct(String productId, int holdTtlSeconds) {
        send(
                workbench.topics().productCommands(),
                new DefineProduct(
                        productId,
                        "Benchmark " + productId,
                        new BigDecimal("9.99"),
                        "EUR",
                        Limits.MAX_TOTAL_STOCK,
                        holdTtlSeconds,
                        SaleRules.NONE));
        flush();
    }

    /** Holds of one unit each, numbered from {@code first}. */
    void placeHolds(String productId, int first, int count) {
        writeNumbered(
                workbench.topics().holdCommands(),
                first,
                count,
                number -> new PlaceHold(productId, holdId(productId, number), 1, null));
    }

    /** One of them, whose answer somebody waits for. Does not wait for it to be written, see {@link #flush()}. */
    void placeHold(String productId, int number, ReplyTo replyTo) {
        Topic topic = workbench.topics().holdCommands();
        var record = recordOf(topic, new PlaceHold(productId, holdId(productId, number), 1, null));
        replyTo.writeTo(record.headers());
        send(record);
    }

    /** Orders of holds made here. */
    void createOrders(String productId, int first, int count) {
        writeNumbered(
                workbench.topics().orderCommands(),
                first,
                count,
                number -> new CreateOrder(productId, holdId(productId, number), null));
    }

    /** A payment of an order. Does not wait for it to be written, see {@link #flush()}. */
    void pay(String productId, String orderId) {
        send(
                workbench.topics().webhookCommands(),
                new PaymentSucceeded(productId, orderId, "pay-" + orderId, null, null, null));
    }

    private void writeNumbered(Topic topic, int first, int count, IntFunction<Command> command) {
        for (int i = 0; i < count; i++) {
            send(topic, command.apply(first + i));
            int sent = i;
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
        send(recordOf(topic, command));
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record, (metadata, failed) -> failure.compareAndSet(null, failed));
        } catch (KafkaException refused) {
            throw new PipelineException("A command could not be written: " + refused + ".");
        }
    }

    private static ProducerRecord<byte[], byte[]> recordOf(Topic topic, Command command) {
        byte[] key = command.productId().getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(topic.name(), key, Json.MAPPER.writeValueAsBytes(command));
    }

    /** Waits until everything is written, and throws if anything could not be. */
    void flush() {
        producer.flush();
        Exception first = failure.get();
        if (first != null) {
            throw new PipelineException("A command could not be written: " + first + ".");
        }
    }
}
