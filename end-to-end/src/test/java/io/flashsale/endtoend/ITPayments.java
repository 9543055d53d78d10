package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderEvent.LatePaymentReceived;
import io.flashsale.contracts.OrderEvent.OrderCancelled;
import io.flashsale.contracts.OrderEvent.OrderCreated;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.contracts.OrderEvent.PaymentMismatched;
import io.flashsale.contracts.OrderEvent.RefundRequired;
import io.flashsale.contracts.Topics;
import io.flashsale.endtoend.Shop.Answer;
import io.flashsale.local.Pipeline;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPipeline.class)
class ITPayments {

    private final Shop shop;
    private final Pipeline pipeline;

    ITPayments(Pipeline pipeline) {
        this.pipeline = pipeline;
        this.shop = new Shop(pipeline.ingressUrl(1));
    }

    @Test
    void aUnitIsSold() {
        String productId = shop.product(5, 600);
        Answer hold = shop.hold(productId, 2).expect(201);
        Answer order = shop.order(hold.text("hold_id")).expect(201);
        assertThat(order.text("status")).isEqualTo("pending_payment");
        assertThat(order.json().get("amount").decimalValue()).isEqualByComparingTo("19.80");
        assertThat(order.header("Location")).isEqualTo("/api/orders/" + order.text("order_id"));

        Answer paid = shop.pay(order.text("order_id"), "succeeded", key(), "amount", "19.80", "currency", "USD");

        assertThat(paid.expect(200).text("status")).isEqualTo("paid");
        assertThat(shop.get("/api/orders/" + order.text("order_id")).expect(200).text("status"))
                .isEqualTo("paid");
        awaitStock(productId, 3, 0, 2);
    }

    @Test
    void failure06_fiftySimultaneousDuplicates_oneMovementFiftyEqualAnswers() throws Exception {
        String productId = shop.product(5, 600);
        String orderId = shop.orderOf(productId, 2);
        String key = key();

        List<Answer> answers = Shop.atOnce(50, 50, () -> shop.pay(orderId, "succeeded", key));

        assertThat(answers).extracting(Answer::status).containsOnly(200);
        assertThat(answers)
                .extracting(Answer::body)
                .containsOnly(answers.getFirst().body());
        assertThat(answers.stream()
                        .filter(answer -> answer.header("Idempotency-Replayed").isEmpty()))
                .hasSize(1);
        awaitStock(productId, 3, 0, 2);
        assertThat(eventsOf(productId)).hasExactlyElementsOfTypes(OrderCreated.class, OrderPaid.class);
    }

    @Test
    void failure07_theSamePaymentUnderTwoEventIdsIsOneMovement() {
        String productId = shop.product(5, 600);
        String orderId = shop.orderOf(productId, 2);
        shop.pay(orderId, "succeeded", key(), "payment_id", "pay-7").expect(200);

        Answer second =
                shop.pay(orderId, "succeeded", key(), "payment_id", "pay-7").expect(200);

        assertThat(second.text("status")).isEqualTo("paid");
        awaitStock(productId, 3, 0, 2);
        assertThat(eventsOf(productId)).hasExactlyElementsOfTypes(OrderCreated.class, OrderPaid.class);
    }

    @Test
    void failure04_aWebhookBeforeItsOrderIsKeptAndPaysIt() {
        String productId = shop.product(5, 600);
        String holdId = shop.hold(productId, 2).expect(201).text("hold_id");
        String key = key();

        Answer early = shop.call(
                        "POST",
                        "/api/payments/webhook",
                        java.util.Map.of("hold_id", holdId, "success", true, "transaction_id", "tx", "webhook_id", key),
                        "X-Idempotency-Key",
                        key)
                .expect(202);
        assertThat(early.text("status")).isEqualTo("awaiting_order");

        Answer order = shop.order(holdId).expect(201);
        assertThat(order.text("status")).isEqualTo("paid");
        assertThat(order.text("order_id")).isEqualTo(early.text("order_id"));
        awaitStock(productId, 3, 0, 2);
    }

    @Test
    void failure08_aFailureAfterASuccessChangesNothing() {
        String productId = shop.product(5, 600);
        String orderId = shop.orderOf(productId, 1);
        shop.pay(orderId, "paid", key()).expect(200);

        assertThat(shop.pay(orderId, "failed", key()).expect(200).text("status"))
                .isEqualTo("paid");

        awaitStock(productId, 4, 0, 1);
        assertThat(eventsOf(productId)).hasExactlyElementsOfTypes(OrderCreated.class, OrderPaid.class);
    }

    @Test
    void aFailedPaymentReturnsTheStockOnce() throws Exception {
        String productId = shop.product(5, 600);
        String orderId = shop.orderOf(productId, 2);

        List<Answer> answers = Shop.atOnce(10, 10, () -> shop.pay(orderId, "declined", key()));

        assertThat(answers).extracting(Answer::status).containsOnly(200);
        assertThat(answers.getFirst().text("status")).isEqualTo("cancelled");
        awaitStock(productId, 5, 0, 0);
        assertThat(eventsOf(productId)).hasExactlyElementsOfTypes(OrderCreated.class, OrderCancelled.class);
    }

    @Test
    void failure09_aLatePaymentTakesItsStockAgainWhileThereIsSome() throws Exception {
        String productId = shop.product(5, 600);
        String orderId = shop.orderOf(productId, 2);
        shop.pay(orderId, "failed", key()).expect(200);
        awaitStock(productId, 5, 0, 0);
        String key = key();

        List<Answer> late = Shop.atOnce(10, 10, () -> shop.pay(orderId, "succeeded", key));

        assertThat(late).extracting(Answer::status).containsOnly(200);
        assertThat(late).extracting(Answer::body).containsOnly(late.getFirst().body());
        assertThat(late.getFirst().text("status")).isEqualTo("paid");
        awaitStock(productId, 3, 0, 2);
        assertThat(eventsOf(productId))
                .hasExactlyElementsOfTypes(
                        OrderCreated.class, OrderCancelled.class, LatePaymentReceived.class, OrderPaid.class);
    }

    @Test
    void failure09_aLatePaymentWithoutStockAsksForARefund() {
        String productId = shop.product(2, 600);
        String orderId = shop.orderOf(productId, 2);
        shop.pay(orderId, "failed", key()).expect(200);
        awaitStock(productId, 2, 0, 0);
        shop.hold(productId, 1).expect(201);

        Answer late = shop.pay(orderId, "succeeded", key()).expect(200);

        assertThat(late.text("status")).isEqualTo("cancelled");
        assertThat(late.json().get("refund_required").booleanValue()).isTrue();
        Answer order = shop.get("/api/orders/" + orderId).expect(200);
        assertThat(order.text("cancel_reason")).isEqualTo("payment_failed");
        assertThat(order.json().get("refund_required").booleanValue()).isTrue();
        awaitStock(productId, 1, 1, 0);
        assertThat(eventsOf(productId))
                .hasExactlyElementsOfTypes(
                        OrderCreated.class, OrderCancelled.class, LatePaymentReceived.class, RefundRequired.class);
    }

    @Test
    void aKeyWithAnotherPayloadIsRefused() {
        String orderId = shop.orderOf(shop.product(5, 600), 1);
        String key = key();
        shop.pay(orderId, "succeeded", key).expect(200);

        assertThat(shop.pay(orderId, "failed", key).expect(422).text("code")).isEqualTo("idempotency-key-reused");
    }

    @Test
    void aWrongAmountPaysNothing() {
        String productId = shop.product(5, 600);
        String orderId = shop.orderOf(productId, 2);

        Answer answer = shop.pay(orderId, "succeeded", key(), "amount", 1).expect(200);

        assertThat(answer.text("status")).isEqualTo("pending_payment");
        assertThat(answer.text("code")).isEqualTo("payment-mismatch");
        assertThat(eventsOf(productId)).hasExactlyElementsOfTypes(OrderCreated.class, PaymentMismatched.class);
    }

    @Test
    void whatStripeTellsPaysTheOrderOnceUnderWhicheverEvent() throws Exception {
        String productId = shop.product(5, 600);
        String orderId = shop.orderOf(productId, 2);
        String session = """
                {"id":"evt_1","object":"event","type":"checkout.session.completed","data":{"object":{"id":"cs_1",\
                "object":"checkout.session","payment_status":"paid","payment_intent":"pi_1","amount_total":1980,\
                "currency":"usd","metadata":{"order_id":"ORDER"}}}}""".replace("ORDER", orderId);
        String intent = """
                {"id":"evt_2","object":"event","type":"payment_intent.succeeded","data":{"object":{"id":"pi_1",\
                "object":"payment_intent","amount":1980,"amount_received":1980,"currency":"usd",\
                "metadata":{"order_id":"ORDER"}}}}""".replace("ORDER", orderId);

        Answer paid = shop.stripe(session, stripeSignature(session)).expect(200);
        Answer again = shop.stripe(intent, stripeSignature(intent)).expect(200);

        assertThat(paid.text("status")).isEqualTo("paid");
        assertThat(again.text("status")).isEqualTo("paid");
        assertThat(shop.stripe(session, "t=1,v1=00").expect(401).text("code")).isEqualTo("invalid-signature");
        awaitStock(productId, 3, 0, 2);
        assertThat(eventsOf(productId)).hasExactlyElementsOfTypes(OrderCreated.class, OrderPaid.class);
    }

    /** As Stripe documents it: the HMAC of time, dot and body. */
    private static String stripeSignature(String body) throws Exception {
        long seconds = Instant.now().getEpochSecond();
        return "t=" + seconds + ",v1=" + Hmac.hex(TestPipeline.STRIPE_SECRET, seconds + "." + body);
    }

    /** Complete for every answered call: an answer comes after the commit of its events. */
    private List<OrderEvent> eventsOf(String productId) {
        try (UpstreamSystem reader = new UpstreamSystem(pipeline.bootstrapServers())) {
            return reader.committed(Topics.defaults().orderEvents(), OrderEvent.class, productId);
        }
    }

    /** The stock follows the order's event by one hop. */
    private void awaitStock(String productId, int available, int reserved, int sold) {
        Shop.await().untilAsserted(() -> {
            Answer product = shop.product(productId);
            assertThat(product.number("available_stock")).isEqualTo(available);
            assertThat(product.number("reserved_stock")).isEqualTo(reserved);
            assertThat(product.number("sold_stock")).isEqualTo(sold);
        });
    }

    private static String key() {
        return UUID.randomUUID().toString();
    }
}
