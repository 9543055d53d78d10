package io.flashsale.inventory.topology;

import static io.flashsale.streams.testing.TopologyDriver.bytes;
import static io.flashsale.streams.testing.TopologyDriver.header;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.InventoryInput;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderEvent.OrderCreated;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.ReplyTo;
import io.flashsale.contracts.SaleRules;
import io.flashsale.contracts.Topic;
import io.flashsale.contracts.Topics;
import io.flashsale.inventory.domain.InventoryDefaults;
import io.flashsale.inventory.domain.InventoryRules;
import io.flashsale.inventory.domain.InventoryTerms;
import io.flashsale.streams.testing.TopologyDriver;
import io.flashsale.tracing.Tracing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What a decision tells of itself in a trace, and to whom it passes the trace on. */
class InventoryTracesTest {

    private static final Instant T0 = Instant.parse("2026-11-20T12:00:00Z");
    private static final Topics TOPICS = new Topics("t.", 1);
    private static final String HOLD = HoldId.of("p1", new byte[16]);
    private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";
    private static final String TRACEPARENT = "00-" + TRACE_ID + "-" + CALLER + "-01";

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final Logger decisions = (Logger) LoggerFactory.getLogger("decisions");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private TopologyDriver driver;

    @BeforeEach
    void start() throws Exception {
        // Of itself it records nothing: what is there, the sender has asked for.
        driver = driver(Tracing.of(SimpleSpanProcessor.create(spans), 0, "inventory-streams", "1"));
        decisions.setLevel(Level.DEBUG);
        lines.start();
        decisions.addAppender(lines);
        driver.send(
                TOPICS.productCommands(),
                "p1",
                new DefineProduct("p1", "Lamp", BigDecimal.TEN, "EUR", 5, 60, SaleRules.NONE),
                T0);
        driver.records(TOPICS.inventoryEvents());
        lines.list.clear();
    }

    @AfterEach
    void stop() throws Exception {
        decisions.detachAppender(lines);
        decisions.setLevel(null);
        driver.close();
    }

    @Test
    void aDecisionIsASpanOfItsCommandsTrace() {
        send(TOPICS.holdCommands(), new PlaceHold("p1", HOLD, 2, "anna"), TRACEPARENT);

        SpanData span = onlySpan();
        assertThat(span.getName()).isEqualTo("process t.hold-commands");
        assertThat(span.getKind()).isEqualTo(SpanKind.CONSUMER);
        assertThat(span.getTraceId()).isEqualTo(TRACE_ID);
        assertThat(span.getParentSpanId()).isEqualTo(CALLER);
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        // All of them: no customer, no key and no name are among them.
        assertThat(attributesOf(span))
                .isEqualTo(Map.ofEntries(
                        Map.entry("messaging.system", "kafka"),
                        Map.entry("messaging.operation.name", "process"),
                        Map.entry("messaging.operation.type", "process"),
                        Map.entry("messaging.destination.name", "t.hold-commands"),
                        Map.entry("messaging.destination.partition.id", "0"),
                        Map.entry("messaging.kafka.offset", "0"),
                        Map.entry("flashsale.input", "PlaceHold"),
                        Map.entry("flashsale.product.id", "p1"),
                        Map.entry("flashsale.hold.id", HOLD),
                        Map.entry("flashsale.events", "[HoldPlaced]")));
    }

    @Test
    void theTraceGoesOnWithTheEventAndTheReply() {
        send(TOPICS.holdCommands(), new PlaceHold("p1", HOLD, 2, null), TRACEPARENT);

        String decision = "00-" + TRACE_ID + "-" + onlySpan().getSpanId() + "-01";
        assertThat(header(driver.records(TOPICS.inventoryEvents()).getFirst(), "traceparent"))
                .isEqualTo(decision);
        TestRecord<byte[], byte[]> reply = driver.records(TOPICS.replies()).getFirst();
        assertThat(header(reply, "traceparent")).isEqualTo(decision);
        assertThat(header(reply, "tracestate")).isEqualTo("vendor=value");
    }

    @Test
    void aRefusalIsTheSpansOwnAttributeAndNoError() {
        send(TOPICS.holdCommands(), new PlaceHold("p1", HOLD, 6, null), TRACEPARENT);

        assertThat(attributesOf(onlySpan()))
                .containsEntry("flashsale.refusal", "insufficient-stock")
                .containsEntry("flashsale.events", "[HoldRejected]");
        assertThat(onlySpan().getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }

    @Test
    void aDeadLetterIsAnErrorInItsTraceAndKeepsItsHeaders() {
        driver.send(TOPICS.holdCommands(), bytes("p1"), bytes("{"), T0, headers(TRACEPARENT));

        assertThat(attributesOf(onlySpan())).containsEntry("flashsale.dead_letter", "not-json");
        assertThat(onlySpan().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(header(driver.records(TOPICS.deadLetters()).getFirst(), "traceparent"))
                .isEqualTo(TRACEPARENT);
        assertThat(lines.list)
                .singleElement()
                .satisfies(line -> assertThat(traceIdOf(line)).isEqualTo(TRACE_ID));
    }

    @Test
    void aLineOfTheDecisionHasTheTrace() {
        send(TOPICS.holdCommands(), new PlaceHold("p1", HOLD, 2, null), TRACEPARENT);

        assertThat(lines.list).singleElement().satisfies(line -> {
            assertThat(line.getMessage()).isEqualTo("HoldPlaced");
            assertThat(traceIdOf(line)).isEqualTo(TRACE_ID);
        });
    }

    /** Order-streams reads it, and the inventory has nothing to do. */
    @Test
    void whatDecidesNothingIsNoSpan() {
        send(TOPICS.holdCommands(), new PlaceHold("p1", HOLD, 2, null), TRACEPARENT);
        send(TOPICS.orderCommands(), new CreateOrder("p1", HOLD, null), TRACEPARENT);
        spans.reset();

        send(
                TOPICS.orderEvents(),
                new OrderCreated(
                        "p1",
                        OrderId.ofHold(HOLD),
                        HOLD,
                        2,
                        null,
                        BigDecimal.TEN,
                        BigDecimal.TEN,
                        "EUR",
                        T0,
                        T0.plusSeconds(60)),
                TRACEPARENT);

        assertThat(spans.getFinishedSpanItems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "ff-" + TRACE_ID + "-" + CALLER + "-01", "00-" + TRACE_ID + "-x-01"})
    void aBadTraceparentChangesNothing(String bad) {
        send(TOPICS.holdCommands(), new PlaceHold("p1", HOLD, 2, null), bad);

        TestRecord<byte[], byte[]> event =
                driver.records(TOPICS.inventoryEvents()).getFirst();
        assertThat(header(event, "ce_type")).isEqualTo("HoldPlaced");
        // A trace of its own, which is random and not recorded.
        assertThat(header(event, "traceparent")).doesNotContain(TRACE_ID).endsWith("-02");
        assertThat(driver.records(TOPICS.deadLetters())).isEmpty();
        assertThat(spans.getFinishedSpanItems()).isEmpty();
    }

    @Test
    void withoutTracesNothingIsReadOrPassedOn() throws Exception {
        driver.close();
        driver = driver(Tracing.OFF);
        driver.send(
                TOPICS.productCommands(),
                "p1",
                new DefineProduct("p1", "Lamp", BigDecimal.TEN, "EUR", 5, 60, SaleRules.NONE),
                T0);
        lines.list.clear();

        send(TOPICS.holdCommands(), new PlaceHold("p1", HOLD, 2, null), TRACEPARENT);

        assertThat(driver.records(TOPICS.inventoryEvents()))
                .hasSize(2)
                .allSatisfy(event -> assertThat(
                                Arrays.stream(event.headers().toArray()).map(Header::key))
                        .containsExactly("ce_specversion", "ce_id", "ce_type", "ce_source", "ce_time", "content-type"));
        assertThat(driver.records(TOPICS.replies()).getFirst().headers()).isEmpty();
        assertThat(lines.list)
                .singleElement()
                .satisfies(line -> assertThat(traceIdOf(line)).isEmpty());
    }

    private static TopologyDriver driver(Tracing tracing) throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        return new TopologyDriver(
                InventoryTopology.build(
                        TOPICS,
                        new InventoryRules(
                                new InventoryDefaults(60, "USD"),
                                new InventoryTerms(1, Duration.ofHours(24), Duration.ofDays(30))),
                        new Timing(Duration.ofMillis(100), Duration.ofMillis(200), 10, Duration.ofMillis(100)),
                        meters,
                        new OverdueHolds(meters, InstantSource.fixed(T0)),
                        tracing),
                T0);
    }

    private void send(Topic topic, InventoryInput input, String traceparent) {
        driver.send(topic, bytes("p1"), Json.MAPPER.writeValueAsBytes(input), T0, headers(traceparent));
    }

    private static RecordHeaders headers(String traceparent) {
        RecordHeaders headers = new RecordHeaders();
        new ReplyTo("call-1", 0).writeTo(headers);
        headers.add("traceparent", bytes(traceparent));
        headers.add("tracestate", bytes("vendor=value"));
        return headers;
    }

    private SpanData onlySpan() {
        assertThat(spans.getFinishedSpanItems()).hasSize(1);
        return spans.getFinishedSpanItems().getFirst();
    }

    private static Map<String, String> attributesOf(SpanData span) {
        return span.getAttributes().asMap().entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().getKey(), entry -> String.valueOf(entry.getValue())));
    }

    private static String traceIdOf(ILoggingEvent line) {
        return line.getKeyValuePairs().stream()
                .filter(pair -> pair.key.equals("trace.id"))
                .map(pair -> String.valueOf(pair.value))
                .collect(Collectors.joining());
    }
}
