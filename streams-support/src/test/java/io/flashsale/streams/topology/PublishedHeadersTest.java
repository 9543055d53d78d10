package io.flashsale.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.CommandReader;
import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.SoldOut;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.ReplyTo;
import io.flashsale.tracing.Tracing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the published schemas say of headers is what is written. */
class PublishedHeadersTest {

    private static final Origin ORIGIN = new Origin("flashsale.hold-commands", 3, 41);
    private static final Instant TIME = Instant.parse("2026-11-27T09:00:00Z");

    @Test
    void anEventHasTheHeadersOfItsSchema() {
        JsonNode schema = schema("event-headers");
        assertThat(namesOf(event(null, null))).containsExactlyInAnyOrderElementsOf(required(schema));
        assertThat(namesOf(event(new ReplyTo("c", 0), trace())))
                .containsExactlyInAnyOrderElementsOf(schema.get("properties").propertyNames());
    }

    @Test
    void aDeadLetterHasTheHeadersOfItsSchema() {
        JsonNode schema = schema("dead-letter-headers");
        assertThat(namesOf(deadLetter(new byte[10]))).containsExactlyInAnyOrderElementsOf(required(schema));
        assertThat(namesOf(deadLetter(new byte[2_000_000])))
                .containsExactlyInAnyOrderElementsOf(schema.get("properties").propertyNames());
    }

    /** Reasons that are refusals are the refusal's own codes. */
    @Test
    void aDeadLettersReasonsAreThoseOfItsSchema() {
        assertThat(texts(schema("dead-letter-headers").at("/properties/dead_letter_reason/anyOf/0/enum")))
                .containsExactlyInAnyOrder(
                        CommandReader.NOT_JSON,
                        CommandReader.OVERSIZED,
                        CommandReader.UNKNOWN_TYPE,
                        CommandReader.VALIDATION_FAILED,
                        ScreenProcessor.UNREADABLE,
                        ScreenProcessor.WRONG_PARTITION,
                        ScreenProcessor.KEY_MISMATCH);
    }

    private static DecisionSpan trace() {
        Headers headers = new RecordHeaders();
        headers.add("traceparent", bytes("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        headers.add("tracestate", bytes("vendor=value"));
        Tracing tracing = Tracing.of(SimpleSpanProcessor.create(InMemorySpanExporter.create()), 0, "service", "1");
        return DecisionSpan.begin(tracing, ORIGIN, headers);
    }

    private static Headers event(ReplyTo passedOn, DecisionSpan trace) {
        MockProcessorContext<Object, Object> context = new MockProcessorContext<>();
        Outputs outputs = new Outputs(
                context, "events", "ticks", new DecisionMeters(new SimpleMeterRegistry(), InventoryEvent.class));
        outputs.trace(trace);
        outputs.event("p", new SoldOut("p", TIME), ORIGIN, 0, TIME, passedOn);
        return context.forwarded().getFirst().record().headers();
    }

    private static Headers deadLetter(byte[] value) {
        Record<byte[], byte[]> raw = new Record<>(new byte[] {'p'}, value, TIME.toEpochMilli());
        return DeadLetter.of(raw, ORIGIN, CommandReader.NOT_JSON, "Expected a JSON object.")
                .headers();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Stream<String> namesOf(Headers headers) {
        return Arrays.stream(headers.toArray()).map(Header::key);
    }

    private static List<String> required(JsonNode schema) {
        return texts(schema.get("required"));
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    private static JsonNode schema(String name) {
        try (InputStream in = CommandReader.class.getResourceAsStream("/schemas/" + name + ".json")) {
            return Json.MAPPER.readTree(in);
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }
}
