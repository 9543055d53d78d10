package io.flashsale.orders.topology;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.InventoryEvent.HoldRedeemed;
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.Topics;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import io.flashsale.orders.domain.LatePaymentPolicy;
import io.flashsale.orders.domain.OrderDefaults;
import io.flashsale.orders.domain.OrderRetention;
import io.flashsale.orders.domain.OrderRules;
import io.flashsale.streams.testing.TopologyDriver;
import io.flashsale.tracing.Tracing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Which decisions stand in the log, and what of them. */
class OrderLogTest {

    private static final Instant T0 = Instant.parse("2026-11-20T12:00:00Z");
    private static final Topics TOPICS = new Topics("t.", 1);
    private static final String HOLD = HoldId.of("p1", new byte[16]);
    private static final String ORDER = OrderId.ofHold(HOLD);
    private static final OrderRules RULES = new OrderRules(
            new OrderDefaults(Duration.ofMinutes(15), Duration.ofHours(24), LatePaymentPolicy.REACQUIRE),
            new OrderRetention(Duration.ofDays(7), Duration.ofDays(30)));
    private static final Timing TIMING =
            new Timing(Duration.ofMillis(100), Duration.ofMillis(200), 10, Duration.ofHours(24));

    private final Logger logger = (Logger) LoggerFactory.getLogger("decisions");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private TopologyDriver driver;

    @BeforeEach
    void start() throws Exception {
        driver = new TopologyDriver(
                OrderTopology.build(TOPICS, RULES, TIMING, new SimpleMeterRegistry(), Tracing.OFF), T0);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stop() throws Exception {
        logger.detachAppender(lines);
        logger.setLevel(null);
        driver.close();
    }

    @Test
    void moneyThatGoesBackIsToldWithTheEndOfItsPaymentsIdAlone() {
        logger.setLevel(Level.INFO);

        payAfterCancelling();

        assertThat(lines.list).singleElement().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.INFO);
            assertThat(line.getMessage()).isEqualTo("RefundRequired");
            assertThat(valuesOf(line))
                    .containsEntry("product", "p1")
                    .containsEntry("order", ORDER)
                    .containsEntry("payment", "****4711")
                    .containsEntry("amount", "19.80")
                    .containsEntry("currency", "EUR")
                    .containsEntry("cause", "t.webhook-commands-0-0")
                    .containsEntry("call", "call-1");
            assertThat(valuesOf(line).toString()).doesNotContain("secret", "anna");
        });
    }

    @Test
    void everyDecisionIsToldWhenSomebodyAsks() {
        logger.setLevel(Level.DEBUG);

        payAfterCancelling();
        driver.send(
                TOPICS.orderCommands(),
                "p1",
                new CancelOrder("p1", OrderId.ofHold(HoldId.of("p1", new byte[] {
                    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
                }))),
                T0);

        assertThat(lines.list)
                .extracting(ILoggingEvent::getMessage)
                .containsExactly("OrderCreated", "OrderCancelled", "RefundRequired", "Refused", "DeadLetter");
        assertThat(valuesOf(lines.list.get(1))).containsEntry("reason", "requested");
        assertThat(valuesOf(lines.list.get(3))).containsEntry("reason", "order-not-found");
    }

    @Test
    void aFloodOfDeadLettersIsNotAFloodOfLines() {
        logger.setLevel(Level.INFO);

        for (int i = 0; i < 1_000; i++) {
            driver.send(TOPICS.webhookCommands(), new byte[] {'p', '1'}, new byte[] {'{'}, T0, new RecordHeaders());
        }

        assertThat(lines.list).hasSizeBetween(10, 500);
        assertThat(valuesOf(lines.list.getFirst()))
                .isEqualTo(Map.of("reason", "not-json", "cause", "t.webhook-commands-0-0"));
    }

    private void payAfterCancelling() {
        driver.send(
                TOPICS.inventoryEvents(),
                "p1",
                new HoldRedeemed("p1", HOLD, ORDER, 2, "anna", new BigDecimal("9.90"), "EUR", T0, null, null),
                T0);
        driver.send(TOPICS.orderCommands(), "p1", new CancelOrder("p1", ORDER), T0);
        driver.call(
                TOPICS.webhookCommands(),
                "p1",
                new PaymentSucceeded("p1", ORDER, "key-1", "pay-secret-4711", null, null),
                T0,
                "call-1");
    }

    private static Map<String, String> valuesOf(ILoggingEvent line) {
        Map<String, String> values = new TreeMap<>();
        line.getKeyValuePairs().forEach(pair -> values.put(pair.key, String.valueOf(pair.value)));
        return values;
    }
}
