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
import io.flashsale.tracing.TraceHeaders;
import io.flashsale.tracing.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
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
    private final Tracing tracing;

    KafkaCommandPublisher(Topics topics, KafkaOperations<String, byte[]> kafka, Tracing tracing) {
        this.topics = topics;
        this.kafka = kafka;
        this.tracing = tracing;
    }

    @Override
    public CompletableFuture<Void> publish(Command command, @Nullable ReplyTo replyTo) {
        ProducerRecord<String, byte[]> published = new ProducerRecord<>(
                topicOf(command).name(), command.productId(), Json.MAPPER.writeValueAsBytes(command));
        if (replyTo != null) {
            replyTo.writeTo(published.headers());
        }
        return tracing.isOn() ? sendTraced(published) : send(published);
    }

    /** The span lasts until the log has taken the command: what comes after it waits for a decision. */
    private CompletableFuture<Void> sendTraced(ProducerRecord<String, byte[]> published) {
        Span span = tracing.sending(published.topic()).setAttribute(Tracing.PRODUCT_ID, published.key());
        TraceHeaders.write(span, published.headers());
        return send(published).whenComplete((taken, failure) -> {
            if (failure != null) {
                span.setStatus(StatusCode.ERROR);
            }
            span.end();
        });
    }

    private CompletableFuture<Void> send(ProducerRecord<String, byte[]> published) {
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
