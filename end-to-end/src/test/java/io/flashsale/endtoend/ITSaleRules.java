package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.HoldCommand.ExtendHold;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldCommand.ReleaseHold;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.BackInStock;
import io.flashsale.contracts.InventoryEvent.HoldExtended;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.InventoryEvent.HoldRedeemed;
import io.flashsale.contracts.InventoryEvent.HoldRejected;
import io.flashsale.contracts.InventoryEvent.HoldReleased;
import io.flashsale.contracts.InventoryEvent.LowStock;
import io.flashsale.contracts.InventoryEvent.ProductDefined;
import io.flashsale.contracts.InventoryEvent.SoldOut;
import io.flashsale.contracts.InventoryEvent.StockAdjusted;
import io.flashsale.contracts.InventoryEvent.StockReturned;
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderEvent.OrderCancelled;
import io.flashsale.contracts.OrderEvent.OrderCreated;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.contracts.OrderEvent.RefundRequired;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.ProductCommand.AdjustStock;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.SaleRules;
import io.flashsale.contracts.Topics;
import io.flashsale.endtoend.Shop.Answer;
import io.flashsale.local.Pipeline;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each rule of a sale once over HTTP, and once by an upstream system that produces to the topics. */
@ExtendWith(TestPipeline.class)
class ITSaleRules {

    private static final Topics TOPICS = Topics.defaults();

    private final Pipeline pipeline;
    private final Shop shop;

    ITSaleRules(Pipeline pipeline) {
        this.pipeline = pipeline;
        this.shop = new Shop(pipeline.ingressUrl(1));
    }

    @Test
    void failure24_aCustomerThatTakesHoldAfterHoldIsStoppedAtItsLimitAndOthersAreServed() throws Exception {
        String productId = shop.productWith(100, "max_per_customer", 4, "max_quantity_per_hold", 2);

        List<Answer> spam = Shop.atOnce(20, 20, () -> shop.holdFor("greedy", productId, 1));

        assertThat(spam).filteredOn(answer -> answer.status() == 201).hasSize(4);
        assertThat(spam).filteredOn(answer -> answer.status() != 201).allSatisfy(refused -> {
            refused.expect(409);
            assertThat(refused.text("code")).isEqualTo("limit-exceeded");
            assertThat(refused.number("limit")).isEqualTo(4);
        });
        assertThat(shop.product(productId).number("available_stock")).isEqualTo(96);
        shop.holdFor("modest", productId, 2).expect(201);
        Answer tooMany = shop.holdFor("modest", productId, 3).expect(409);
        assertThat(tooMany.text("code")).isEqualTo("limit-exceeded");
        assertThat(tooMany.number("limit")).isEqualTo(2);
        Answer nameless = shop.hold(productId, 1).expect(422);
        assertThat(nameless.json().get("errors").get(0).get("field").asString()).isEqualTo("customer_id");
    }

    @Test
    void aCustomersLimitIsFreedByReleaseAndCancelAndNotByPayment() {
        String productId = shop.productWith(100, "max_per_customer", 1);
        String first = shop.holdFor("anna", productId, 1).expect(201).text("hold_id");
        shop.holdFor("anna", productId, 1).expect(409);

        shop.release(first).expect(200);
        String second = shop.holdFor("anna", productId, 1).expect(201).text("hold_id");
        String cancelled = shop.order(second).expect(201).text("order_id");
        shop.holdFor("anna", productId, 1).expect(409);
        shop.cancel(cancelled).expect(200);
        // The stock follows the order's event by one hop.
        String third = Shop.await()
                .until(() -> shop.holdFor("anna", productId, 1), answer -> answer.status() == 201)
                .text("hold_id");
        String paid = shop.order(third).expect(201).text("order_id");
        shop.pay(paid, "succeeded", key()).expect(200);

        assertThat(shop.holdFor("anna", productId, 1).expect(409).text("code")).isEqualTo("limit-exceeded");
    }

    @Test
    void aSaleIsOpenOnlyInItsWindow() {
        Instant start = Instant.parse("2001-01-01T00:00:00Z");
        Instant end = Instant.parse("2002-01-01T00:00:00Z");
        Instant future = Instant.parse("2999-01-01T00:00:00Z");
        String over = shop.productWith(5, "sale_starts_at", start, "sale_ends_at", end);
        String toCome = shop.productWith(5, "sale_starts_at", future);
        String open = shop.productWith(5, "sale_starts_at", start, "sale_ends_at", future);

        Answer refused = shop.hold(over, 1).expect(409);

        assertThat(refused.text("code")).isEqualTo("sale-not-open");
        assertThat(refused.text("sale_starts_at")).isEqualTo(start.toString());
        assertThat(refused.text("sale_ends_at")).isEqualTo(end.toString());
        assertThat(shop.hold(toCome, 1).expect(409).text("code")).isEqualTo("sale-not-open");
        assertThat(shop.product(over).text("sale_status")).isEqualTo("ended");
        assertThat(shop.product(toCome).text("sale_status")).isEqualTo("scheduled");
        assertThat(shop.product(open).text("sale_status")).isEqualTo("open");
        shop.hold(open, 5).expect(201);
        assertThat(shop.product(open).text("sale_status")).isEqualTo("sold_out");
    }

    @Test
    void aHoldTakenInTimeIsOrderedPaidAndPaidLateAfterTheSaleHasEnded() {
        Instant past = Instant.parse("2001-01-01T00:00:00Z");
        String productId = shop.product(5, 600);
        String onTime = shop.hold(productId, 1).expect(201).text("hold_id");
        String late = shop.orderOf(productId, 1);
        shop.pay(late, "failed", key()).expect(200);
        shop.define(productId, 5, 600, "sale_ends_at", past).expect(200);

        shop.hold(productId, 1).expect(409);
        String orderId = shop.order(onTime).expect(201).text("order_id");
        assertThat(shop.pay(orderId, "succeeded", key()).expect(200).text("status"))
                .isEqualTo("paid");
        assertThat(shop.pay(late, "succeeded", key()).expect(200).text("status"))
                .isEqualTo("paid");
    }

    @Test
    void aReleasedHoldReturnsItsStockOnceHoweverOftenItIsReleased() throws Exception {
        String productId = shop.product(5, 600);
        String holdId = shop.hold(productId, 2).expect(201).text("hold_id");

        List<Answer> answers = Shop.atOnce(10, 10, () -> shop.release(holdId));

        assertThat(answers).extracting(Answer::status).containsOnly(200);
        assertThat(answers)
                .extracting(Answer::body)
                .containsOnly(answers.getFirst().body());
        assertThat(answers.getFirst().text("status")).isEqualTo("released");
        assertThat(shop.product(productId).number("available_stock")).isEqualTo(5);
        assertThat(shop.get("/api/holds/" + holdId).expect(200).text("status")).isEqualTo("released");
        assertThat(shop.order(holdId).expect(410).text("code")).isEqualTo("hold-released");
        assertThat(inventoryEvents(productId).stream().filter(HoldReleased.class::isInstance))
                .hasSize(1);
    }

    @Test
    void aRedeemedHoldIsNotReleased() {
        String productId = shop.product(5, 600);
        String holdId = shop.hold(productId, 2).expect(201).text("hold_id");
        String orderId = shop.order(holdId).expect(201).text("order_id");

        Answer refused = shop.release(holdId).expect(409);

        assertThat(refused.text("code")).isEqualTo("hold-already-used");
        assertThat(refused.text("order_id")).isEqualTo(orderId);
    }

    @Test
    void aHoldIsExtendedOnceAndAtMostByItsOwnLength() {
        String productId = shop.product(5, 60);
        Answer hold =
                shop.hold(productId, 2, "Idempotency-Key", "first-" + productId).expect(201);
        String holdId = hold.text("hold_id");
        assertThat(shop.extend(holdId, Map.of("seconds", 61)).expect(409).text("code"))
                .isEqualTo("limit-exceeded");

        Answer extended = shop.extend(holdId, Map.of("seconds", 30), "Idempotency-Key", "k")
                .expect(200);
        Answer repeated = shop.extend(holdId, Map.of("seconds", 30), "Idempotency-Key", "k")
                .expect(200);

        assertThat(Instant.parse(extended.text("expires_at")))
                .isEqualTo(Instant.parse(hold.text("expires_at")).plusSeconds(30));
        assertThat(repeated.body()).isEqualTo(extended.body());
        assertThat(repeated.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(shop.extend(holdId, Map.of("seconds", 10)).expect(409).text("code"))
                .isEqualTo("limit-exceeded");
        assertThat(shop.get("/api/holds/" + holdId).text("expires_at")).isEqualTo(extended.text("expires_at"));
        assertThat(shop.hold(productId, 2, "Idempotency-Key", "first-" + productId)
                        .expect(201)
                        .body())
                .as("the first answer stays the first answer")
                .isEqualTo(hold.body());
    }

    @Test
    void anUnpaidOrderIsCancelledOnceAndAPaidOneNever() throws Exception {
        String productId = shop.product(5, 600);
        String orderId = shop.orderOf(productId, 2);

        List<Answer> answers = Shop.atOnce(10, 10, () -> shop.cancel(orderId));

        assertThat(answers).extracting(Answer::status).containsOnly(200);
        assertThat(answers)
                .extracting(Answer::body)
                .containsOnly(answers.getFirst().body());
        assertThat(answers.getFirst().text("status")).isEqualTo("cancelled");
        assertThat(answers.getFirst().text("cancel_reason")).isEqualTo("requested");
        Shop.await().until(() -> shop.product(productId).number("available_stock") == 5);
        String paid = shop.orderOf(productId, 1);
        shop.pay(paid, "succeeded", key()).expect(200);
        assertThat(shop.cancel(paid).expect(409).text("code")).isEqualTo("order-already-paid");
        assertThat(shop.cancel("o_nonsense").expect(404).text("code")).isEqualTo("order-not-found");
        assertThat(inventoryEvents(productId).stream().filter(StockReturned.class::isInstance))
                .hasSize(1);
    }

    @Test
    void aPaymentOfAnOrderThatWasCancelledByRequestGoesBack() {
        String productId = shop.product(5, 600);
        String orderId = shop.orderOf(productId, 2);
        shop.cancel(orderId).expect(200);

        Answer answer = shop.pay(orderId, "succeeded", key()).expect(200);

        assertThat(answer.text("status")).isEqualTo("cancelled");
        assertThat(answer.json().get("refund_required").booleanValue()).isTrue();
        assertThat(shop.get("/api/orders/" + orderId)
                        .json()
                        .get("refund_required")
                        .booleanValue())
                .isTrue();
        assertThat(orderEvents(productId))
                .hasExactlyElementsOfTypes(OrderCreated.class, OrderCancelled.class, RefundRequired.class);
    }

    @Test
    void aSecondDifferentPaymentOfAPaidOrderGoesBackOnce() {
        String productId = shop.product(5, 600);
        String orderId = shop.orderOf(productId, 1);
        shop.pay(orderId, "succeeded", key(), "payment_id", "pay-1").expect(200);

        shop.pay(orderId, "succeeded", key(), "payment_id", "pay-2").expect(200);
        shop.pay(orderId, "succeeded", key(), "payment_id", "pay-2").expect(200);

        assertThat(shop.get("/api/orders/" + orderId).text("status")).isEqualTo("paid");
        assertThat(orderEvents(productId))
                .hasExactlyElementsOfTypes(OrderCreated.class, OrderPaid.class, RefundRequired.class);
    }

    @Test
    void aProductsOwnPaymentWindowSetsTheDeadline() {
        String productId = shop.productWith(5, "payment_window_seconds", 1);
        String orderId = shop.orderOf(productId, 2);

        Shop.await()
                .until(() -> shop.get("/api/orders/" + orderId).text("status").equals("cancelled"));

        assertThat(shop.get("/api/orders/" + orderId).text("cancel_reason")).isEqualTo("payment_expired");
        Shop.await().until(() -> shop.product(productId).number("available_stock") == 5);
    }

    @Test
    void stockIsAdjustedNeverBelowWhatIsCommittedAndOncePerKey() {
        String productId = shop.product(5, 600);
        shop.hold(productId, 3).expect(201);
        assertThat(shop.adjust(productId, -3).expect(409).text("code")).isEqualTo("stock-below-committed");

        Answer adjusted = shop.adjust(productId, -2, "Idempotency-Key", "k").expect(200);
        Answer repeated = shop.adjust(productId, -2, "Idempotency-Key", "k").expect(200);

        assertThat(adjusted.number("total_stock")).isEqualTo(3);
        assertThat(adjusted.number("available_stock")).isZero();
        assertThat(repeated.body()).isEqualTo(adjusted.body());
        assertThat(shop.adjust(productId, -1, "Idempotency-Key", "k")
                        .expect(422)
                        .text("code"))
                .isEqualTo("idempotency-key-reused");
        shop.call("POST", "/api/products/" + productId + "/stock-adjustments", Map.of("delta", 1, "reason", "r"))
                .expect(401);
        assertThat(shop.product(productId).number("total_stock")).isEqualTo(3);
    }

    @Test
    void theStocksCrossingsAreToldOnceEach() {
        String productId = shop.productWith(5, "low_stock_threshold", 2);
        String holdId = shop.hold(productId, 3).expect(201).text("hold_id");
        shop.hold(productId, 1).expect(201);
        shop.hold(productId, 1).expect(201);
        shop.hold(productId, 1).expect(409);
        shop.adjust(productId, 1).expect(200);
        shop.release(holdId).expect(200);

        assertThat(inventoryEvents(productId))
                .hasExactlyElementsOfTypes(
                        ProductDefined.class,
                        HoldPlaced.class,
                        LowStock.class,
                        HoldPlaced.class,
                        HoldPlaced.class,
                        SoldOut.class,
                        HoldRejected.class,
                        StockAdjusted.class,
                        BackInStock.class,
                        HoldReleased.class);
    }

    @Test
    void upstreamSystemsHaveTheSameRules() {
        String productId = Shop.newProductId();
        String kept = HoldId.of(productId, new byte[16]);
        String released = HoldId.of(productId, "released-by-them".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        String refused = HoldId.of(productId, "refused-by-limit".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        SaleRules limited = new SaleRules(null, 3, null, null, null, null);
        try (UpstreamSystem upstream = new UpstreamSystem(pipeline.bootstrapServers())) {
            upstream.send(
                    TOPICS.productCommands(),
                    productId,
                    new DefineProduct(productId, "Lamp", new BigDecimal("5"), "EUR", 10, 60, limited));
            upstream.send(TOPICS.productCommands(), productId, new AdjustStock(productId, -2, "broken", null));
            awaitEvents(productId, 2);
            upstream.send(TOPICS.holdCommands(), productId, new PlaceHold(productId, kept, 2, "anna"));
            upstream.send(TOPICS.holdCommands(), productId, new PlaceHold(productId, released, 1, "anna"));
            upstream.send(TOPICS.holdCommands(), productId, new PlaceHold(productId, refused, 1, "anna"));
            upstream.send(TOPICS.holdCommands(), productId, new ReleaseHold(productId, released));
            upstream.send(TOPICS.holdCommands(), productId, new ExtendHold(productId, kept, null, null));
            awaitEvents(productId, 7);
            upstream.send(TOPICS.orderCommands(), productId, new CreateOrder(productId, kept, null));
            Shop.await().until(() -> !orderEvents(productId).isEmpty());
            upstream.send(TOPICS.orderCommands(), productId, new CancelOrder(productId, OrderId.ofHold(kept)));
            awaitEvents(productId, 9);
        }

        assertThat(inventoryEvents(productId))
                .hasExactlyElementsOfTypes(
                        ProductDefined.class,
                        StockAdjusted.class,
                        HoldPlaced.class,
                        HoldPlaced.class,
                        HoldRejected.class,
                        HoldReleased.class,
                        HoldExtended.class,
                        HoldRedeemed.class,
                        StockReturned.class);
        assertThat(inventoryEvents(productId).get(4))
                .isInstanceOfSatisfying(
                        HoldRejected.class,
                        rejected -> assertThat(rejected.refusal().code()).isEqualTo(RefusalCode.LIMIT_EXCEEDED));
        assertThat(shop.product(productId).number("available_stock")).isEqualTo(8);
    }

    private void awaitEvents(String productId, int count) {
        Shop.await().until(() -> inventoryEvents(productId).size() >= count);
    }

    /** Complete for every answered call: an answer comes after the commit of its events. */
    private List<InventoryEvent> inventoryEvents(String productId) {
        try (UpstreamSystem reader = new UpstreamSystem(pipeline.bootstrapServers())) {
            return reader.committed(TOPICS.inventoryEvents(), InventoryEvent.class, productId);
        }
    }

    private List<OrderEvent> orderEvents(String productId) {
        try (UpstreamSystem reader = new UpstreamSystem(pipeline.bootstrapServers())) {
            return reader.committed(TOPICS.orderEvents(), OrderEvent.class, productId);
        }
    }

    private static String key() {
        return UUID.randomUUID().toString();
    }
}
