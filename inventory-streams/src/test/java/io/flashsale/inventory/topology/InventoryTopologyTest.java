package io.flashsale.inventory.topology;

import static io.flashsale.streams.testing.TopologyDriver.bytes;
import static io.flashsale.streams.testing.TopologyDriver.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.CancelReason;
import io.flashsale.contracts.HoldCommand.ExtendHold;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldCommand.ReleaseHold;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.HoldExpired;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.InventoryEvent.HoldRedeemed;
import io.flashsale.contracts.InventoryEvent.RedeemRejected;
import io.flashsale.contracts.InventoryTick;
import io.flashsale.contracts.InventoryTick.ExpireHold;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderEvent.LatePaymentReceived;
import io.flashsale.contracts.OrderEvent.OrderCancelled;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.ProductCommand.AdjustStock;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.ProductView;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.ReplyTo;
import io.flashsale.contracts.SaleRules;
import io.flashsale.contracts.SaleStatus;
import io.flashsale.contracts.Topics;
import io.flashsale.inventory.domain.InventoryDefaults;
import io.flashsale.inventory.domain.InventoryRules;
import io.flashsale.inventory.domain.InventoryTerms;
import io.flashsale.streams.testing.TopologyDriver;
import io.flashsale.streams.topology.RecordBatch;
import io.flashsale.tracing.Tracing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InventoryTopologyTest {

    private static final Instant T0 = Instant.parse("2026-11-20T12:00:00Z");
    private static final Topics TOPICS = new Topics("t.", 1);
    private static final int BATCH = 10;
    private static final Duration GRACE = Duration.ofMillis(200);
    private static final Timing TIMING = new Timing(Duration.ofMillis(100), GRACE, BATCH, Duration.ofMillis(100));
    private static final InventoryTerms TERMS = new InventoryTerms(1, Duration.ofHours(24), Duration.ofDays(30));
    private static final InventoryRules RULES = new InventoryRules(new InventoryDefaults(60, "USD"), TERMS);

    private static final SaleRules SALE_OF_ONE_MINUTE = new SaleRules(null, null, T0, T0.plusSeconds(60), null, null);
    private static final SaleRules TWO_FOR_EACH_CUSTOMER = new SaleRules(null, 2, null, null, null, null);

    /** Twenty batches. The test driver takes a minute of processor time for as many as {@code -Dflashsale.test.long=true} asks for. */
    private static final int ENDED_HOLDS = Boolean.getBoolean("flashsale.test.long") ? 200_000 : 20_000;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private Instant now = T0;
    private final OverdueHolds overdue = new OverdueHolds(registry, () -> now);

    private TopologyDriver driver;

    @BeforeEach
    void start() throws Exception {
        driver = new TopologyDriver(InventoryTopology.build(TOPICS, RULES, TIMING, registry, overdue, Tracing.OFF), T0);
    }

    @AfterEach
    void stop() throws Exception {
        driver.close();
    }

    @Test
    void theTopologyIsTheOneThatIsKnown() throws Exception {
        String expected = Files.readString(Path.of("src/test/resources/inventory-topology.txt"));

        String described = InventoryTopology.build(TOPICS, RULES, TIMING, registry, overdue, Tracing.OFF)
                .describe()
                .toString();

        assertThat(described).isEqualToNormalizingNewlines(expected);
    }

    @Test
    void aHoldIsAnEventWithCloudEventsHeadersAndAReplyToItsCaller() {
        define("p1", 10);
        String holdId = holdId("p1", 1);

        driver.call(TOPICS.holdCommands(), "p1", new PlaceHold("p1", holdId, 3, "anna"), T0.plusSeconds(1), "call-1");

        TestRecord<byte[], byte[]> event = last(driver.records(TOPICS.inventoryEvents()));
        assertThat(new String(event.key(), StandardCharsets.UTF_8)).isEqualTo("p1");
        assertThat(event.timestamp()).isEqualTo(T0.plusSeconds(1).toEpochMilli());
        assertThat(header(event, "ce_specversion")).isEqualTo("1.0");
        assertThat(header(event, "ce_type")).isEqualTo("HoldPlaced");
        assertThat(header(event, "ce_id")).isEqualTo("t.hold-commands-0-0-0");
        assertThat(header(event, "ce_source")).isEqualTo("/topology-test");
        assertThat(header(event, "ce_time")).isEqualTo("2026-11-20T12:00:01Z");
        assertThat(header(event, "content-type")).isEqualTo("application/json");
        TestRecord<byte[], byte[]> reply = last(driver.records(TOPICS.replies()));
        assertThat(new String(reply.key(), StandardCharsets.UTF_8)).isEqualTo("call-1");
        assertThat(new String(reply.value(), StandardCharsets.UTF_8))
                .contains("\"type\":\"HoldAnswer\"", "\"expires_at\":\"2026-11-20T12:01:01Z\"");
    }

    @Test
    void aCommandWithoutReplyHeadersGetsNoReply() {
        define("p1", 10);

        hold("p1", 1, T0);

        assertThat(driver.records(TOPICS.replies())).isEmpty();
        assertThat(events()).last().isInstanceOf(HoldPlaced.class);
    }

    @Test
    void aRedeemedHoldTakesItsCallersAddressOnToOrders() {
        define("p1", 10);
        String holdId = hold("p1", 1, T0);

        driver.call(TOPICS.orderCommands(), "p1", new CreateOrder("p1", holdId, null), T0.plusSeconds(1), "call-7");

        TestRecord<byte[], byte[]> event = last(driver.records(TOPICS.inventoryEvents()));
        assertThat(header(event, "ce_type")).isEqualTo("HoldRedeemed");
        assertThat(ReplyTo.readFrom(event.headers(), 1)).contains(new ReplyTo("call-7", 0));
        assertThat(driver.records(TOPICS.replies())).isEmpty();
    }

    @Test
    void aRefusedOrderIsAnsweredHereAndNotPassedOn() {
        define("p1", 10);

        driver.call(
                TOPICS.orderCommands(),
                "p1",
                new CreateOrder("p1", holdId("p1", 9), null),
                T0.plusSeconds(1),
                "call-8");

        TestRecord<byte[], byte[]> event = last(driver.records(TOPICS.inventoryEvents()));
        assertThat(ReplyTo.readFrom(event.headers(), 1)).isEmpty();
        assertThat(driver.messages(TOPICS.replies(), Reply.class))
                .singleElement()
                .isInstanceOf(Reply.Refused.class);
    }

    @Test
    void ofRecordsThatCameAsOneEachIsDecidedOrPutAsideForItself() {
        define("p1", 10);
        Instant time = T0.plusSeconds(1);
        List<ConsumerRecord<byte[], byte[]>> records = List.of(
                record(41, place("p1", 1), time),
                record(42, bytes("not JSON"), time),
                record(44, place("p1", 2), time));

        ConsumerRecord<byte[], byte[]> joined = RecordBatch.join(records).getFirst();
        driver.send(TOPICS.holdCommands(), joined.key(), joined.value(), time, new RecordHeaders(joined.headers()));

        assertThat(driver.records(TOPICS.inventoryEvents()).stream()
                        .filter(event -> header(event, "ce_type").equals("HoldPlaced"))
                        .map(event -> header(event, "ce_id")))
                .containsExactly("t.hold-commands-0-41-0", "t.hold-commands-0-44-0");
        assertThat(driver.messages(TOPICS.replies(), Reply.class)).hasSize(2);
        assertThat(driver.records(TOPICS.deadLetters())).singleElement().satisfies(letter -> {
            assertThat(letter.value()).isEqualTo(bytes("not JSON"));
            assertThat(header(letter, "dead_letter_offset")).isEqualTo("42");
        });
    }

    private static byte[] place(String productId, int number) {
        return Json.MAPPER.writeValueAsBytes(new PlaceHold(productId, holdId(productId, number), 1, null));
    }

    /** As the broker hands it out, from somebody who waits for a reply. */
    private static ConsumerRecord<byte[], byte[]> record(long offset, byte[] value, Instant time) {
        RecordHeaders headers = new RecordHeaders();
        new ReplyTo("call-" + offset, 0).writeTo(headers);
        return new ConsumerRecord<>(
                TOPICS.holdCommands().name(),
                0,
                offset,
                time.toEpochMilli(),
                TimestampType.LOG_APPEND_TIME,
                ConsumerRecord.NULL_SIZE,
                ConsumerRecord.NULL_SIZE,
                bytes("p1"),
                value,
                headers,
                Optional.empty());
    }

    @Test
    void aDueHoldBecomesATickAndTheTickExpiresIt() {
        define("p1", 10);
        String holdId = hold("p1", 1, T0);
        events();

        driver.advanceWallClock(Duration.ofSeconds(60));
        assertThat(driver.records(TOPICS.inventoryTicks()))
                .as("within the grace")
                .isEmpty();

        driver.advanceWallClock(GRACE);
        assertThat(driver.messages(TOPICS.inventoryTicks(), InventoryTick.class))
                .containsExactly(new InventoryTick.ExpireHold("p1", holdId));
        assertThat(events()).singleElement().isInstanceOfSatisfying(HoldExpired.class, expired -> {
            assertThat(expired.holdId()).isEqualTo(holdId);
            assertThat(expired.quantity()).isEqualTo(1);
        });

        driver.advanceWallClock(Duration.ofHours(1));
        assertThat(driver.records(TOPICS.inventoryTicks())).as("once").isEmpty();
    }

    @Test
    void anOrderFromABacklogWinsOverATickBehindIt() {
        define("p1", 10);
        String holdId = hold("p1", 1, T0);
        events();
        driver.advanceWallClock(Duration.ofSeconds(60).plus(GRACE).minusMillis(1));

        // Read after the expiry, appended a moment before it.
        driver.send(
                TOPICS.orderCommands(),
                "p1",
                new CreateOrder("p1", holdId, null),
                T0.plusSeconds(60).minusMillis(1));
        driver.advanceWallClock(Duration.ofSeconds(60));

        assertThat(driver.records(TOPICS.inventoryTicks())).as("the tick came").hasSize(1);
        assertThat(events()).singleElement().isInstanceOf(HoldRedeemed.class);
    }

    @Test
    void anOrderFromABacklogIsJudgedByItsOwnTimeNotByTheLatestSeen() {
        define("p1", 10);
        String holdId = hold("p1", 1, T0);
        hold("p1", 2, T0.plusSeconds(300));
        events();

        driver.send(
                TOPICS.orderCommands(),
                "p1",
                new CreateOrder("p1", holdId, null),
                T0.plusSeconds(60).minusMillis(1));

        assertThat(events()).singleElement().isInstanceOf(HoldRedeemed.class);
    }

    @Test
    void aTickThatIsEarlyByLogTimeChangesNothingAndComesAgain() {
        define("p1", 10);
        String holdId = hold("p1", 1, T0);
        events();

        // This machine's clock is ahead of the broker's: the timer fired, and its tick is before the hold's expiry.
        driver.clear(InventoryTopology.HOLD_TIMERS);
        driver.send(TOPICS.inventoryTicks(), "p1", new InventoryTick.ExpireHold("p1", holdId), T0.plusSeconds(59));
        assertThat(events()).isEmpty();

        driver.advanceWallClock(Duration.ofSeconds(61));
        assertThat(events()).singleElement().isInstanceOf(HoldExpired.class);
    }

    @Test
    void failure15_aStoppedPunctuatorLetsNoExpiredHoldThrough() {
        define("p1", 10);
        String holdId = hold("p1", 1, T0);
        events();

        driver.send(TOPICS.orderCommands(), "p1", new CreateOrder("p1", holdId, null), T0.plusSeconds(60));

        assertThat(events()).hasExactlyElementsOfTypes(HoldExpired.class, RedeemRejected.class);
    }

    @Test
    void failure15_theOldestOverdueHoldIsAMetricAlsoWhenNothingLooksForIt() throws Exception {
        define("p1", 10);
        hold("p1", 1, T0);
        hold("p1", 2, T0.plusSeconds(5));
        hold("p1", 3, T0.minusSeconds(5));
        assertThat(overdueSeconds()).isZero();

        // The punctuator stands still: nobody advances its clock.
        now = T0.plusSeconds(100);
        assertThat(overdueSeconds()).isEqualTo(45);

        driver.advanceWallClock(Duration.ofSeconds(60).plus(GRACE).plus(TIMING.punctuation()));
        assertThat(overdueSeconds()).as("of the one that is left").isEqualTo(35);
        driver.advanceWallClock(Duration.ofSeconds(40));
        assertThat(overdueSeconds()).isZero();
        hold("p1", 4, T0);
        assertThat(overdueSeconds()).as("a backlog's").isEqualTo(40);
        driver.close();
        assertThat(overdueSeconds()).as("another instance has the partition").isZero();
        start();
    }

    private double overdueSeconds() {
        return registry.get("holds.overdue").gauge().value();
    }

    @Test
    void failure21_thousandsOfHoldsDueInOneSecondDoNotStarveCommands() throws Exception {
        int due = 5_000;
        int batch = 1_000;
        Timing asInProduction = new Timing(TIMING.punctuation(), GRACE, batch, TIMING.stockInterval());
        driver.close();
        driver = new TopologyDriver(
                InventoryTopology.build(TOPICS, RULES, asInProduction, registry, overdue, Tracing.OFF), T0);
        define("p1", 2 * due);
        for (int i = 0; i < due; i++) {
            hold("p1", i, T0.plusMillis(i % 1_000));
        }
        events();
        driver.advanceWallClock(Duration.ofSeconds(61).plus(GRACE).minus(TIMING.punctuation()));
        long expired = expiries();

        List<Long> expiredBeforeEachCommand = new ArrayList<>();
        for (int i = 0; expired < due && i < due; i++) {
            driver.advanceWallClock(TIMING.punctuation());
            hold("p1", due + i, T0.plusSeconds(62));
            List<InventoryEvent> events = events();
            assertThat(events).last().isInstanceOf(HoldPlaced.class);
            expired += events.size() - 1;
            expiredBeforeEachCommand.add((long) events.size() - 1);
        }

        assertThat(expired).isEqualTo(due);
        assertThat(expiredBeforeEachCommand)
                .as("a command waits for one batch at most")
                .allSatisfy(waitedFor -> assertThat(waitedFor).isBetween(1L, (long) batch))
                .hasSizeGreaterThan(1);
    }

    private long expiries() {
        return events().stream().filter(HoldExpired.class::isInstance).count();
    }

    @Test
    void failure21_manyDueHoldsBecomeTicksInBoundedBatches() {
        define("p1", 100);
        for (int i = 0; i < 3 * BATCH; i++) {
            hold("p1", i, T0);
        }
        driver.advanceWallClock(Duration.ofSeconds(60));

        List<Integer> ticksPerPunctuation = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            driver.advanceWallClock(TIMING.punctuation());
            ticksPerPunctuation.add(driver.records(TOPICS.inventoryTicks()).size());
        }

        assertThat(ticksPerPunctuation).containsExactly(0, BATCH, BATCH, BATCH, 0);
    }

    @Test
    void aHoldPlacedBehindTheTimersCursorStillExpires() {
        define("p1", 10);
        hold("p1", 1, T0);
        driver.advanceWallClock(Duration.ofSeconds(90));
        events();

        // From a backlog: its expiry is earlier than what was already fired.
        String holdId = hold("p1", 2, T0.minusSeconds(10));
        driver.advanceWallClock(TIMING.punctuation());

        assertThat(events())
                .last()
                .isInstanceOfSatisfying(
                        HoldExpired.class,
                        expired -> assertThat(expired.holdId()).isEqualTo(holdId));
    }

    @Test
    void anExtendedHoldExpiresAtItsNewTimeAndHasOneTimerThen() {
        define("p1", 10);
        String holdId = hold("p1", 1, T0);
        driver.send(TOPICS.holdCommands(), "p1", new ExtendHold("p1", holdId, 30, null), T0.plusSeconds(1));
        events();

        driver.advanceWallClock(Duration.ofSeconds(60).plus(GRACE));
        assertThat(driver.records(TOPICS.inventoryTicks()))
                .as("the tick of the first expiry")
                .hasSize(1);
        assertThat(events()).isEmpty();
        assertThat(driver.entries(InventoryTopology.HOLD_TIMERS))
                .as("the timer of the new expiry alone")
                .isOne();

        driver.advanceWallClock(Duration.ofSeconds(30));
        assertThat(driver.records(TOPICS.inventoryTicks())).hasSize(1);
        assertThat(events()).singleElement().isInstanceOf(HoldExpired.class);
        assertThat(driver.entries(InventoryTopology.HOLD_TIMERS)).isZero();
    }

    @Test
    void theTickOfATimeBeforeAnExtensionSetsNoFurtherTimer() {
        define("p1", 10);
        String holdId = hold("p1", 1, T0);
        driver.send(TOPICS.holdCommands(), "p1", new ExtendHold("p1", holdId, 30, null), T0.plusSeconds(1));

        assertThat(driver.entries(InventoryTopology.HOLD_TIMERS))
                .as("of the first expiry and of the new one")
                .isEqualTo(2);

        // The clocks differ, so a timer that is set again would stand at another time than the one there is.
        driver.send(TOPICS.inventoryTicks(), "p1", new InventoryTick.ExpireHold("p1", holdId), T0.plusSeconds(60));

        assertThat(driver.entries(InventoryTopology.HOLD_TIMERS)).isEqualTo(2);
    }

    @Test
    void anExtendedHoldWhoseTimersFiredEarlyStillExpires() {
        define("p1", 10);
        String holdId = hold("p1", 1, T0);
        driver.send(TOPICS.holdCommands(), "p1", new ExtendHold("p1", holdId, 30, null), T0.plusSeconds(1));
        driver.clear(InventoryTopology.HOLD_TIMERS);
        events();

        driver.send(TOPICS.inventoryTicks(), "p1", new InventoryTick.ExpireHold("p1", holdId), T0.plusSeconds(89));
        assertThat(events()).isEmpty();

        driver.advanceWallClock(Duration.ofSeconds(91));
        assertThat(events()).singleElement().isInstanceOf(HoldExpired.class);
    }

    @Test
    void anExtensionsKeyIsAnsweredByteForByteAsTheFirstTime() {
        define("p1", 10);
        String holdId = hold("p1", 1, T0);
        ExtendHold command = new ExtendHold("p1", holdId, 30, "key-1");

        driver.call(TOPICS.holdCommands(), "p1", command, T0.plusSeconds(1), "call-1");
        driver.call(TOPICS.orderCommands(), "p1", new CreateOrder("p1", holdId, null), T0.plusSeconds(2), "call-2");
        driver.call(TOPICS.holdCommands(), "p1", command, T0.plusSeconds(70), "call-3");

        List<String> replies = replies();
        assertThat(replies).hasSize(2);
        assertThat(replies.getFirst()).contains("\"expires_at\":\"2026-11-20T12:01:30Z\"");
        assertThat(replies.getLast()).isEqualTo(asReplayed(replies.getFirst()));
    }

    @Test
    void anAdjustmentsKeyIsAnsweredByteForByteAsTheFirstTime() {
        driver.send(
                TOPICS.productCommands(),
                "p1",
                new DefineProduct("p1", "Lamp", new BigDecimal("9.90"), "EUR", 5, null, SALE_OF_ONE_MINUTE),
                T0);
        AdjustStock command = new AdjustStock("p1", 3, "found", "key-1");

        driver.call(TOPICS.productCommands(), "p1", command, T0.plusSeconds(1), "call-1");
        hold("p1", 1, T0.plusSeconds(2));
        driver.call(TOPICS.productCommands(), "p1", command, T0.plusSeconds(3600), "call-2");

        List<String> replies = replies();
        assertThat(replies.getFirst()).contains("\"available_stock\":8", "\"sale_status\":\"open\"");
        assertThat(replies.getLast()).isEqualTo(asReplayed(replies.getFirst()));
    }

    @Test
    void theKeysOfCallsDoNotMeetInTheStore() {
        define("p1", 10);
        String holdId = hold("p1", 1, T0);

        driver.send(TOPICS.productCommands(), "p1", new AdjustStock("p1", 1, "found", "key-1"), T0);
        driver.send(TOPICS.holdCommands(), "p1", new ExtendHold("p1", holdId, 30, "key-1"), T0);
        driver.send(TOPICS.orderCommands(), "p1", new CreateOrder("p1", holdId, "key-1"), T0);

        assertThat(driver.entries(InventoryTopology.REQUESTS)).isEqualTo(3);
        assertThat(events())
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("ProductDefined", "HoldPlaced", "StockAdjusted", "HoldExtended", "HoldRedeemed");
    }

    @Test
    void failure24_aCustomersUnitsAreRememberedFromHoldToHold() {
        driver.send(
                TOPICS.productCommands(),
                "p1",
                new DefineProduct("p1", "Lamp", BigDecimal.ONE, null, 9, null, TWO_FOR_EACH_CUSTOMER),
                T0);
        hold("p1", 1, T0, "anna");
        hold("p1", 2, T0, "anna");
        hold("p1", 3, T0, "anna");
        hold("p1", 4, T0, "bert");
        driver.send(TOPICS.holdCommands(), "p1", new ReleaseHold("p1", holdId("p1", 1)), T0);
        hold("p1", 5, T0, "anna");

        assertThat(events())
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly(
                        "ProductDefined",
                        "HoldPlaced",
                        "HoldPlaced",
                        "HoldRejected",
                        "HoldPlaced",
                        "HoldReleased",
                        "HoldPlaced");
        assertThat(driver.entries(InventoryTopology.CUSTOMER_UNITS)).isEqualTo(2);
        driver.send(TOPICS.holdCommands(), "p1", new ReleaseHold("p1", holdId("p1", 4)), T0);
        assertThat(driver.entries(InventoryTopology.CUSTOMER_UNITS))
                .as("nothing is kept of a customer who has nothing")
                .isOne();
    }

    @Test
    void publishedStockSaysWhetherTheSaleIsOpenAtItsPublication() {
        driver.send(
                TOPICS.productCommands(),
                "p1",
                new DefineProduct("p1", "Lamp", BigDecimal.ONE, null, 9, null, SALE_OF_ONE_MINUTE),
                T0.minusSeconds(1));
        driver.advanceWallClock(TIMING.stockInterval());
        hold("p1", 1, T0);
        driver.advanceWallClock(Duration.ofMinutes(1));

        assertThat(driver.messages(TOPICS.productStock(), ProductView.class))
                .extracting(ProductView::saleStatus)
                .startsWith(SaleStatus.OPEN)
                .endsWith(SaleStatus.ENDED);
    }

    @Test
    void whatOnlyOrdersDecideIsNothingHereAndNoDeadLetter() {
        define("p1", 10);
        events();

        driver.call(
                TOPICS.orderCommands(),
                "p1",
                new CancelOrder("p1", OrderId.ofHold(holdId("p1", 1))),
                T0.plusSeconds(1),
                "call-1");

        assertThat(events()).isEmpty();
        assertThat(driver.records(TOPICS.replies())).isEmpty();
        assertThat(driver.records(TOPICS.deadLetters())).isEmpty();
    }

    @Test
    void anUnreadableOrderCommandIsReportedHere() {
        driver.send(TOPICS.orderCommands(), bytes("p1"), bytes("nonsense"), T0, new RecordHeaders());

        assertThat(driver.records(TOPICS.deadLetters())).hasSize(1);
    }

    @Test
    void anExtensionThatOnlyFoundTheExpiryIsADeadLetterIfNobodyWaits() {
        define("p1", 10);
        String holdId = hold("p1", 1, T0);
        events();

        driver.send(TOPICS.holdCommands(), "p1", new ExtendHold("p1", holdId, null, null), T0.plusSeconds(60));

        assertThat(events()).singleElement().isInstanceOf(HoldExpired.class);
        assertThat(header(last(driver.records(TOPICS.deadLetters())), "dead_letter_reason"))
                .isEqualTo("hold-expired");
    }

    @Test
    void whatBecomesOfHoldsIsCountedFromTheStart() {
        List<String> names =
                List.of("holds.placed", "holds.released", "holds.expired", "holds.extended", "holds.redeemed");
        assertThat(names).allSatisfy(name -> assertThat(counted(name)).isZero());
        define("p1", 10);
        String released = hold("p1", 1, T0);
        String redeemed = hold("p1", 2, T0);
        hold("p1", 3, T0);
        driver.send(TOPICS.holdCommands(), "p1", new ReleaseHold("p1", released), T0);
        driver.send(TOPICS.holdCommands(), "p1", new ExtendHold("p1", redeemed, 5, null), T0);
        driver.send(TOPICS.orderCommands(), "p1", new CreateOrder("p1", redeemed, null), T0);
        driver.send(TOPICS.inventoryTicks(), "p1", new ExpireHold("p1", holdId("p1", 3)), T0.plusSeconds(60));

        assertThat(names.stream().map(this::counted)).containsExactly(3.0, 1.0, 1.0, 1.0, 1.0);
        assertThat(registry.get("decisions.latency")
                        .tag("topic", TOPICS.holdCommands().name())
                        .timer()
                        .count())
                .isEqualTo(5);
    }

    @Test
    void newRefusalsAreCountedAndRepeatedOnesAreNot() {
        define("p1", 1);
        String tooMany = holdId("p1", 1);
        for (int i = 0; i < 3; i++) {
            driver.send(TOPICS.holdCommands(), "p1", new PlaceHold("p1", tooMany, 2, null), T0);
        }
        String holdId = hold("p1", 2, T0);
        for (int i = 0; i < 3; i++) {
            driver.send(TOPICS.orderCommands(), "p1", new CreateOrder("p1", holdId, "key-1"), T0);
        }
        driver.send(TOPICS.orderCommands(), "p1", new CreateOrder("p1", holdId, null), T0);
        driver.send(TOPICS.productCommands(), "p1", new AdjustStock("p1", -1, "lost", null), T0);
        driver.call(TOPICS.holdCommands(), "p1", new ReleaseHold("p1", holdId), T0, "call-1");

        assertThat(refused("insufficient-stock")).isEqualTo(1);
        assertThat(refused("hold-already-used")).isEqualTo(2);
        assertThat(refused("stock-below-committed")).isEqualTo(1);
        assertThat(counted("holds.failed", "insufficient-stock")).isEqualTo(1);
        assertThat(counted("orders.failed", "hold-already-used")).isEqualTo(1);
        assertThat(counted("holds.failed", "hold-already-used")).isZero();
        assertThat(registry.get("decisions.events")
                        .tag("type", "SoldOut")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void everyEndedHoldAndRequestLeavesTheStoresInTime() {
        define("p1", 10);
        String released = hold("p1", 1, T0, "anna");
        String sold = hold("p1", 2, T0, "anna");
        hold("p1", 3, T0, "anna");
        driver.send(TOPICS.holdCommands(), "p1", new PlaceHold("p1", holdId("p1", 4), 99, "anna"), T0);
        driver.send(TOPICS.holdCommands(), "p1", new ReleaseHold("p1", released), T0);
        driver.send(TOPICS.holdCommands(), "p1", new ExtendHold("p1", sold, 9, "key|1"), T0);
        driver.send(TOPICS.orderCommands(), "p1", new CreateOrder("p1", sold, "key|1"), T0);
        driver.send(TOPICS.productCommands(), "p1", new AdjustStock("p1", 1, "found", "key|1"), T0);
        driver.send(TOPICS.orderEvents(), "p1", new OrderPaid("p1", OrderId.ofHold(sold), 1, "pay", T0), T0);

        driver.advanceWallClock(Duration.ofMinutes(2));
        driver.advanceWallClock(Duration.ofHours(24).minusMinutes(2).minusMillis(1));
        assertThat(driver.entries(InventoryTopology.REQUESTS)).isEqualTo(3);
        assertThat(driver.entries(InventoryTopology.HOLDS)).isEqualTo(4);

        driver.advanceWallClock(Duration.ofHours(1));
        assertThat(driver.entries(InventoryTopology.REQUESTS)).isZero();
        assertThat(driver.entries(InventoryTopology.HOLDS)).as("the sold one").isOne();
        assertThat(driver.entries(InventoryTopology.CUSTOMER_UNITS)).isOne();

        driver.advanceWallClock(Duration.ofDays(30));
        assertThat(driver.entries(InventoryTopology.HOLDS)).isZero();
        assertThat(driver.entries(InventoryTopology.CUSTOMER_UNITS)).isZero();
        assertThat(driver.entries(InventoryTopology.FORGET_TIMERS)).isZero();
        assertThat(driver.entries(InventoryTopology.HOLD_TIMERS)).isZero();
        assertThat(driver.entries(InventoryTopology.PRODUCTS)).isOne();
        assertThat(driver.records(TOPICS.deadLetters())).isEmpty();
    }

    @Test
    void aSweepForgetsNothingBeforeItsLogTime() {
        define("p1", 10);
        String holdId = hold("p1", 1, T0);
        driver.send(TOPICS.holdCommands(), "p1", new ReleaseHold("p1", holdId), T0);

        driver.send(
                TOPICS.inventoryTicks(),
                "p1",
                new InventoryTick.SweepInventory("p1"),
                T0.plus(TERMS.keepKeys()).minusMillis(1));
        assertThat(driver.entries(InventoryTopology.HOLDS)).isOne();

        driver.send(TOPICS.inventoryTicks(), "p1", new InventoryTick.SweepInventory("p1"), T0.plus(TERMS.keepKeys()));
        assertThat(driver.entries(InventoryTopology.HOLDS)).isZero();
    }

    @Test
    void anOrderThatTookItsStockAgainIsKeptFromItsLaterEnd() {
        define("p1", 10);
        String holdId = hold("p1", 1, T0);
        String orderId = OrderId.ofHold(holdId);
        driver.send(TOPICS.orderCommands(), "p1", new CreateOrder("p1", holdId, null), T0);
        driver.send(
                TOPICS.orderEvents(), "p1", new OrderCancelled("p1", orderId, 1, CancelReason.PAYMENT_EXPIRED, T0), T0);
        Instant late = T0.plus(Duration.ofDays(20));
        driver.send(TOPICS.orderEvents(), "p1", new LatePaymentReceived("p1", orderId, 1, "pay", late), late);

        driver.advanceWallClock(Duration.ofDays(32));
        assertThat(driver.entries(InventoryTopology.HOLDS)).as("pending").isOne();

        driver.send(TOPICS.orderEvents(), "p1", new OrderPaid("p1", orderId, 1, "pay", late), late);
        driver.advanceWallClock(Duration.ofDays(18));
        assertThat(driver.entries(InventoryTopology.HOLDS)).as("sold").isOne();
        driver.advanceWallClock(Duration.ofDays(2));
        assertThat(driver.entries(InventoryTopology.HOLDS)).isZero();
    }

    @Test
    void manyEndedHoldsAreForgottenInBoundedBatches() throws Exception {
        Timing inThousands = new Timing(TIMING.punctuation(), GRACE, 1000, TIMING.stockInterval());
        try (TopologyDriver busy = new TopologyDriver(
                InventoryTopology.build(TOPICS, RULES, inThousands, registry, overdue, Tracing.OFF), T0)) {
            busy.send(
                    TOPICS.productCommands(),
                    "p1",
                    new DefineProduct("p1", "Lamp", BigDecimal.ONE, null, 1, null, SaleRules.NONE),
                    T0);
            for (int i = 0; i < ENDED_HOLDS; i++) {
                String holdId = holdId("p1", i);
                busy.send(TOPICS.holdCommands(), "p1", new PlaceHold("p1", holdId, 1, "customer-" + i % 1000), T0);
                busy.send(TOPICS.holdCommands(), "p1", new ReleaseHold("p1", holdId), T0);
            }
            assertThat(busy.entries(InventoryTopology.HOLDS)).isEqualTo(ENDED_HOLDS);
            assertThat(busy.entries(InventoryTopology.CUSTOMER_UNITS)).isZero();

            busy.advanceWallClock(TERMS.keepKeys());
            assertThat(busy.entries(InventoryTopology.HOLDS)).isEqualTo(ENDED_HOLDS - 1000);

            for (int sweeps = 1; sweeps < ENDED_HOLDS / 1000; sweeps++) {
                busy.advanceWallClock(TIMING.punctuation());
            }
            assertThat(busy.entries(InventoryTopology.HOLDS)).isZero();
            assertThat(busy.entries(InventoryTopology.FORGET_TIMERS)).isZero();
        }
    }

    @Test
    void manyDecisionsOfAnIntervalArePublishedAsOneStock() {
        define("p1", 10);
        hold("p1", 1, T0);
        hold("p1", 2, T0);
        driver.advanceWallClock(TIMING.stockInterval());

        List<ProductView> stock = driver.messages(TOPICS.productStock(), ProductView.class);

        assertThat(stock).singleElement().satisfies(product -> {
            assertThat(product.availableStock()).isEqualTo(8);
            assertThat(product.reservedStock()).isEqualTo(2);
            assertThat(product.revision()).isEqualTo(3);
        });
    }

    @Test
    void failure20_whatCannotBeReadIsADeadLetterAndTheNextRecordIsDecided() {
        define("p1", 10);
        events();

        deadLetter("not json", "not-json");
        deadLetter("[1]", "not-json");
        deadLetter("{\"type\":\"PlaceHold\"} trailing", "not-json");
        deadLetter("{\"type\":\"Nonsense\"}", "unknown-type");
        deadLetter("{\"type\":\"PlaceHold\",\"product_id\":\"p1\",\"quantity\":-1}", "validation-failed");
        deadLetter("{" + "\"a\":{".repeat(100) + "}".repeat(100) + "}", "not-json");

        hold("p1", 1, T0);
        assertThat(events()).singleElement().isInstanceOf(HoldPlaced.class);
    }

    @Test
    void failure20_whatCannotBeAnEventOfOursIsADeadLetterToo() {
        define("p1", 10);
        events();

        for (String value : List.of(
                "null",
                "{}",
                "{\"type\":\"OrderPaid\"}",
                "{\"type\":\"OrderPaid\",\"product_id\":\"p1\",\"quantity\":1}",
                "{\"type\":\"OrderPaid\",\"product_id\":\"p1\",\"order_id\":\"x\",\"quantity\":1}")) {
            driver.send(TOPICS.orderEvents(), bytes("p1"), bytes(value), T0, new RecordHeaders());
            assertThat(driver.records(TOPICS.deadLetters())).as(value).hasSize(1);
        }

        hold("p1", 1, T0);
        assertThat(events()).singleElement().isInstanceOf(HoldPlaced.class);
    }

    @Test
    void aDeadLetterKeepsTheRecordAndSaysWhereItCameFrom() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("trace", bytes("abc"));

        driver.send(TOPICS.holdCommands(), bytes("p1"), bytes("nonsense"), T0, headers);

        TestRecord<byte[], byte[]> letter = last(driver.records(TOPICS.deadLetters()));
        assertThat(letter.key()).isEqualTo(bytes("p1"));
        assertThat(letter.value()).isEqualTo(bytes("nonsense"));
        assertThat(header(letter, "trace")).isEqualTo("abc");
        assertThat(header(letter, "dead_letter_reason")).isEqualTo("not-json");
        assertThat(header(letter, "dead_letter_detail")).isNotBlank();
        assertThat(header(letter, "dead_letter_topic")).isEqualTo("t.hold-commands");
        assertThat(header(letter, "dead_letter_partition")).isEqualTo("0");
        assertThat(header(letter, "dead_letter_offset")).isEqualTo("0");
    }

    @Test
    void aKeyThatIsNotTheProductIsADeadLetter() {
        define("p1", 10);

        driver.send(TOPICS.holdCommands(), "p2", new PlaceHold("p1", holdId("p1", 1), 1, null), T0);
        driver.send(TOPICS.holdCommands(), bytes(""), bytes("{}"), T0, new RecordHeaders());
        driver.send(TOPICS.holdCommands(), null, bytes("{}"), T0, new RecordHeaders());

        assertThat(driver.records(TOPICS.deadLetters()))
                .extracting(letter -> header(letter, "dead_letter_reason"))
                .containsExactly("key-mismatch", "wrong-partition", "wrong-partition");
    }

    @Test
    void failure18_aRecordInAnotherPartitionThanItsKeysIsNeverDecided() throws Exception {
        Topics twelve = new Topics("t.", 12);
        String elsewhere = "1";
        assertThat(twelve.partitionOf(bytes(elsewhere))).isNotZero();
        try (TopologyDriver partitioned = new TopologyDriver(
                InventoryTopology.build(twelve, RULES, TIMING, registry, overdue, Tracing.OFF), T0)) {
            partitioned.send(
                    twelve.productCommands(),
                    elsewhere,
                    new DefineProduct(elsewhere, "Lamp", BigDecimal.ONE, null, 5, null, SaleRules.NONE),
                    T0);

            assertThat(partitioned.records(twelve.inventoryEvents())).isEmpty();
            assertThat(header(last(partitioned.records(twelve.deadLetters())), "dead_letter_reason"))
                    .isEqualTo("wrong-partition");
        }
    }

    @Test
    void aRefusalThatNobodyWouldHearOfIsADeadLetter() {
        define("p1", 10);
        hold("p1", 1, T0);

        driver.send(
                TOPICS.productCommands(),
                "p1",
                new DefineProduct("p1", "Lamp", BigDecimal.ONE, null, 0, null, SaleRules.NONE),
                T0);

        assertThat(header(last(driver.records(TOPICS.deadLetters())), "dead_letter_reason"))
                .isEqualTo("stock-below-committed");
    }

    @Test
    void aFaultInARuleIsADeadLetterAndTheNextRecordIsDecided() throws Exception {
        InventoryRules faulty = new InventoryRules(null, TERMS);
        try (TopologyDriver fragile = new TopologyDriver(
                InventoryTopology.build(TOPICS, faulty, TIMING, registry, overdue, Tracing.OFF), T0)) {
            fragile.call(
                    TOPICS.productCommands(),
                    "p1",
                    new DefineProduct("p1", "Lamp", BigDecimal.ONE, null, 5, null, SaleRules.NONE),
                    T0,
                    "call-1");
            fragile.send(TOPICS.holdCommands(), "p1", new PlaceHold("p1", holdId("p1", 1), 1, null), T0);

            assertThat(header(last(fragile.records(TOPICS.deadLetters())), "dead_letter_reason"))
                    .isEqualTo("internal-error");
            assertThat(fragile.messages(TOPICS.replies(), Reply.class))
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Reply.Refused.class,
                            refused -> assertThat(refused.refusal().code()).isEqualTo(RefusalCode.INTERNAL_ERROR));
            assertThat(fragile.messages(TOPICS.inventoryEvents(), InventoryEvent.class))
                    .singleElement()
                    .isInstanceOf(InventoryEvent.HoldRejected.class);
        }
    }

    private void deadLetter(String value, String reason) {
        driver.send(TOPICS.holdCommands(), bytes("p1"), bytes(value), T0, new RecordHeaders());
        assertThat(header(last(driver.records(TOPICS.deadLetters())), "dead_letter_reason"))
                .as(value)
                .isEqualTo(reason);
    }

    private void define(String productId, int stock) {
        driver.send(
                TOPICS.productCommands(),
                productId,
                new DefineProduct(productId, "Lamp", new BigDecimal("9.90"), "EUR", stock, null, SaleRules.NONE),
                T0);
    }

    private String hold(String productId, int number, Instant logTime) {
        return hold(productId, number, logTime, null);
    }

    private String hold(String productId, int number, Instant logTime, String customerId) {
        String holdId = holdId(productId, number);
        driver.send(TOPICS.holdCommands(), productId, new PlaceHold(productId, holdId, 1, customerId), logTime);
        return holdId;
    }

    private List<String> replies() {
        return driver.records(TOPICS.replies()).stream()
                .map(reply -> new String(reply.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private static String asReplayed(String reply) {
        return reply.replace("\"replayed\":false", "\"replayed\":true");
    }

    private double refused(String reason) {
        return counted("decisions.refused", reason);
    }

    private double counted(String name, String reason) {
        return registry.get(name).tag("reason", reason).counter().count();
    }

    private double counted(String name) {
        return registry.get(name).functionCounter().count();
    }

    private List<InventoryEvent> events() {
        return driver.messages(TOPICS.inventoryEvents(), InventoryEvent.class);
    }

    private static String holdId(String productId, int number) {
        byte[] random = new byte[16];
        ByteBuffer.wrap(random).putInt(12, number);
        return HoldId.of(productId, random);
    }

    private static <T> T last(List<T> list) {
        return list.getLast();
    }
}
