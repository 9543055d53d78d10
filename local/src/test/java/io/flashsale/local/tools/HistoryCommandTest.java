package io.flashsale.local.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.contracts.CancelReason;
import io.flashsale.contracts.HoldCommand.ExtendHold;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldCommand.ReleaseHold;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.InventoryEvent.BackInStock;
import io.flashsale.contracts.InventoryEvent.HoldExpired;
import io.flashsale.contracts.InventoryEvent.HoldExtended;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.InventoryEvent.HoldRedeemed;
import io.flashsale.contracts.InventoryEvent.HoldRejected;
import io.flashsale.contracts.InventoryEvent.HoldReleased;
import io.flashsale.contracts.InventoryEvent.LowStock;
import io.flashsale.contracts.InventoryEvent.ProductDefined;
import io.flashsale.contracts.InventoryEvent.ReacquireRefused;
import io.flashsale.contracts.InventoryEvent.RedeemRejected;
import io.flashsale.contracts.InventoryEvent.SoldOut;
import io.flashsale.contracts.InventoryEvent.StockAdjusted;
import io.flashsale.contracts.InventoryEvent.StockReacquired;
import io.flashsale.contracts.InventoryEvent.StockReturned;
import io.flashsale.contracts.InventoryEvent.StockSold;
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderEvent.LatePaymentReceived;
import io.flashsale.contracts.OrderEvent.OrderCancelled;
import io.flashsale.contracts.OrderEvent.OrderCreated;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.contracts.OrderEvent.PaymentMismatched;
import io.flashsale.contracts.OrderEvent.PaymentUnmatched;
import io.flashsale.contracts.OrderEvent.RefundRequired;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.ProductCommand.AdjustStock;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.SaleRules;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import io.flashsale.local.PipelineException;
import io.flashsale.local.UsageException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HistoryCommandTest {

    private static final String LAMP = "lamp";
    private static final String HOLD = HoldId.of(LAMP, new byte[16]);
    private static final String ORDER = OrderId.ofHold(HOLD);
    private static final String OTHER_HOLD =
            HoldId.of(LAMP, new byte[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1});
    private static final BigDecimal PRICE = new BigDecimal("9.90");
    private static final BigDecimal AMOUNT = new BigDecimal("19.80");
    private static final Instant TIME = Instant.parse("2026-11-20T09:00:00Z");
    private static final String PAYMENT = "pi_3Nq1234567890";

    private final FakeKafka kafka = new FakeKafka();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void tellsAHoldAndItsOrderInTheOrderOfTheLog() throws UsageException {
        aSale();

        tell("--hold", HOLD);

        assertThat(out.toString()).isEqualTo("""
                        History of hold %s of product lamp
                        Times are UTC; the names of the topics begin with flashsale.

                        2026-11-20
                        09:00:02.000     hold-commands-P@0  asked to hold 2 units
                        09:00:02.000  inventory-events-P@1  held 2 units until 09:01:00
                        09:00:04.000    order-commands-P@0  asked to order what is held
                        09:00:04.000  inventory-events-P@2  became an order: 2 units pending
                        09:00:04.000      order-events-P@0  order of 2 units for 19.80 EUR, to be paid until 09:10:00
                        09:00:05.000  webhook-commands-P@0  payment ****7890 succeeded: 19.80 EUR
                        09:00:05.000      order-events-P@1  paid: 2 units, payment ****7890
                        09:00:05.000  inventory-events-P@3  2 units sold
                        """.formatted(HOLD).replace("-P@", "-" + partition() + "@"));
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void tellsAProductWithTheIdsOfItsHolds() throws UsageException {
        aSale();

        tell("--product", LAMP);

        assertThat(out.toString().lines())
                .anyMatch(line -> line.endsWith("  defined: 5 units at 9.90 EUR"))
                .anyMatch(line -> line.endsWith("  asked to hold 9 units  " + OTHER_HOLD))
                .anyMatch(line -> line.endsWith("  2 units sold  " + ORDER))
                .hasSize(15);
    }

    @Test
    void showsTheLastLinesOfALongStory() throws UsageException {
        aSale();

        tell("--product", LAMP, "--limit", "2");

        assertThat(out.toString().lines().skip(2)).first().isEqualTo("… 9 earlier lines; --limit shows more");
        assertThat(out.toString().lines()).last().asString().contains("2 units sold");
    }

    @Test
    void neverShowsKeysCustomersOrWholePaymentIds() throws UsageException {
        aSale();

        tell("--product", LAMP);

        assertThat(out.toString()).doesNotContain("secret-key", "customer-1", PAYMENT);
    }

    @Test
    void saysWhatIsDeleted() throws UsageException {
        aSale();
        TopicPartition events = new TopicPartition("flashsale.inventory-events", partition());
        kafka.deleteBefore(events, 2);

        tell("--hold", HOLD);

        assertThat(out.toString()).contains("What was before offset 2 of " + events + " is deleted.\n");
    }

    @Test
    void saysThatThereIsNothing() {
        assertThatThrownBy(() -> tell("--order", ORDER))
                .isInstanceOf(PipelineException.class)
                .hasMessage("The log has nothing of the order " + ORDER + ".");
    }

    @Test
    void tellsOfRecordsThatNobodyCanRead() throws UsageException {
        kafka.append("hold-commands", partition(), LAMP, "{".getBytes(StandardCharsets.UTF_8), null);
        kafka.append("hold-commands", partition(), LAMP, null, null);
        kafka.append("order-events", partition(), LAMP, "{}".getBytes(StandardCharsets.UTF_8), null);

        tell("--product", LAMP);

        assertThat(out.toString())
                .contains("  a command that cannot be read (not-json), so a dead letter\n")
                .contains("  a record without a value\n")
                .contains("  an event that is not known here\n");
    }

    @ParameterizedTest
    @MethodSource("sentences")
    void saysEverythingInWords(String topic, Object message, String sentence) throws UsageException {
        kafka.append(topic, LAMP, message);

        tell("--product", LAMP);

        assertThat(out.toString()).contains("@0  " + sentence);
    }

    static Stream<Arguments> sentences() {
        String rejected = "inventory-events";
        Refusal limit = Refusal.limitExceeded(3, "too many");
        return Stream.of(
                Arguments.of(
                        "product-commands",
                        new AdjustStock(LAMP, -2, "broken", null),
                        "asked to adjust the stock by -2: broken\n"),
                Arguments.of("hold-commands", new ReleaseHold(LAMP, HOLD), "asked to release the hold  " + HOLD),
                Arguments.of("hold-commands", new ExtendHold(LAMP, HOLD, 30, null), "asked to extend the hold by 30 s"),
                Arguments.of("hold-commands", new ExtendHold(LAMP, HOLD, null, null), "asked to extend the hold  "),
                Arguments.of("order-commands", new CancelOrder(LAMP, ORDER), "asked to cancel the order"),
                Arguments.of(
                        "webhook-commands",
                        new PaymentFailed(LAMP, ORDER, "k", null, null, null),
                        "payment without id failed  "),
                Arguments.of(
                        "inventory-events",
                        new StockAdjusted(LAMP, 3, "found", 8, null, TIME),
                        "stock adjusted by +3 to 8 units: found"),
                Arguments.of(
                        rejected,
                        new HoldRejected(LAMP, HOLD, 4, null, limit),
                        "hold of 4 units refused: limit-exceeded, limit 3"),
                Arguments.of(
                        "inventory-events", new HoldReleased(LAMP, HOLD, 1, TIME), "released: 1 unit available again"),
                Arguments.of(
                        "inventory-events", new HoldExpired(LAMP, HOLD, 2, TIME), "expired: 2 units available again"),
                Arguments.of(
                        "inventory-events",
                        new HoldExtended(LAMP, HOLD, 30, TIME, null, TIME),
                        "extended by 30 s until 09:00:00"),
                Arguments.of(
                        rejected,
                        new RedeemRejected(LAMP, HOLD, Refusal.of(RefusalCode.HOLD_EXPIRED, "x"), null, false),
                        "order refused: hold-expired"),
                Arguments.of(
                        rejected,
                        new RedeemRejected(LAMP, HOLD, Refusal.of(RefusalCode.HOLD_ALREADY_USED, "x"), null, true),
                        "ordered again: the first answer counts"),
                Arguments.of(
                        "inventory-events", new StockReturned(LAMP, ORDER, 2), "2 units returned: available again"),
                Arguments.of(
                        "inventory-events",
                        new StockReacquired(LAMP, ORDER, 2),
                        "2 units taken again for a late payment: pending"),
                Arguments.of(
                        "inventory-events",
                        new ReacquireRefused(LAMP, ORDER, 2, 1),
                        "late payment wants 2 units, but 1 available"),
                Arguments.of("inventory-events", new SoldOut(LAMP, TIME), "sold out\n"),
                Arguments.of("inventory-events", new LowStock(LAMP, 2, 3, TIME), "low stock: 2 units available\n"),
                Arguments.of("inventory-events", new BackInStock(LAMP, 1, TIME), "back in stock: 1 unit available\n"),
                Arguments.of(
                        "order-events",
                        new OrderCancelled(LAMP, ORDER, 2, CancelReason.PAYMENT_EXPIRED, TIME),
                        "cancelled (payment expired): 2 units"),
                Arguments.of(
                        "order-events",
                        new LatePaymentReceived(LAMP, ORDER, 2, PAYMENT, TIME),
                        "paid late: payment ****7890 asks for 2 units"),
                Arguments.of(
                        "order-events",
                        new RefundRequired(LAMP, ORDER, "short", AMOUNT, "EUR"),
                        "refund required: 19.80 EUR of payment ****  "),
                Arguments.of(
                        "order-events",
                        new PaymentUnmatched(LAMP, ORDER, false, PAYMENT, null, null),
                        "payment ****7890 failed, but its order never came"),
                Arguments.of(
                        "order-events",
                        new PaymentMismatched(LAMP, ORDER, PAYMENT, AMOUNT, "EUR", PRICE, "USD"),
                        "payment ****7890 does not match: expected 19.80 EUR, got 9.90 USD"));
    }

    private void aSale() {
        kafka.append("product-commands", LAMP, new DefineProduct(LAMP, "Lamp", PRICE, null, 5, null, SaleRules.NONE));
        kafka.append(
                "inventory-events",
                LAMP,
                new ProductDefined(LAMP, "Lamp", PRICE, "EUR", 5, 60, TIME, SaleRules.NONE),
                cause("product-commands", 0));
        kafka.append("hold-commands", LAMP, new PlaceHold(LAMP, HOLD, 2, "customer-1"));
        kafka.append(
                "inventory-events",
                LAMP,
                new HoldPlaced(LAMP, HOLD, 2, "customer-1", PRICE, "EUR", TIME, TIME.plusSeconds(60)),
                cause("hold-commands", 0));
        kafka.append("hold-commands", LAMP, new PlaceHold(LAMP, OTHER_HOLD, 9, null));
        kafka.append("order-commands", LAMP, new CreateOrder(LAMP, HOLD, "secret-key"));
        kafka.append(
                "inventory-events",
                LAMP,
                new HoldRedeemed(LAMP, HOLD, ORDER, 2, "customer-1", PRICE, "EUR", TIME, null, "secret-key"),
                cause("order-commands", 0));
        kafka.append(
                "order-events",
                LAMP,
                new OrderCreated(LAMP, ORDER, HOLD, 2, "customer-1", PRICE, AMOUNT, "EUR", TIME, TIME.plusSeconds(600)),
                cause("inventory-events", 2));
        kafka.append("webhook-commands", LAMP, new PaymentSucceeded(LAMP, ORDER, "secret-key", PAYMENT, AMOUNT, "EUR"));
        kafka.append("order-events", LAMP, new OrderPaid(LAMP, ORDER, 2, PAYMENT, TIME), cause("webhook-commands", 0));
        kafka.append("inventory-events", LAMP, new StockSold(LAMP, ORDER, 2), cause("order-events", 1));
    }

    private static String cause(String topic, int offset) {
        return "flashsale." + topic + "-" + partition() + "-" + offset + "-0";
    }

    private static int partition() {
        return FakeKafka.TOPICS.partitionOf(LAMP.getBytes(StandardCharsets.UTF_8));
    }

    private void tell(String... arguments) throws UsageException {
        HistoryOptions options = HistoryOptions.parse(List.of(arguments));
        try (LogReader log = kafka.reader()) {
            new HistoryCommand(new PrintStream(out)).tell(log, "flashsale.", options.subject(), options.limit());
        }
    }
}
