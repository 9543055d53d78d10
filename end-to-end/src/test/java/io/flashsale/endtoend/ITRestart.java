package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.Topics;
import io.flashsale.endtoend.Shop.Answer;
import io.flashsale.endtoend.TestPipeline.Running;
import io.flashsale.local.Pipeline;
import io.flashsale.local.PipelineOptions;
import io.flashsale.local.Role;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What needs a pipeline of its own, because it is stopped, or has a short payment deadline. */
class ITRestart {

    private final Path directory = TestPipeline.temporaryDirectory();
    private final TestKafka kafka = TestKafka.start();

    @AfterEach
    void close() throws Exception {
        kafka.close();
        TestPipeline.deleteRecursively(directory);
    }

    @Test
    void backlogDeadlineOutageAndRestartLoseNothing() {
        String kept;
        Answer keptHold;
        Answer keptOrder;
        String key = "kept-" + Shop.newProductId();
        try (Pipeline pipeline = start()) {
            Shop shop = new Shop(pipeline.ingressUrl(1));
            anOrderAppendedBeforeExpiryIsDecidedAfterItAndSucceeds(pipeline, shop);
            failure10_anUnpaidOrderReturnsItsStockAtItsDeadline(shop);
            kept = shop.product(10, 3_600);
            keptHold = shop.hold(kept, 1, "Idempotency-Key", key).expect(201);
            keptOrder =
                    shop.order(shop.hold(kept, 2).expect(201).text("hold_id")).expect(201);
            shop.pay(keptOrder.text("order_id"), "succeeded", key).expect(200);
            Shop.await().until(() -> shop.product(kept).number("sold_stock") == 2);
            kafkaAwayIsToldAndRecoversByItself(pipeline, shop);
        }

        try (Pipeline pipeline = start()) {
            Shop shop = new Shop(pipeline.ingressUrl(1));
            Answer product = shop.product(kept);
            assertThat(product.number("total_stock")).isEqualTo(10);
            assertThat(product.number("reserved_stock")).isEqualTo(1);
            assertThat(product.number("sold_stock")).isEqualTo(2);
            assertThat(shop.get("/api/orders/" + keptOrder.text("order_id"))
                            .expect(200)
                            .text("status"))
                    .isEqualTo("paid");
            Answer repeated = shop.hold(kept, 1, "Idempotency-Key", key).expect(201);
            assertThat(repeated.body()).isEqualTo(keptHold.body());
            Answer repeatedPayment =
                    shop.pay(keptOrder.text("order_id"), "succeeded", key).expect(200);
            assertThat(repeatedPayment.header("Idempotency-Replayed")).isEqualTo("true");
            shop.order(keptHold.text("hold_id")).expect(201);
        }
    }

    private Pipeline start() {
        return Running.start(
                directory,
                kafka,
                (PipelineOptions.Builder options) ->
                        options.property(Role.ORDERS, "flashsale.orders.payment-window", "4s"));
    }

    private static void anOrderAppendedBeforeExpiryIsDecidedAfterItAndSucceeds(Pipeline pipeline, Shop shop) {
        String productId = shop.product(5, 20);
        Answer hold = shop.hold(productId, 2).expect(201);
        Instant expiresAt = Instant.parse(hold.text("expires_at"));
        // Killed, because it takes no time; a stop may take as long as the hold is good for.
        pipeline.kill("inventory-1");
        Answer pending =
                shop.order(hold.text("hold_id"), "Prefer", "respond-async").expect(202);
        assertThat(appendTimeOfOrder(pipeline, productId))
                .as("log time of the order")
                .isBefore(expiresAt);

        Shop.await().until(() -> Instant.now().isAfter(expiresAt.plusMillis(500)));
        pipeline.start("inventory-1");
        pipeline.awaitReady("inventory-1");

        Shop.await().until(() -> shop.get(pending.header("Location")).status() == 200);
        assertThat(shop.get("/api/holds/" + hold.text("hold_id")).expect(200).text("status"))
                .isEqualTo("redeemed");
    }

    /** What the broker stamped: the only clock that decides. */
    private static Instant appendTimeOfOrder(Pipeline pipeline, String productId) {
        try (UpstreamSystem reader = new UpstreamSystem(pipeline.bootstrapServers())) {
            List<ConsumerRecord<byte[], byte[]>> orders = reader
                    .committed(Topics.defaults().orderCommands())
                    .stream()
                    .filter(order -> UpstreamSystem.keyOf(order).equals(productId))
                    .toList();
            assertThat(orders).hasSize(1);
            assertThat(orders.getFirst().timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
            return Instant.ofEpochMilli(orders.getFirst().timestamp());
        }
    }

    private static void failure10_anUnpaidOrderReturnsItsStockAtItsDeadline(Shop shop) {
        String productId = shop.product(5, 600);
        String orderId = shop.orderOf(productId, 2);

        Shop.await().until(() -> shop.product(productId).number("available_stock") == 5);

        Answer order = shop.get("/api/orders/" + orderId).expect(200);
        assertThat(order.text("status")).isEqualTo("cancelled");
        assertThat(order.text("cancel_reason")).isEqualTo("payment_expired");
        assertThat(shop.pay(orderId, "succeeded", "late-" + orderId).expect(200).text("status"))
                .as("a late payment finds its stock")
                .isEqualTo("paid");
    }

    private void kafkaAwayIsToldAndRecoversByItself(Pipeline pipeline, Shop shop) {
        String productId = shop.product(1_000, 600);
        kafka.leave(pipeline);

        Shop.await().untilAsserted(() -> {
            Answer refused = shop.hold(productId, 1).expect(503);
            assertThat(refused.header("Retry-After")).isNotEmpty();
            assertThat(refused.text("code")).isEqualTo("kafka-unavailable");
        });
        Shop management = new Shop(pipeline.managementUrl("ingress-1"));
        Shop.await().until(() -> management.get("/actuator/health/readiness").status() == 503);

        kafka.comeBack(pipeline);
        Shop.await().until(() -> shop.hold(productId, 1).status() == 201);
    }
}
