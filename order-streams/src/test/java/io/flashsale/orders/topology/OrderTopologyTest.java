package io.flashsale.orders.topology;

import static io.flashsale.streams.testing.TopologyDriver.bytes;
import static io.flashsale.streams.testing.TopologyDriver.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.CancelReason;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.InventoryEvent.HoldRedeemed;
import io.flashsale.contracts.InventoryEvent.RedeemRejected;
import io.flashsale.contracts.InventoryEvent.StockReacquired;
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderEvent.LatePaymentReceived;
import io.flashsale.contracts.OrderEvent.OrderCancelled;
import io.flashsale.contracts.OrderEvent.OrderCreated;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.contracts.OrderEvent.PaymentUnmatched;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.OrderStatus;
import io.flashsale.contracts.OrderTick;
import io.flashsale.contracts.PaymentStatus;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.Reply.OrderAnswer;
import io.flashsale.contracts.Reply.PaymentAnswer;
import io.flashsale.contracts.Topics;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import io.flashsale.orders.domain.LatePaymentPolicy;
import io.flashsale.orders.domain.OrderDefaults;
import io.flashsale.orders.domain.OrderRetention;
import io.flashsale.orders.domain.OrderRules;
import io.flashsale.streams.testing.TopologyDriver;
import io.flashsale.tracing.Tracing;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OrderTopologyTest {

    private static final Instant T0 = Instant.parse("2026-11-20T12:00:00Z");
    private static final Topics TOPICS = new Topics("t.", 1);
    private static final Duration GRACE = Duration.ofMillis(200);
    private static final Duration WINDOW = Duration.ofMinutes(15);
    private static final Duration PARKING = Duration.ofHours(24);
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Timing TIMING = new Timing(Duration.ofMillis(100), GRACE, 10, PARKING);
    private static final OrderRules RULES = new OrderRules(
            new OrderDefaults(WINDOW, PARKING, LatePaymentPolicy.REACQUIRE), new OrderRetention(WEEK, MONTH));
    private static final String HOLD = HoldId.of("p1", new byte[16]);
    private static final String ORDER = OrderId.ofHold(HOLD);

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private TopologyDriver driver;

    @BeforeEach
    void start() throws Exception {
        driver = new TopologyDriver(OrderTopology.build(TOPICS, RULES, TIMING, meters, Tracing.OFF), T0);
    }

    @AfterEach
    void stop() throws Exception {
        driver.close();
    }

    @Test
    void theTopologyIsTheOneThatIsKnown() throws Exception {
        String expected = Files.readString(Path.of("src/test/resources/order-topology.txt"));

        String described = OrderTopology.build(TOPICS, RULES, TIMING, meters, Tracing.OFF)
                .describe()
                .toString();

        assertThat(described).isEqualToNormalizingNewlines(expected);
    }

    @Test
    void aRedeemedHoldBecomesAnOrderAndItsCallerIsAnsweredFromHere() {
        redeem("call-1");

        TestRecord<byte[], byte[]> event = driver.records(TOPICS.orderEvents()).getLast();
        assertThat(header(event, "ce_type")).isEqualTo("OrderCreated");
        assertThat(header(event, "ce_id")).isEqualTo("t.inventory-events-0-0-0");
        TestRecord<byte[], byte[]> reply = driver.records(TOPICS.replies()).getLast();
        assertThat(new String(reply.key(), StandardCharsets.UTF_8)).isEqualTo("call-1");
        assertThat(new String(reply.value(), StandardCharsets.UTF_8))
                .contains("\"type\":\"OrderAnswer\"", "\"amount\":19.80", "\"status\":\"pending_payment\"");
    }

    @Test
    void aRepeatedRequestIsAnsweredWithTheFirstAnswer() {
        redeem("call-1");
        Reply first = replies().getLast();
        pay("key-1", "call-2");
        replies();

        driver.call(
                TOPICS.inventoryEvents(),
                "p1",
                new RedeemRejected("p1", HOLD, Refusal.alreadyUsed(HOLD, ORDER), "k", true),
                T0.plusSeconds(9),
                "call-3");

        assertThat(replies()).containsExactly(new OrderAnswer(((OrderAnswer) first).order(), true));
    }

    @Test
    void anUnpaidOrderIsCancelledByATickBehindItsDeadline() {
        redeem("call-1");
        events();

        driver.advanceWallClock(WINDOW);
        assertThat(driver.records(TOPICS.orderTicks())).as("within the grace").isEmpty();
        driver.advanceWallClock(GRACE);

        assertThat(driver.messages(TOPICS.orderTicks(), OrderTick.class))
                .containsExactly(new OrderTick.ExpirePayment("p1", ORDER));
        assertThat(events())
                .singleElement()
                .isInstanceOfSatisfying(
                        OrderCancelled.class,
                        cancelled -> assertThat(cancelled.reason()).isEqualTo(CancelReason.PAYMENT_EXPIRED));
    }

    @Test
    void aPaymentFromABacklogWinsOverATickBehindIt() {
        redeem("call-1");
        events();
        driver.advanceWallClock(WINDOW.plus(GRACE).minusMillis(1));

        // Read after the deadline, appended a moment before it.
        driver.send(
                TOPICS.webhookCommands(), "p1", paid("key-1"), T0.plus(WINDOW).minusMillis(1));
        driver.advanceWallClock(Duration.ofSeconds(60));

        assertThat(driver.records(TOPICS.orderTicks())).as("the tick came").hasSize(1);
        assertThat(events()).singleElement().isInstanceOf(OrderPaid.class);
    }

    @Test
    void aTickThatIsEarlyByLogTimeChangesNothingAndComesAgain() {
        redeem("call-1");
        events();

        driver.send(TOPICS.orderTicks(), "p1", new OrderTick.ExpirePayment("p1", ORDER), T0.plusSeconds(60));
        assertThat(events()).isEmpty();
        driver.advanceWallClock(WINDOW.plusSeconds(1));

        assertThat(events()).singleElement().isInstanceOf(OrderCancelled.class);
    }

    @Test
    void failure04_aPaymentBeforeItsOrderIsKeptAndPaysIt() {
        pay("key-1", "call-1");
        assertThat(replies())
                .containsExactly(new PaymentAnswer(ORDER, PaymentStatus.AWAITING_ORDER, null, null, null, false));

        redeem("call-2");

        assertThat(events()).hasExactlyElementsOfTypes(OrderCreated.class, OrderPaid.class);
        assertThat(replies())
                .singleElement()
                .isInstanceOfSatisfying(
                        OrderAnswer.class,
                        answer -> assertThat(answer.order().status()).isEqualTo(OrderStatus.PAID));
    }

    @Test
    void failure05_aPaymentWhoseOrderNeverComesIsReportedOnceAfterItsDeadline() {
        pay("key-1", "call-1");

        driver.advanceWallClock(PARKING);
        assertThat(events()).isEmpty();
        driver.advanceWallClock(Duration.ofSeconds(6));
        assertThat(events()).singleElement().isInstanceOf(PaymentUnmatched.class);
        driver.advanceWallClock(PARKING);
        assertThat(events()).isEmpty();
    }

    @Test
    void aLatePaymentIsAnsweredWhenTheInventoryHasDecided() {
        redeem("call-1");
        driver.call(TOPICS.webhookCommands(), "p1", failed("key-1"), T0.plusSeconds(2), "call-2");
        events();
        replies();

        pay("key-2", "call-3");
        pay("key-2", "call-4");
        assertThat(replies()).as("not yet").isEmpty();
        assertThat(events()).singleElement().isInstanceOf(LatePaymentReceived.class);

        driver.send(TOPICS.inventoryEvents(), "p1", new StockReacquired("p1", ORDER, 2), T0.plusSeconds(6));

        assertThat(events()).singleElement().isInstanceOf(OrderPaid.class);
        assertThat(driver.records(TOPICS.replies()))
                .extracting(reply -> new String(reply.key(), StandardCharsets.UTF_8))
                .containsExactly("call-3", "call-4");
    }

    @Test
    void anOrderIsCancelledByACommandAndItsCallerIsAnswered() {
        redeem("call-1");
        events();
        replies();

        cancel("call-2");
        cancel("call-3");

        assertThat(events())
                .singleElement()
                .isInstanceOfSatisfying(
                        OrderCancelled.class,
                        cancelled -> assertThat(cancelled.reason()).isEqualTo(CancelReason.REQUESTED));
        List<Reply> replies = replies();
        assertThat(replies).hasOnlyElementsOfType(OrderAnswer.class).hasSize(2);
        assertThat(replies.getFirst().replayed()).isFalse();
        assertThat(replies.getLast()).isEqualTo(new OrderAnswer(((OrderAnswer) replies.getFirst()).order(), true));
    }

    @Test
    void ofTheCommandsThatTheInventoryReadsTooOnlyCancellationsAreDecidedHere() {
        redeem("call-1");
        events();
        replies();

        driver.call(TOPICS.orderCommands(), "p1", new CreateOrder("p1", HOLD, "k"), T0.plusSeconds(1), "call-2");
        driver.send(TOPICS.orderCommands(), bytes("p1"), bytes("{"), T0, new RecordHeaders());
        driver.send(TOPICS.orderCommands(), "p2", new CancelOrder("p1", ORDER), T0);

        assertThat(events()).isEmpty();
        assertThat(replies()).isEmpty();
        assertThat(driver.records(TOPICS.deadLetters()))
                .as("the inventory reports them")
                .isEmpty();
    }

    @Test
    void aRefusedCancellationWithoutACallerIsADeadLetter() {
        driver.send(TOPICS.orderCommands(), "p1", new CancelOrder("p1", ORDER), T0);

        assertThat(header(driver.records(TOPICS.deadLetters()).getLast(), "dead_letter_reason"))
                .isEqualTo("order-not-found");
    }

    @Test
    void failure06_aDuplicateWebhookHasOneEffectAndTheSameAnswer() {
        redeem("call-1");
        events();
        replies();

        for (int i = 0; i < 50; i++) {
            pay("key-1", "call-" + i);
        }

        assertThat(events()).singleElement().isInstanceOf(OrderPaid.class);
        PaymentAnswer first = new PaymentAnswer(ORDER, PaymentStatus.PAID, null, null, null, false);
        List<Reply> replies = replies();
        assertThat(replies.getFirst()).isEqualTo(first);
        assertThat(replies.subList(1, 50)).hasSize(49).allMatch(first.asReplayed()::equals);
    }

    @Test
    void failure07_theSamePaymentUnderTwoKeysHasOneEffect() {
        redeem("call-1");
        events();
        replies();

        pay("key-1", "call-2");
        pay("key-2", "call-3");

        assertThat(events()).singleElement().isInstanceOf(OrderPaid.class);
        PaymentAnswer first = new PaymentAnswer(ORDER, PaymentStatus.PAID, null, null, null, false);
        assertThat(replies()).containsExactly(first, first.asReplayed());
    }

    @Test
    void aKeyIsNeverTakenForAPayment() {
        redeem("call-1");
        driver.send(TOPICS.webhookCommands(), "p1", failed("key-1"), T0.plusSeconds(1));
        events();

        pay(ORDER + "|pay-1|failed", "call-2");

        assertThat(events()).singleElement().isInstanceOf(LatePaymentReceived.class);
    }

    @Test
    void whatEndedLongAgoLeavesTheStores() {
        redeem("call-1");
        pay("key-1", "call-2");
        assertThat(driver.entries(OrderTopology.ORDERS)).isEqualTo(1);
        assertThat(driver.entries(OrderTopology.WEBHOOKS)).as("key and payment").isEqualTo(2);

        driver.advanceWallClock(WEEK);
        assertThat(driver.entries(OrderTopology.WEBHOOKS)).isEqualTo(2);
        driver.advanceWallClock(Duration.ofSeconds(6));
        assertThat(driver.entries(OrderTopology.WEBHOOKS)).isZero();
        assertThat(driver.entries(OrderTopology.ORDERS)).isEqualTo(1);

        driver.advanceWallClock(MONTH);
        assertThat(driver.entries(OrderTopology.ORDERS)).isZero();
        assertThat(driver.entries(OrderTopology.RETENTION)).isZero();
        assertThat(driver.messages(TOPICS.orderTicks(), OrderTick.class))
                .filteredOn(OrderTick.SweepOrders.class::isInstance)
                .containsOnly(new OrderTick.SweepOrders("p1"))
                .hasSize(2);
    }

    @Test
    void forgettingFollowsTheLogAndNotTheClock() {
        redeem("call-1");
        pay("key-1", "call-2");

        driver.send(TOPICS.orderTicks(), "p1", new OrderTick.SweepOrders("p1"), T0.plus(WEEK));
        assertThat(driver.entries(OrderTopology.WEBHOOKS)).isEqualTo(2);
        driver.send(
                TOPICS.orderTicks(),
                "p1",
                new OrderTick.SweepOrders("p1"),
                T0.plus(WEEK).plusSeconds(5));

        assertThat(driver.entries(OrderTopology.WEBHOOKS)).isZero();
    }

    @Test
    void oneSweepForgetsNoMoreThanABatch() {
        for (int i = 0; i <= 12; i++) {
            driver.send(
                    TOPICS.webhookCommands(),
                    "p1",
                    new PaymentSucceeded("p1", ORDER, "key-" + i, null, null, null),
                    T0.plusSeconds(5));
        }

        driver.advanceWallClock(WEEK.plusSeconds(6));
        assertThat(driver.entries(OrderTopology.WEBHOOKS)).isEqualTo(3);
        driver.advanceWallClock(Duration.ofSeconds(1));
        assertThat(driver.entries(OrderTopology.WEBHOOKS)).isZero();
    }

    @Test
    void anOrderThatIsPaidAfterItsCancellationIsForgottenAfterItsPayment() {
        redeem("call-1");
        driver.send(TOPICS.webhookCommands(), "p1", failed("key-1"), T0.plusSeconds(2));
        pay("key-2", "call-2");
        Duration late = Duration.ofDays(10);
        driver.advanceWallClock(late);
        driver.send(TOPICS.inventoryEvents(), "p1", new StockReacquired("p1", ORDER, 2), T0.plus(late));

        driver.advanceWallClock(MONTH.minus(late).plusSeconds(10));
        assertThat(driver.entries(OrderTopology.ORDERS))
                .as("a month after the first end")
                .isEqualTo(1);
        driver.advanceWallClock(late);
        assertThat(driver.entries(OrderTopology.ORDERS)).isZero();
    }

    @Test
    void failure20_whatCannotBeReadIsADeadLetterAndTheNextRecordIsDecided() {
        redeem("call-1");
        events();

        driver.send(TOPICS.webhookCommands(), bytes("p1"), bytes("{"), T0, new RecordHeaders());
        driver.send(TOPICS.inventoryEvents(), bytes("p1"), bytes("{\"type\":\"New\"}"), T0, new RecordHeaders());
        driver.send(TOPICS.webhookCommands(), "p2", paid("key-1"), T0);
        pay("key-1", "call-2");

        assertThat(driver.records(TOPICS.deadLetters()))
                .extracting(letter -> header(letter, "dead_letter_reason"))
                .containsExactly("not-json", "unreadable", "key-mismatch");
        assertThat(events()).singleElement().isInstanceOf(OrderPaid.class);
    }

    @Test
    void aRefusalThatNobodyWouldHearOfIsADeadLetter() {
        redeem("call-1");
        driver.send(TOPICS.webhookCommands(), "p1", paid("key-1"), T0.plusSeconds(1));

        driver.send(TOPICS.webhookCommands(), "p1", failed("key-1"), T0.plusSeconds(2));

        assertThat(header(driver.records(TOPICS.deadLetters()).getLast(), "dead_letter_reason"))
                .isEqualTo("idempotency-key-reused");
    }

    @Test
    void eventsRefusalsDuplicatesAndEarlyPaymentsAreCounted() {
        pay("key-1", "call-1");
        pay("key-1", "call-2");
        pay("key-2", "call-3");
        redeem("call-4");
        driver.send(TOPICS.webhookCommands(), "p1", failed("key-1"), T0);
        cancel("call-5");
        driver.send(TOPICS.orderCommands(), "p1", new CancelOrder("p1", ORDER), T0);
        driver.send(TOPICS.webhookCommands(), "p1", failed("key-3"), T0);

        assertThat(meters.get("decisions.events")
                        .tag("type", "OrderPaid")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(meters.get("payments.early").counter().count()).isEqualTo(1);
        assertThat(meters.get("payments.duplicate").counter().count()).isEqualTo(2);
        assertThat(refused("idempotency-key-reused")).isEqualTo(1);
        assertThat(refused("order-already-paid"))
                .as("with a caller and without")
                .isEqualTo(2);
        assertThat(meters.get("decisions.dead.letters").counters())
                .extracting(Counter::count)
                .filteredOn(count -> count > 0)
                .containsExactly(1.0, 1.0);
    }

    @Test
    void whatBecomesOfOrdersIsCountedFromTheStart() {
        List<String> names =
                List.of("orders.placed", "orders.paid", "refunds.required", "payments.late", "payments.unmatched");
        assertThat(names).allSatisfy(name -> assertThat(counted(name)).isZero());
        redeem("call-1");
        cancel("call-2");
        // Nobody gets back what somebody cancelled.
        pay("key-1", "call-3");

        assertThat(names.stream().map(this::counted)).containsExactly(1.0, 0.0, 1.0, 0.0, 0.0);
        assertThat(cancelled("requested")).isEqualTo(1);
        assertThat(cancelled("payment_failed")).isZero();
    }

    private double counted(String name) {
        return meters.get(name).functionCounter().count();
    }

    private double cancelled(String reason) {
        return meters.get("orders.cancelled").tag("reason", reason).counter().count();
    }

    private double refused(String reason) {
        return meters.get("decisions.refused").tag("reason", reason).counter().count();
    }

    private void redeem(String correlationId) {
        driver.call(
                TOPICS.inventoryEvents(),
                "p1",
                new HoldRedeemed("p1", HOLD, ORDER, 2, "anna", new BigDecimal("9.90"), "EUR", T0, null, null),
                T0,
                correlationId);
    }

    private void cancel(String correlationId) {
        driver.call(TOPICS.orderCommands(), "p1", new CancelOrder("p1", ORDER), T0.plusSeconds(5), correlationId);
    }

    private void pay(String key, String correlationId) {
        driver.call(TOPICS.webhookCommands(), "p1", paid(key), T0.plusSeconds(5), correlationId);
    }

    private static PaymentSucceeded paid(String key) {
        return new PaymentSucceeded("p1", ORDER, key, "pay-1", null, null);
    }

    private static PaymentFailed failed(String key) {
        return new PaymentFailed("p1", ORDER, key, "pay-1", null, null);
    }

    private List<OrderEvent> events() {
        return driver.messages(TOPICS.orderEvents(), OrderEvent.class);
    }

    private List<Reply> replies() {
        return driver.messages(TOPICS.replies(), Reply.class);
    }
}
