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
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaOperations;

/**
 * Publishes commands with an idempotent producer, keyed by product, partitioned by Kafka's default. The producer is made
 * at its first use, because making one fails while the brokers' names are unknown.
 */
final class KafkaCommandPublisher implements CommandPublisher {

    private final Topics topics;
    private final KafkaOperations<String, byte[]> kafka;

    KafkaCommandPublisher(Topics topics, KafkaOperations<String, byte[]> kafka) {
        this.topics = topics;
        this.kafka = kafka;
    }

    @Override
    public CompletableFuture<Void> publish(Command command, @Nullable ReplyTo replyTo) {
        ProducerRecord<String, byte[]> published = new ProducerRecord<>(
                topicOf(command).name(), command.productId(), Json.MAPPER.writeValueAsBytes(command));
        if (replyTo != null) {
            replyTo.writeTo(published.headers());
        }
        try {
            return kafka.send(published).thenAccept(taken -> {});
        } catch (KafkaException | org.apache.kafka.common.KafkaException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    /**
     * Makes the producer and has it know the topics, so that no caller waits for that. Costs nothing once it does.
     *
     * @throws RuntimeException if it cannot
     */
    void connect() {
        topics.commands().forEach(topic -> kafka.partitionsFor(topic.name()));
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
