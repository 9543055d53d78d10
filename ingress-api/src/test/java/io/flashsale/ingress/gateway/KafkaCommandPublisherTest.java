package io.flashsale.ingress.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.flashsale.contracts.Command;
import io.flashsale.contracts.CommandReader;
import io.flashsale.contracts.HoldCommand.ExtendHold;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldCommand.ReleaseHold;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.ProductCommand.AdjustStock;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.ReplyTo;
import io.flashsale.contracts.SaleRules;
import io.flashsale.contracts.Topics;
import io.flashsale.contracts.UnreadableException;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import io.flashsale.tracing.TraceHeaders;
import io.flashsale.tracing.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;

class KafkaCommandPublisherTest {

    private static final String HOLD = HoldId.of("p", new byte[16]);
    private static final String ORDER = OrderId.ofHold(HOLD);
    private static final Instant START = Instant.parse("2026-11-27T09:00:00Z");
    private static final Command COMMAND = new PlaceHold("p", HOLD, 2, "alice");

    private final MockProducer<String, byte[]> producer = new LastingProducer();
    private final KafkaCommandPublisher publisher = publisher(() -> producer);

    @ParameterizedTest
    @MethodSource
    void writesWhatTheApplicationsRead(Command command, String topic, Reader reader) throws Exception {
        publisher.publish(command, null);

        ProducerRecord<String, byte[]> published = producer.history().getFirst();
        assertThat(published.topic()).isEqualTo("flashsale." + topic);
        assertThat(published.key()).isEqualTo("p");
        assertThat(reader.read(published.value())).isEqualTo(command);
        assertThat(published.headers()).isEmpty();
    }

    static Stream<Arguments> writesWhatTheApplicationsRead() {
        BigDecimal amount = new BigDecimal("10.50");
        Reader products = CommandReader::productCommand;
        Reader holds = CommandReader::holdCommand;
        Reader orders = CommandReader::orderCommand;
        Reader webhooks = CommandReader::webhookCommand;
        SaleRules rules = new SaleRules(2, 4, START, START.plusSeconds(60), 10, 600);
        return Stream.of(
                arguments(new DefineProduct("p", "Shoe", amount, "EUR", 10, 60, rules), "product-commands", products),
                arguments(
                        new DefineProduct("p", "Shoe", amount, null, 10, null, SaleRules.NONE),
                        "product-commands",
                        products),
                arguments(new AdjustStock("p", -5, "Broken", "key"), "product-commands", products),
                arguments(COMMAND, "hold-commands", holds),
                arguments(new ReleaseHold("p", HOLD), "hold-commands", holds),
                arguments(new ExtendHold("p", HOLD, null, "key"), "hold-commands", holds),
                arguments(new CreateOrder("p", HOLD, "key"), "order-commands", orders),
                arguments(new CancelOrder("p", ORDER), "order-commands", orders),
                arguments(
                        new PaymentSucceeded("p", ORDER, "key", "pay-1", amount, "EUR"), "webhook-commands", webhooks),
                arguments(new PaymentFailed("p", ORDER, "key", null, null, null), "webhook-commands", webhooks));
    }

    @Test
    void saysWhereTheCallerWaits() {
        publisher.publish(COMMAND, new ReplyTo("call-1", 5));

        assertThat(ReplyTo.readFrom(producer.history().getFirst().headers(), 12))
                .contains(new ReplyTo("call-1", 5));
    }

    @Test
    void saysWhichTraceTheCommandBelongsTo() {
        InMemorySpanExporter spans = InMemorySpanExporter.create();
        Tracing tracing = Tracing.of(SimpleSpanProcessor.create(spans), 1, "ingress-api", "0");
        Span call = tracing.answering("POST", Context.root());
        try (Scope current = call.makeCurrent()) {
            publisher(() -> producer, tracing).publish(COMMAND, null);
        }
        assertThat(spans.getFinishedSpanItems()).isEmpty();

        producer.completeNext();

        SpanData sent = spans.getFinishedSpanItems().getFirst();
        assertThat(sent.getName()).isEqualTo("send flashsale.hold-commands");
        assertThat(sent.getParentSpanId()).isEqualTo(call.getSpanContext().getSpanId());
        assertThat(sent.getAttributes().asMap().toString())
                .contains("flashsale.product.id=p")
                .doesNotContain("alice");
        Headers headers = producer.history().getFirst().headers();
        assertThat(Span.fromContext(TraceHeaders.read(headers)).getSpanContext().getSpanId())
                .isEqualTo(sent.getSpanId());
    }

    @Test
    void theSpanOfACommandThatTheLogDidNotTakeIsAnError() {
        InMemorySpanExporter spans = InMemorySpanExporter.create();
        publisher(() -> producer, Tracing.of(SimpleSpanProcessor.create(spans), 1, "ingress-api", "0"))
                .publish(COMMAND, null);

        producer.errorNext(new TimeoutException("no broker"));

        assertThat(spans.getFinishedSpanItems().getFirst().getStatus().getStatusCode())
                .isEqualTo(StatusCode.ERROR);
    }

    @Test
    void isTakenOnlyWhenTheLogSaysSo() {
        CompletableFuture<Void> taken = publisher.publish(COMMAND, null);
        assertThat(taken).isNotDone();

        producer.completeNext();

        assertThat(taken).isCompleted();
    }

    @Test
    void failsWhenTheLogDoesNotTakeIt() {
        CompletableFuture<Void> taken = publisher.publish(COMMAND, null);

        producer.errorNext(new TimeoutException("no broker"));

        assertThat(taken).isCompletedExceptionally();
    }

    @Test
    void failsWhenThereIsNoProducerYetAndTriesAgain() {
        boolean[] resolvable = {false};
        KafkaCommandPublisher early = publisher(() -> {
            if (!resolvable[0]) {
                throw new KafkaException("No resolvable bootstrap urls");
            }
            return producer;
        });

        assertThat(early.publish(COMMAND, null)).isCompletedExceptionally();
        resolvable[0] = true;

        assertThat(early.publish(COMMAND, null)).isNotDone();
    }

    @Test
    void connectsBeforeTheFirstCommand() {
        List<String> asked = new ArrayList<>();
        MockProducer<String, byte[]> remembering = new LastingProducer() {
            @Override
            public List<PartitionInfo> partitionsFor(String topic) {
                asked.add(topic);
                return List.of();
            }
        };

        publisher(() -> remembering).connect();

        assertThat(asked)
                .containsExactly(
                        "flashsale.product-commands",
                        "flashsale.hold-commands",
                        "flashsale.order-commands",
                        "flashsale.webhook-commands");
    }

    private static KafkaCommandPublisher publisher(ProducerFactory<String, byte[]> producers) {
        return publisher(producers, Tracing.OFF);
    }

    private static KafkaCommandPublisher publisher(ProducerFactory<String, byte[]> producers, Tracing tracing) {
        return new KafkaCommandPublisher(Topics.defaults(), new KafkaTemplate<>(producers), tracing);
    }

    /** The template closes after each use, which the real factory's producers take as giving back. */
    private static class LastingProducer extends MockProducer<String, byte[]> {

        LastingProducer() {
            super(Cluster.empty(), false, null, new StringSerializer(), new ByteArraySerializer());
        }

        @Override
        public void close(Duration timeout) {}
    }

    private interface Reader {
        Command read(byte[] value) throws UnreadableException;
    }
}
