package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.HoldExpired;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.InventoryEvent.HoldRedeemed;
import io.flashsale.contracts.InventoryEvent.ProductDefined;
import io.flashsale.contracts.InventoryEvent.RedeemRejected;
import io.flashsale.contracts.Topics;
import io.flashsale.endtoend.Shop.Answer;
import io.flashsale.local.Pipeline;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPipeline.class)
class ITHolds {

    private final Pipeline pipeline;
    private final Shop shop;
    private final Shop otherShop;

    ITHolds(Pipeline pipeline) {
        this.pipeline = pipeline;
        this.shop = new Shop(pipeline.ingressUrl(1));
        this.otherShop = new Shop(pipeline.ingressUrl(2));
    }

    @Test
    void anExpiredHoldReturnsItsStockAndCanNoLongerBeOrdered() {
        String productId = shop.product(5, 2);
        Answer hold = shop.hold(productId, 3).expect(201);
        assertThat(hold.number("reserved_for_seconds")).isEqualTo(2);

        Shop.await().until(() -> shop.product(productId).number("available_stock") == 5);

        assertThat(shop.product(productId).number("holds_count")).isZero();
        assertThat(shop.get("/api/holds/" + hold.text("hold_id")).expect(200).text("status"))
                .isEqualTo("expired");
        Answer refused = shop.order(hold.text("hold_id")).expect(410);
        assertThat(refused.text("code")).isEqualTo("hold-expired");
        assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
        // That it was taken before it came back: a read in between could be too late on a slow machine.
        assertThat(decisions(productId))
                .hasExactlyElementsOfTypes(
                        ProductDefined.class, HoldPlaced.class, HoldExpired.class, RedeemRejected.class);
    }

    @Test
    void aRepeatedRequestGetsTheRecordedAnswerFromAnyIngress() throws Exception {
        String productId = shop.product(5, 600);
        String key = UUID.randomUUID().toString();

        List<Answer> answers = Shop.atOnce(10, 10, () -> shop.hold(productId, 1, "Idempotency-Key", key));
        Answer later = otherShop.hold(productId, 1, "Idempotency-Key", "\"" + key + "\"");

        assertThat(answers).extracting(Answer::status).containsOnly(201);
        assertThat(answers).extracting(Answer::body).containsOnly(later.body());
        assertThat(answers.stream()
                        .filter(answer -> answer.header("Idempotency-Replayed").isEmpty()))
                .hasSize(1);
        assertThat(later.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(shop.product(productId).number("available_stock")).isEqualTo(4);
        assertThat(decisions(productId)).hasExactlyElementsOfTypes(ProductDefined.class, HoldPlaced.class);
    }

    @Test
    void aRepeatedRefusalStaysARefusal() {
        String productId = shop.product(1, 600);
        String key = UUID.randomUUID().toString();
        shop.hold(productId, 1).expect(201);
        Answer refused = shop.hold(productId, 1, "Idempotency-Key", key).expect(409);
        shop.define(productId, 2, 600).expect(200);

        Answer repeated = shop.hold(productId, 1, "Idempotency-Key", key).expect(409);

        assertThat(repeated.body()).isEqualTo(refused.body());
        assertThat(repeated.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(shop.product(productId).number("available_stock")).isEqualTo(1);
    }

    @Test
    void aKeyWithAnotherPayloadIsRefusedAndChangesNothing() {
        String productId = shop.product(5, 600);
        String key = UUID.randomUUID().toString();
        shop.hold(productId, 1, "Idempotency-Key", key).expect(201);

        Answer refused = shop.hold(productId, 2, "Idempotency-Key", key).expect(422);

        assertThat(refused.text("code")).isEqualTo("idempotency-key-reused");
        assertThat(shop.product(productId).number("available_stock")).isEqualTo(4);
    }

    @Test
    void aCallerThatDoesNotWaitFindsTheOutcomeLater() {
        String productId = shop.product(1, 600);

        Answer pending = shop.hold(productId, 1, "Prefer", "respond-async").expect(202);
        assertThat(pending.text("status")).isEqualTo("pending");
        Shop.await().until(() -> shop.get(pending.header("Location")).status() == 200);

        Answer refused = shop.hold(productId, 1, "Prefer", "respond-async").expect(202);
        Shop.await().until(() -> shop.get(refused.header("Location")).status() == 409);
        assertThat(shop.get(refused.header("Location")).text("code")).isEqualTo("insufficient-stock");
    }

    @Test
    void aHoldBecomesAtMostOneOrder() throws Exception {
        String productId = shop.product(5, 600);
        String holdId = shop.hold(productId, 2).expect(201).text("hold_id");

        List<Answer> answers = Shop.atOnce(20, 20, () -> shop.order(holdId));

        Answer created = answers.stream()
                .filter(answer -> answer.status() == 201)
                .findFirst()
                .orElseThrow();
        assertThat(answers.stream().filter(answer -> answer.status() == 201)).hasSize(1);
        assertThat(decisions(productId).stream().filter(HoldRedeemed.class::isInstance))
                .hasSize(1);
        assertThat(answers.stream().filter(answer -> answer.status() != 201)).allSatisfy(refused -> {
            refused.expect(409);
            assertThat(refused.text("code")).isEqualTo("hold-already-used");
            assertThat(refused.text("order_id")).isEqualTo(created.text("order_id"));
        });
    }

    @Test
    void aRepeatedOrderRequestGetsTheRecordedAnswerAlsoWhenTheOrderIsPaid() {
        String productId = shop.product(5, 600);
        String holdId = shop.hold(productId, 2).expect(201).text("hold_id");
        String key = UUID.randomUUID().toString();
        Answer created = shop.order(holdId, "Idempotency-Key", key).expect(201);
        shop.pay(created.text("order_id"), "succeeded", key).expect(200);

        Answer repeated = otherShop.order(holdId, "Idempotency-Key", key).expect(201);

        assertThat(repeated.body()).isEqualTo(created.body());
        assertThat(repeated.header("Idempotency-Replayed")).isEqualTo("true");
    }

    @Test
    void anUnknownProductHoldOrOrderHasItsOwnCode() {
        assertThat(shop.hold("no-such-product", 1).expect(404).text("code")).isEqualTo("product-not-found");
        assertThat(shop.order("nonsense").expect(404).text("code")).isEqualTo("hold-not-found");
        assertThat(shop.get("/api/products/no-such-product").expect(404).text("code"))
                .isEqualTo("product-not-found");
        assertThat(shop.get("/api/holds/nonsense").expect(404).text("code")).isEqualTo("hold-not-found");
        assertThat(shop.get("/api/orders/nonsense").expect(404).text("code")).isEqualTo("order-not-found");
    }

    @Test
    void failure25_stockIsNeverSetBelowWhatIsCommitted() {
        String productId = shop.product(5, 600);
        shop.hold(productId, 3).expect(201);

        Answer refused = shop.define(productId, 2, 600).expect(409);

        assertThat(refused.text("code")).isEqualTo("stock-below-committed");
        assertThat(shop.product(productId).number("total_stock")).isEqualTo(5);
        shop.define(productId, 3, 600).expect(200);
        assertThat(shop.product(productId).number("available_stock")).isZero();
    }

    @Test
    void badInputIsToldAllAtOnceAndChangesNothing() {
        String productId = shop.product(5, 600);

        Answer refused = shop.call(
                        "POST", "/api/holds", Map.of("product_id", productId, "quantity", -1, "customer_id", 7))
                .expect(422);

        assertThat(refused.text("code")).isEqualTo("validation-failed");
        assertThat(refused.json().get("errors").size()).isEqualTo(2);
        assertThat(shop.product(productId).number("available_stock")).isEqualTo(5);
    }

    /** Complete for every answered call: an answer comes after the commit of its events. */
    private List<InventoryEvent> decisions(String productId) {
        try (UpstreamSystem reader = new UpstreamSystem(pipeline.bootstrapServers())) {
            return reader.committed(Topics.defaults().inventoryEvents(), InventoryEvent.class, productId);
        }
    }
}
