package io.flashsale.orders.topology;

import static io.flashsale.streams.testing.TopologyDriver.bytes;
import static io.flashsale.streams.testing.TopologyDriver.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.InventoryEvent.HoldRedeemed;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.OrderInput;
import io.flashsale.contracts.ReplyTo;
import io.flashsale.contracts.Topic;
import io.flashsale.contracts.Topics;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import io.flashsale.orders.domain.LatePaymentPolicy;
import io.flashsale.orders.domain.OrderDefaults;
import io.flashsale.orders.domain.OrderRetention;
import io.flashsale.orders.domain.OrderRules;
import io.flashsale.streams.testing.TopologyDriver;
import io.flashsale.tracing.Tracing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The inventory's event brings the trace here, and the order's takes it back. */
class OrderTracesTest {

    private static final Instant T0 = Instant.parse("2026-11-20T12:00:00Z");
    private static final Topics TOPICS = new Topics("t.", 1);
    private static final String HOLD = HoldId.of("p1", new byte[16]);
    private static final String ORDER = OrderId.ofHold(HOLD);
    private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
    private static final String CAUSE = "b7ad6b7169203331";
    private static final HoldRedeemed REDEEMED =
            new HoldRedeemed("p1", HOLD, ORDER, 2, "anna", new BigDecimal("9.90"), "EUR", T0, null, null);

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private TopologyDriver driver;

    @BeforeEach
    void start() throws Exception {
        driver = new TopologyDriver(
                OrderTopology.build(
                        TOPICS,
                        new OrderRules(
                                new OrderDefaults(
                                        Duration.ofMinutes(15), Duration.ofHours(24), LatePaymentPolicy.REACQUIRE),
                                new OrderRetention(Duration.ofDays(7), Duration.ofDays(30))),
                        new Timing(Duration.ofMillis(100), Duration.ofMillis(200), 10, Duration.ofHours(24)),
                        new SimpleMeterRegistry(),
                        Tracing.of(SimpleSpanProcessor.create(spans), 0, "order-streams", "1")),
                T0);
    }

    @AfterEach
    void stop() throws Exception {
        driver.close();
    }

    @Test
    void anOrderIsASpanOfItsHoldsTrace() {
        send(TOPICS.inventoryEvents(), REDEEMED);

        SpanData span = onlySpan();
        assertThat(span.getName()).isEqualTo("process t.inventory-events");
        assertThat(span.getTraceId()).isEqualTo(TRACE_ID);
        assertThat(span.getParentSpanId()).isEqualTo(CAUSE);
        assertThat(span.getAttributes().asMap().toString())
                .contains("flashsale.input=HoldRedeemed", "flashsale.hold.id=" + HOLD, "[OrderCreated]")
                .doesNotContain("anna");
        String decision = "00-" + TRACE_ID + "-" + span.getSpanId() + "-01";
        assertThat(header(driver.records(TOPICS.orderEvents()).getFirst(), "traceparent"))
                .isEqualTo(decision);
        assertThat(header(driver.records(TOPICS.replies()).getFirst(), "traceparent"))
                .isEqualTo(decision);
    }

    @Test
    void aPaymentIsASpanWithItsOrdersHoldAndWithoutItsOwnId() {
        send(TOPICS.inventoryEvents(), REDEEMED);
        spans.reset();

        send(TOPICS.webhookCommands(), new PaymentSucceeded("p1", ORDER, "key-1", "pay-secret-4711", null, null));

        assertThat(onlySpan().getAttributes().asMap().toString())
                .contains("flashsale.hold.id=" + HOLD, "[OrderPaid]")
                .doesNotContain("4711", "key-1");
    }

    @Test
    void anEventThatIsNotForOrdersIsNoSpan() {
        send(
                TOPICS.inventoryEvents(),
                new HoldPlaced("p1", HOLD, 2, null, BigDecimal.TEN, "EUR", T0, T0.plusSeconds(60)));

        assertThat(spans.getFinishedSpanItems()).isEmpty();
    }

    private void send(Topic topic, OrderInput input) {
        RecordHeaders headers = new RecordHeaders();
        new ReplyTo("call-1", 0).writeTo(headers);
        headers.add("traceparent", bytes("00-" + TRACE_ID + "-" + CAUSE + "-01"));
        driver.send(topic, bytes("p1"), Json.MAPPER.writeValueAsBytes(input), T0, headers);
    }

    private SpanData onlySpan() {
        assertThat(spans.getFinishedSpanItems()).hasSize(1);
        return spans.getFinishedSpanItems().getFirst();
    }
}
