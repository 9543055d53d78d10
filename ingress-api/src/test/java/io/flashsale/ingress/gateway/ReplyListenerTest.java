package io.flashsale.ingress.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.Reply.Refused;
import io.flashsale.tracing.Tracing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With the tail that tells it, as they are put together. */
class ReplyListenerTest {

    private static final TopicPartition PARTITION = new TopicPartition("flashsale.replies", 3);
    private static final long END = 40;
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Reply REPLY =
            new Refused(Refusal.of(RefusalCode.HOLD_NOT_FOUND, "There is no such hold."), false);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final PendingReplies pending = new PendingReplies(10, 10, meters);
    private final Queue<MockConsumer<String, byte[]>> consumers = new ConcurrentLinkedQueue<>();
    private final TopicTail listener = new TopicTail(
            "reply-listener",
            List.of(PARTITION),
            0,
            this::nextConsumer,
            new ReplyListener(pending, meters, Tracing.OFF));

    @AfterEach
    void stop() {
        listener.stop();
    }

    @Test
    void hearsRepliesFromTheEndOn() {
        MockConsumer<String, byte[]> consumer = consumer();
        listener.start();
        awaitPosition();
        assertThat(consumer.assignment()).containsExactly(PARTITION);

        try (PendingCall call = pending.open("p")) {
            consumer.addRecord(reply(END, call.correlationId(), Json.MAPPER.writeValueAsBytes(REPLY)));

            assertThat(call.await(LONG)).contains(REPLY);
        }
        assertThat(meters.get("replies.delay").timer().count()).isEqualTo(1);
    }

    @Test
    void aReplyEndsTheTraceOfItsDecision() {
        InMemorySpanExporter spans = InMemorySpanExporter.create();
        ReplyListener traced = new ReplyListener(
                pending, meters, Tracing.of(SimpleSpanProcessor.create(spans), 1, "ingress-api", "0"));
        ConsumerRecord<String, byte[]> reply = reply(END, "gone", Json.MAPPER.writeValueAsBytes(REPLY));
        reply.headers()
                .add(
                        "traceparent",
                        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".getBytes(StandardCharsets.UTF_8));

        traced.on(reply);
        // An application that has no traces says nothing of one, and none begins here.
        traced.on(reply(END + 1, "gone", Json.MAPPER.writeValueAsBytes(REPLY)));

        assertThat(spans.getFinishedSpanItems()).singleElement().satisfies(span -> {
            assertThat(span.getName()).isEqualTo("process flashsale.replies");
            assertThat(span.getTraceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
            assertThat(span.getParentSpanId()).isEqualTo("b7ad6b7169203331");
        });
    }

    @Test
    void isAProblemUntilThePositionIsKnown() {
        UnreachableConsumer consumer = new UnreachableConsumer();
        consumers.add(consumer);
        listener.start();
        await().until(() -> consumer.asked);
        assertThat(listener.problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("flashsale.replies"));

        consumer.reachable = true;

        awaitPosition();
    }

    @Test
    void anUnreadableReplyStopsNothing() {
        MockConsumer<String, byte[]> consumer = consumer();
        listener.start();
        awaitPosition();

        try (PendingCall call = pending.open("p")) {
            consumer.addRecord(reply(END, call.correlationId(), "not json".getBytes(StandardCharsets.UTF_8)));
            consumer.addRecord(reply(END + 1, call.correlationId(), null));
            consumer.addRecord(reply(END + 2, null, Json.MAPPER.writeValueAsBytes(REPLY)));
            consumer.addRecord(reply(END + 3, call.correlationId(), Json.MAPPER.writeValueAsBytes(REPLY)));

            assertThat(call.await(LONG)).contains(REPLY);
        }
    }

    @Test
    void goesOnWhereItWasAfterAFault() {
        MockConsumer<String, byte[]> first = consumer();
        listener.start();
        awaitPosition();
        try (PendingCall call = pending.open("p")) {
            first.addRecord(reply(END, call.correlationId(), Json.MAPPER.writeValueAsBytes(REPLY)));
            assertThat(call.await(LONG)).contains(REPLY);
        }
        await().until(() -> first.position(PARTITION) == END + 1);
        // Meanwhile the log has grown: jumping to its end would lose what came in between.
        MockConsumer<String, byte[]> second = consumer();
        second.updateEndOffsets(Map.of(PARTITION, END + 100));

        first.setPollException(new KafkaException("broken"));

        await().until(() ->
                second.assignment().contains(PARTITION) && listener.problem().isEmpty());
        assertThat(second.position(PARTITION)).isEqualTo(END + 1);
        assertThat(first.closed()).isTrue();
    }

    @Test
    void notEvenAnErrorEndsIt() {
        MockConsumer<String, byte[]> broken = new MockConsumer<>("earliest") {
            @Override
            public synchronized long position(TopicPartition partition) {
                throw new NoClassDefFoundError("io/example/Missing");
            }
        };
        consumers.add(broken);
        consumer();

        listener.start();

        awaitPosition();
        assertThat(broken.closed()).isTrue();
    }

    @Test
    void triesAgainWhileTheBrokersNamesAreUnknown() {
        listener.start();
        assertThat(listener.problem()).isPresent();

        consumer();

        awaitPosition();
    }

    @Test
    void stopsAndCloses() {
        MockConsumer<String, byte[]> consumer = consumer();
        listener.start();
        awaitPosition();

        listener.stop();

        assertThat(consumer.closed()).isTrue();
        assertThat(listener.isRunning()).isFalse();
        assertThat(listener.problem()).isPresent();
    }

    private void awaitPosition() {
        await().atMost(LONG).until(() -> listener.problem().isEmpty());
    }

    private MockConsumer<String, byte[]> consumer() {
        MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, END));
        consumers.add(consumer);
        return consumer;
    }

    private MockConsumer<String, byte[]> nextConsumer() {
        MockConsumer<String, byte[]> consumer = consumers.poll();
        if (consumer == null) {
            throw new KafkaException("No resolvable bootstrap urls");
        }
        return consumer;
    }

    private static ConsumerRecord<String, byte[]> reply(long offset, String key, byte[] value) {
        return new ConsumerRecord<>(PARTITION.topic(), PARTITION.partition(), offset, key, value);
    }

    private static final class UnreachableConsumer extends MockConsumer<String, byte[]> {

        private volatile boolean asked;
        private volatile boolean reachable;

        UnreachableConsumer() {
            super("earliest");
            updateEndOffsets(Map.of(PARTITION, END));
        }

        @Override
        public synchronized long position(TopicPartition partition) {
            asked = true;
            if (!reachable) {
                throw new TimeoutException("no broker");
            }
            return super.position(partition);
        }
    }
}
