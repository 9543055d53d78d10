package io.flashsale.local.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.InventoryEvent.HoldRedeemed;
import io.flashsale.contracts.InventoryEvent.HoldReleased;
import io.flashsale.contracts.InventoryEvent.ProductDefined;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.OrderEvent.OrderCreated;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.SaleRules;
import io.flashsale.contracts.Topics;
import io.flashsale.local.PipelineException;
import io.flashsale.local.audit.AuditTerms;
import io.flashsale.local.audit.StockCount;
import io.flashsale.local.audit.Violation;
import io.flashsale.local.tools.FakeShop.Fault;
import io.flashsale.local.tools.VerifyResult.ProductLine;
import io.flashsale.local.tools.VerifyResult.Verdict;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class VerifierTest {

    private static final Instant TIME = Instant.parse("2026-11-20T09:00:00Z");
    private static final String EVENTS = "inventory-events";

    private final FakeKafka kafka = new FakeKafka();
    private FakeShop shop;
    private int holds;

    @BeforeEach
    void openTheShop() throws IOException {
        shop = new FakeShop(Fault.NONE);
    }

    @AfterEach
    void closeTheShop() {
        shop.close();
    }

    @Test
    void findsNoDifferenceIfThereIsNone() {
        define("lamp", 5);
        place("lamp", 2);
        shop.put("lamp", 5, 3, 2, 0, 1);
        define("desk", 7);
        shop.put("desk", 7, 7, 0, 0, 0);

        VerifyResult result = verify();

        assertThat(result.lines())
                .containsExactly(
                        "product   total   available   held   pending   sold   holds   events   different",
                        "-------   -----   ---------   ----   -------   ----   -----   ------   ---------",
                        "desk          7           7      0         0      0       0        1           0",
                        "lamp          5           3      2         0      0       1        2           0",
                        "",
                        "products   events read   differences",
                        "--------   -----------   -----------",
                        "       2             3             0",
                        "",
                        "No difference: what the pipeline shows is what its events say.");
        assertThat(result.verdict()).isEqualTo(Verdict.OK);
    }

    @Test
    void findsTheSameASecondTime() {
        define("lamp", 5);
        place("lamp", 6);
        shop.put("lamp", 5, 0, 5, 0, 1);

        assertThat(verify().lines()).isEqualTo(verify().lines());
    }

    @Test
    void namesTheEventThatIsWrong() {
        TopicPartition at = define("lamp", 5);
        place("lamp", 6);
        shop.put("lamp", 5, -1, 6, 0, 1);

        VerifyResult result = verify();

        assertThat(result.lines().getFirst())
                .isEqualTo(at + "@1 lamp conservation: after HoldPlaced there are"
                        + " available -1 + held 6 + pending 0 + sold 0 of 5 units.");
        assertThat(result.differences()).isEqualTo(1);
        assertThat(result.verdict()).isEqualTo(Verdict.DIFFERENT);
    }

    @Test
    void findsAStoreThatShowsSomethingElse() {
        TopicPartition at = define("lamp", 5);
        place("lamp", 2);
        shop.put("lamp", 5, 4, 1, 0, 1);

        assertThat(verify().lines().getFirst())
                .isEqualTo(at + "@1 lamp store: the store shows available 4 (events: 3), reserved 1 (events: 2).");
    }

    @Test
    void doesNotBelieveADifferenceThatPasses() {
        // given: the store shows what is not committed yet
        define("lamp", 5);
        shop.put("lamp", 5, 3, 2, 0, 1);

        VerifyResult result = verify(Optional.empty(), new HandClock(() -> shop.put("lamp", 5, 5, 0, 0, 0)));

        assertThat(result.verdict()).isEqualTo(Verdict.OK);
    }

    @Test
    void findsAProductThatTheStoreLost() {
        define("lamp", 5);

        assertThat(verify().lines().getFirst()).endsWith(" lamp store: the store has no such product.");
    }

    @Test
    void findsAProductThatComesOfNothing() {
        define("lamp", 5);
        shop.put("lamp", 5, 5, 0, 0, 0);
        shop.put("ghost", 1, 1, 0, 0, 0);

        VerifyResult result = verify();

        assertThat(result.findings())
                .singleElement()
                .extracting(VerifyResult::line)
                .isEqualTo("- ghost store: in the list is a product that no event defined.");
    }

    @Test
    void asksForTheListUntilItIsAnswered() {
        define("lamp", 5);
        shop.put("lamp", 5, 5, 0, 0, 0);
        shop.put("ghost", 1, 1, 0, 0, 0);
        shop.listsToRefuse = 3;

        VerifyResult result = verify();

        assertThat(result.verdict()).isEqualTo(Verdict.DIFFERENT);
        assertThat(result.findings())
                .singleElement()
                .extracting(Violation::productId)
                .isEqualTo("ghost");
    }

    @Test
    void saysThatThePipelineIsBusyIfTheListIsNeverAnswered() {
        define("lamp", 5);
        shop.put("lamp", 5, 5, 0, 0, 0);
        shop.listsToRefuse = Integer.MAX_VALUE;

        VerifyResult result = verify();

        assertThat(result.verdict()).isEqualTo(Verdict.BUSY);
        assertThat(result.isGood()).isFalse();
        assertThat(result.lines())
                .contains(
                        "The pipeline is busy: the list of all products changed or could not be read, and so could not be compared.");
    }

    @Test
    void saysThatThePipelineIsBusyIfTheListNeverSaysTheSameTwice() {
        define("lamp", 5);
        shop.put("lamp", 5, 5, 0, 0, 0);
        int[] ghosts = new int[1];

        shop.whenRead = () -> shop.put("ghost" + ++ghosts[0], 1, 1, 0, 0, 0);

        VerifyResult result = verify();

        assertThat(result.verdict()).isEqualTo(Verdict.BUSY);
    }

    @Test
    void comparesMoreProductsThanFitOnAPage() {
        IntStream.range(0, 230).forEach(number -> {
            define("p" + number, 5);
            shop.put("p" + number, 5, 5, 0, 0, 0);
        });

        VerifyResult result = verify();

        assertThat(result.verdict()).isEqualTo(Verdict.OK);
        assertThat(result.products()).hasSize(230);
        assertThat(result.lines()).contains("… and 210 more products").hasSizeLessThan(35);
    }

    @Test
    void saysThatThePipelineIsBusyIfItNeverStandsStill() {
        define("lamp", 100);
        shop.put("lamp", 100, 100, 0, 0, 0);

        shop.whenRead = () -> place("lamp", 1);

        VerifyResult result = verify(Optional.of("lamp"), new HandClock());

        assertThat(result.verdict()).isEqualTo(Verdict.BUSY);
        assertThat(result.notCompared()).containsExactly("lamp");
        assertThat(result.lines())
                .contains(
                        "The pipeline is busy: 1 product moved or could not be read, and so could not be compared (lamp …).");
    }

    @Test
    void waitsForWhatIsOnItsWay() {
        define("lamp", 5);
        String hold = place("lamp", 2);
        redeem("lamp", hold, 2);
        shop.put("lamp", 5, 3, 2, 0, 0);
        boolean[] created = new boolean[1];

        VerifyResult result = verify(Optional.empty(), new HandClock(() -> {
            if (!created[0]) {
                create("lamp", hold, 2);
                created[0] = true;
            }
        }));

        assertThat(result.verdict()).isEqualTo(Verdict.OK);
    }

    @Test
    void findsWhatNeverFollowed() {
        define("lamp", 5);
        String hold = place("lamp", 2);
        TopicPartition at = redeem("lamp", hold, 2);
        shop.put("lamp", 5, 3, 2, 0, 0);

        assertThat(verify().lines().getFirst())
                .isEqualTo(at + "@2 lamp followed: " + OrderId.ofHold(hold)
                        + ": HoldRedeemed was not followed by OrderCreated.");
    }

    @Test
    void claimsNothingOfWhatIsDeleted() {
        TopicPartition at = define("lamp", 5);
        String hold = place("lamp", 2);
        kafka.append(EVENTS, "lamp", new HoldReleased("lamp", hold, 2, TIME));
        kafka.append(EVENTS, "lamp", new HoldReleased("lamp", hold, 2, TIME));
        kafka.deleteBefore(at, 2);
        shop.put("lamp", 17, 17, 0, 0, 0);

        VerifyResult result = verify();

        assertThat(result.products()).isEmpty();
        assertThat(result.lines())
                .contains("The log of " + at + " begins at offset 2: what was before is deleted.")
                .contains("There, only what began later was checked. Without a claim about their stock: 1 product.");
        assertThat(result.findings())
                .singleElement()
                .extracting(VerifyResult::line)
                .asString()
                .contains("hold-ends-once");
    }

    @Test
    void isNotContentIfAProductCannotBeRebuilt() {
        TopicPartition at = define("lamp", 5);
        place("lamp", 2);
        kafka.deleteBefore(at, 1);
        shop.put("lamp", 17, 17, 0, 0, 0);

        VerifyResult result = verify();

        assertThat(result.verdict()).isEqualTo(Verdict.PARTIAL);
        assertThat(result.isGood()).isFalse();
        assertThat(result.lines())
                .last()
                .isEqualTo(
                        "No difference in what could be checked, but the stock of some products could not be found out.");
    }

    @Test
    void isNotContentIfNothingIsLeftOfALog() {
        TopicPartition at = define("lamp", 5);
        kafka.deleteBefore(at, 1);
        shop.put("lamp", 17, 17, 0, 0, 0);

        VerifyResult result = verify();

        assertThat(result.verdict()).isEqualTo(Verdict.PARTIAL);
        assertThat(result.isGood()).isFalse();
    }

    @Test
    void callsItGoodButPartialIfOnlyOrdersAreGone() {
        define("lamp", 5);
        String hold = place("lamp", 2);
        redeem("lamp", hold, 2);
        create("lamp", hold, 2);
        int partition = FakeKafka.TOPICS.partitionOf("lamp".getBytes(StandardCharsets.UTF_8));
        kafka.deleteBefore(new TopicPartition(FakeKafka.TOPICS.orderEvents().name(), partition), 1);
        shop.put("lamp", 5, 3, 2, 0, 0);

        VerifyResult result = verify();

        assertThat(result.verdict()).isEqualTo(Verdict.PARTIAL);
        assertThat(result.isGood()).isTrue();
        assertThat(result.lines()).last().isEqualTo("No difference in what could be checked.");
    }

    @Test
    void readsOneProductAlone() {
        define("lamp", 5);
        shop.put("lamp", 5, 5, 0, 0, 0);
        IntStream.range(0, 20).forEach(number -> define("p" + number, 1));

        VerifyResult result = verify(Optional.of("lamp"), new HandClock());

        assertThat(result.eventCount()).isEqualTo(1);
        assertThat(result.products())
                .extracting(ProductLine::stock)
                .extracting(StockCount::productId)
                .containsExactly("lamp");
    }

    @Test
    void saysThatThereIsNoSuchProduct() {
        assertThatThrownBy(() -> verify(Optional.of("lamp"), new HandClock()))
                .isInstanceOf(PipelineException.class)
                .hasMessage("There is no event of a product lamp.");
    }

    @Test
    void reportsRecordsThatAreNoEventsOrStandInTheWrongPlace() {
        byte[] lamp = Json.MAPPER.writeValueAsBytes(defined("lamp", 5));
        int right = FakeKafka.TOPICS.partitionOf("lamp".getBytes(StandardCharsets.UTF_8));
        kafka.append(EVENTS, (right + 1) % 3, "lamp", lamp, null);
        kafka.append(EVENTS, right, null, lamp, null);
        kafka.append(EVENTS, right, "lamp", null, null);
        kafka.append(EVENTS, right, "lamp", "{\"type\":\"Unheard\"}".getBytes(StandardCharsets.UTF_8), null);
        kafka.append(EVENTS, right, "lamp", Json.MAPPER.writeValueAsBytes(defined("desk", 5)), null);

        assertThat(verify().findings())
                .hasSize(5)
                .allMatch(each -> each.rule().code().equals("readable"))
                .extracting(VerifyResult::line)
                .anyMatch(line -> line.endsWith(" lamp readable: it has no value."))
                .anyMatch(line -> line.endsWith(" - readable: its key belongs into another partition."))
                .anyMatch(line -> line.endsWith(" lamp readable: it is about desk, which is not its key."));
    }

    @Test
    void keepsTheFirstThousandDifferencesAndCountsAll() {
        define("lamp", 5);
        String hold = place("lamp", 2);
        IntStream.range(0, 1_200).forEach(i -> kafka.append(EVENTS, "lamp", new HoldReleased("lamp", hold, 2, TIME)));
        shop.put("lamp", 5, 5, 0, 0, 0);

        VerifyResult result = verify();

        assertThat(result.differences()).isEqualTo(1_199);
        assertThat(result.lines()).contains("… and 199 more differences", "1,199 differences.");
    }

    @Test
    void canBeReadByPrograms() {
        TopicPartition at = define("lamp", 5);
        place("lamp", 6);
        shop.put("lamp", 5, -1, 6, 0, 1);

        JsonNode json = Json.MAPPER.readTree(Json.MAPPER.writeValueAsString(verify().document()));

        assertThat(json.get("verdict").asString()).isEqualTo("different");
        JsonNode found = json.get("found").get(0);
        assertThat(found.get("rule").asString()).isEqualTo("conservation");
        assertThat(found.get("position").get("topic").asString()).isEqualTo(at.topic());
        assertThat(found.get("position").get("offset").asInt()).isEqualTo(1);
    }

    private VerifyResult verify() {
        return verify(Optional.empty(), new HandClock());
    }

    private VerifyResult verify(Optional<String> product, HandClock clock) {
        try (Shop client = new Shop(shop.url());
                LogReader log = kafka.reader()) {
            return new Verifier(
                            Topics.DEFAULT_PREFIX,
                            log,
                            new LiveProducts(client),
                            AuditTerms.DEFAULTS,
                            Duration.ofSeconds(20),
                            clock)
                    .verify(product);
        }
    }

    private TopicPartition define(String productId, int total) {
        return kafka.append(EVENTS, productId, defined(productId, total));
    }

    private static ProductDefined defined(String productId, int total) {
        return new ProductDefined(productId, "P", BigDecimal.TEN, "EUR", total, 60, TIME, SaleRules.NONE);
    }

    private String place(String productId, int quantity) {
        byte[] random = new byte[16];
        random[0] = (byte) ++holds;
        random[1] = (byte) (holds >> 8);
        String hold = HoldId.of(productId, random);
        kafka.append(
                EVENTS,
                productId,
                new HoldPlaced(productId, hold, quantity, null, BigDecimal.TEN, "EUR", TIME, TIME.plusSeconds(60)));
        return hold;
    }

    private TopicPartition redeem(String productId, String hold, int quantity) {
        return kafka.append(
                EVENTS,
                productId,
                new HoldRedeemed(
                        productId,
                        hold,
                        OrderId.ofHold(hold),
                        quantity,
                        null,
                        BigDecimal.TEN,
                        "EUR",
                        TIME,
                        null,
                        null));
    }

    private void create(String productId, String hold, int quantity) {
        BigDecimal amount = BigDecimal.TEN.multiply(BigDecimal.valueOf(quantity));
        kafka.append(
                "order-events",
                productId,
                new OrderCreated(
                        productId,
                        OrderId.ofHold(hold),
                        hold,
                        quantity,
                        null,
                        BigDecimal.TEN,
                        amount,
                        "EUR",
                        TIME,
                        TIME.plusSeconds(600)));
    }
}
