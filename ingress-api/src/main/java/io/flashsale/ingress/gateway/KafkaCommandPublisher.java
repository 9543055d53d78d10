package io.flashsale.ingress.gateway;

import io.flashsale.contracts.Command;
import io.flashsale.contracts.HoldCommand;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.OrderCommand;
import io.flashsale.contracts.ProductCommand;
import io.flashsale.contracts.ReplyTo;
import io.flashsale.contracts.Topic;
import io.flashsale.contracts.Topics;
import io.flashsale.contracts.WebhookCommand;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Publishes commands with an idempotent producer, keyed by product, partitioned by Kafka's default. */
final class KafkaCommandPublisher implements CommandPublisher, AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Topics topics;
    private final Supplier<Producer<String, byte[]>> producers;
    private @Nullable Producer<String, byte[]> producer;

    /** @param producers makes the producer at its first use: making one fails while the brokers' names are unknown */
    KafkaCommandPublisher(Topics topics, Supplier<Producer<String, byte[]>> producers) {
        this.topics = topics;
        this.producers = producers;
    }

    @Override
    public CompletableFuture<Void> publish(Command command, @Nullable ReplyTo replyTo) {
        ProducerRecord<String, byte[]> published = new ProducerRecord<>(
                topicOf(command).name(), command.productId(), Json.MAPPER.writeValueAsBytes(command));
        if (replyTo != null) {
            replyTo.writeTo(published.headers());
        }
        CompletableFuture<Void> taken = new CompletableFuture<>();
        try {
            producer().send(published, (metadata, failure) -> {
                if (failure == null) {
                    taken.complete(null);
                } else {
                    taken.completeExceptionally(failure);
                }
            });
        } catch (KafkaException failure) {
            taken.completeExceptionally(failure);
        }
        return taken;
    }

    /**
     * Makes the producer and has it know the topics, so that no caller waits for that. Costs nothing once it does.
     *
     * @throws KafkaException if it cannot
     */
    void connect() {
        Producer<String, byte[]> connected = producer();
        List.of(topics.productCommands(), topics.holdCommands(), topics.orderCommands(), topics.webhookCommands())
                .forEach(topic -> connected.partitionsFor(topic.name()));
    }

    /** Waits for what is under way, for a limited time. */
    @Override
    public synchronized void close() {
        if (producer != null) {
            producer.close(CLOSE_TIMEOUT);
        }
    }

    private synchronized Producer<String, byte[]> producer() {
        Producer<String, byte[]> present = producer;
        if (present == null) {
            present = producers.get();
            producer = present;
        }
        return present;
    }

    private Topic topicOf(Command command) {
        return switch (command) {
            case ProductCommand product -> topics.productCommands();
            case HoldCommand hold -> topics.holdCommands();
            case OrderCommand order -> topics.orderCommands();
            case WebhookCommand webhook -> topics.webhookCommands();
        };
    }
}
