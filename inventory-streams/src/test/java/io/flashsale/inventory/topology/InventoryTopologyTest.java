package io.flashsale.inventory.topology;

import static io.flashsale.streams.testing.TopologyDriver.bytes;
import static io.flashsale.streams.testing.TopologyDriver.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.HoldExpired;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.InventoryEvent.HoldRedeemed;
import io.flashsale.contracts.InventoryEvent.RedeemRejected;
import io.flashsale.contracts.InventoryTick;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.ProductView;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.ReplyTo;
import io.flashsale.contracts.SaleRules;
import io.flashsale.contracts.Topics;
import io.flashsale.inventory.domain.InventoryDefaults;
import io.flashsale.inventory.domain.InventoryRules;
import io.flashsale.streams.testing.TopologyDriver;
import io.flashsale.streams.topology.DecisionMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
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
    private static final InventoryRules RULES = new InventoryRules(new InventoryDefaults(60, "USD"));

    private static final DecisionMeters METERS = new DecisionMeters(new SimpleMeterRegistry());

    private TopologyDriver driver;

    @BeforeEach
    void start() throws Exception {
        driver = new TopologyDriver(InventoryTopology.build(TOPICS, RULES, TIMING, METERS), T0);
    }

    @AfterEach
    void stop() throws Exception {
        driver.close();
    }

    @Test
    void theTopologyIsTheOneThatIsKnown() throws Exception {
        String expected = Files.readString(Path.of("src/test/resources/inventory-topology.txt"));

        String described = InventoryTopology.build(TOPICS, RULES, TIMING, METERS)
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

        // This machine's clock is ahead of the broker's: the tick is appended before the hold's expiry.
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
        try (TopologyDriver partitioned =
                new TopologyDriver(InventoryTopology.build(twelve, RULES, TIMING, METERS), T0)) {
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
        InventoryRules faulty = new InventoryRules(null);
        try (TopologyDriver fragile = new TopologyDriver(InventoryTopology.build(TOPICS, faulty, TIMING, METERS), T0)) {
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
        String holdId = holdId(productId, number);
        driver.send(TOPICS.holdCommands(), productId, new PlaceHold(productId, holdId, 1, null), logTime);
        return holdId;
    }

    private List<InventoryEvent> events() {
        return driver.messages(TOPICS.inventoryEvents(), InventoryEvent.class);
    }

    private static String holdId(String productId, int number) {
        byte[] random = new byte[16];
        random[15] = (byte) number;
        return HoldId.of(productId, random);
    }

    private static <T> T last(List<T> list) {
        return list.getLast();
    }
}
