package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One hold is one trace, through every process and topic. */
@ExtendWith(TestPipeline.class)
class ITTraces {

    private final Shop shop;
    private final SpanCollector collector;
    private final String traceId = randomHex(16);
    private final String caller = randomHex(8);
    private final String[] traced = {"traceparent", "00-" + traceId + "-" + caller + "-01"};

    ITTraces(Shop shop, SpanCollector collector) {
        this.shop = shop;
        this.collector = collector;
    }

    @Test
    void aHoldItsOrderAndItsPaymentAreOneTrace() {
        String productId = shop.product(5, 600);
        String holdId = shop.hold(productId, 1, traced).expect(201).text("hold_id");
        String orderId = shop.order(holdId, traced).expect(201).text("order_id");
        shop.call(
                        "POST",
                        "/api/payments/webhook",
                        Map.of("order_id", orderId, "status", "succeeded", "payment_id", "pay-secret-4711"),
                        traced)
                .expect(200);

        Shop.await()
                .untilAsserted(() -> assertThat(collector.tree(traceId, caller)).isEqualTo("""
                ingress-api: POST /api/holds
                  ingress-api: send flashsale.hold-commands
                    inventory-streams: process flashsale.hold-commands → HoldPlaced
                      ingress-api: process flashsale.replies
                ingress-api: POST /api/orders
                  ingress-api: send flashsale.order-commands
                    inventory-streams: process flashsale.order-commands → HoldRedeemed
                      order-streams: process flashsale.inventory-events → OrderCreated
                        ingress-api: process flashsale.replies
                ingress-api: POST /api/payments/webhook
                  ingress-api: send flashsale.webhook-commands
                    order-streams: process flashsale.webhook-commands → OrderPaid
                      ingress-api: process flashsale.replies
                      inventory-streams: process flashsale.order-events → StockSold
                """));
        assertThat(collector.details(traceId)).contains(productId, holdId).doesNotContain("4711");
    }

    /** The shop's own metrics and logs still tell of it; the collector hears nothing. */
    @Test
    void aCallWhoseTraceIsNotRecordedLeavesNoSpan() {
        String productId = shop.product(5, 600);
        String[] quiet = {"traceparent", "00-" + randomHex(16) + "-" + caller + "-00"};
        shop.hold(productId, 1, quiet).expect(201);
        // A later one that is recorded has gone the same way, so the other one would be there too.
        shop.hold(productId, 1, traced).expect(201);

        Shop.await().until(() -> collector.tree(traceId, caller).contains("flashsale.replies"));
        assertThat(collector.details(quiet[1].substring(3, 35))).isEmpty();
    }

    private static String randomHex(int bytes) {
        byte[] random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
