package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.HoldExpired;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.Topics;
import io.flashsale.endtoend.Shop.Answer;
import io.flashsale.local.Pipeline;
import io.flashsale.local.Role;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The clock of one ingress is ten minutes fast, that of the other ten minutes slow. All else has the right time. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ITWrongClock {

    private static final String SECRET = "a-secret-of-the-tests";
    private static final Duration FAST = Duration.ofMinutes(10);
    private static final Duration SLOW = FAST.negated();

    /** Less than the clocks are wrong: a hold by the slow one would be over before it began. */
    private static final int LONG_TTL_SECONDS = 300;

    private static final int SHORT_TTL_SECONDS = 3;

    /** A busy machine may be late; ten minutes it is not. */
    private static final Duration LATE = Duration.ofSeconds(60);

    private final Path directory = TestPipeline.temporaryDirectory();

    @AfterEach
    void close() throws Exception {
        TestPipeline.deleteRecursively(directory);
    }

    @Test
    void failure16_theClockOfTheIngressDecidesNothingButHowOldASignatureIs() throws Exception {
        FakeTime clock = new FakeTime(directory.resolve("offset"));
        clock.set("+10m");
        try (TestKafka kafka = TestKafka.start();
                Pipeline pipeline = TestPipeline.Running.start(
                        directory.resolve("data"),
                        kafka,
                        options -> clock.addTo(options, Role.INGRESS)
                                .instances(Role.INGRESS, 2)
                                .environment(Role.INGRESS, "FLASHSALE_WEBHOOK_SECRET", SECRET))) {
            clock.set("-10m");
            pipeline.stop("ingress-2");
            pipeline.start("ingress-2");
            pipeline.awaitReady("ingress-2");
            Shop fast = new Shop(pipeline.ingressUrl(1));
            Shop slow = new Shop(pipeline.ingressUrl(2));
            assertThatItsClockIsWrong(fast, FAST);
            assertThatItsClockIsWrong(slow, SLOW);

            aHoldLivesExactlyAsLongAsItShould(pipeline, fast, slow);
            aHoldLivesExactlyAsLongAsItShould(pipeline, slow, fast);
            whatIsHeldIsBought(fast, slow, SLOW);
            whatIsHeldIsBought(slow, fast, FAST);
        }
    }

    /** As every response tells it. */
    private static void assertThatItsClockIsWrong(Shop shop, Duration wrong) {
        String date = shop.get("/api/products").header("Date");
        assertThat(Duration.between(
                        Instant.now(),
                        ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toInstant()))
                .isBetween(wrong.minus(LATE), wrong.plus(LATE));
    }

    private static void aHoldLivesExactlyAsLongAsItShould(Pipeline pipeline, Shop shop, Shop other) {
        String productId = shop.product(10, SHORT_TTL_SECONDS);
        Instant sent = Instant.now();
        Answer hold = shop.hold(productId, 1).expect(201);
        Instant expiresAt = Instant.parse(hold.text("expires_at"));

        assertThat(expiresAt.minusSeconds(SHORT_TTL_SECONDS)).isBetween(sent.minusMillis(1), Instant.now());
        Shop.await().until(() -> other.product(productId).number("available_stock") == 10);
        assertThat(Instant.now()).isAfterOrEqualTo(expiresAt);
        assertThat(shop.order(hold.text("hold_id")).expect(410).text("code")).isEqualTo("hold-expired");
        try (UpstreamSystem reader = new UpstreamSystem(pipeline.bootstrapServers())) {
            List<InventoryEvent> events =
                    reader.committed(Topics.defaults().inventoryEvents(), InventoryEvent.class, productId);
            HoldPlaced placed = only(HoldPlaced.class, events);
            assertThat(placed.expiresAt())
                    .isEqualTo(expiresAt)
                    .isEqualTo(placed.placedAt().plusSeconds(SHORT_TTL_SECONDS));
            assertThat(only(HoldExpired.class, events).expiredAt()).isBetween(expiresAt, expiresAt.plus(LATE));
        }
    }

    private static <T> T only(Class<T> type, List<InventoryEvent> events) {
        List<T> found = events.stream().filter(type::isInstance).map(type::cast).toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    /**
     * Held through one ingress, ordered and paid through the other. The one thing that one reads its clock for: a
     * signature with a time may be five minutes old, or an old one could be sent again for ever. What providers sign
     * with the right time it refuses, and they send it again until somebody mends the clock.
     */
    private static void whatIsHeldIsBought(Shop shop, Shop other, Duration wrongOfOther) throws Exception {
        String productId = shop.product(10, LONG_TTL_SECONDS);
        String holdId = shop.hold(productId, 2).expect(201).text("hold_id");
        String orderId = other.order(holdId).expect(201).text("order_id");

        assertThat(paySigned(other, orderId, Instant.now()).expect(401).text("code"))
                .isEqualTo("invalid-signature");
        assertThat(shop.get("/api/orders/" + orderId).text("status")).isEqualTo("pending_payment");
        assertThat(pay(other, orderId).expect(200).text("status")).isEqualTo("paid");
        paySigned(other, orderId, Instant.now().plus(wrongOfOther)).expect(200);
        Shop.await().until(() -> shop.product(productId).number("sold_stock") == 2);
    }

    private static Answer paySigned(Shop shop, String orderId, Instant time) throws Exception {
        String id = "msg-" + orderId;
        String body = payment(orderId);
        String signature = new Webhook(SECRET.getBytes(StandardCharsets.UTF_8)).sign(id, time.getEpochSecond(), body);
        return shop.call(
                "POST",
                "/api/payments/webhook",
                body,
                "webhook-id",
                id,
                "webhook-timestamp",
                Long.toString(time.getEpochSecond()),
                "webhook-signature",
                signature);
    }

    /** In the scheme without a time. */
    private static Answer pay(Shop shop, String orderId) throws Exception {
        String body = payment(orderId);
        return shop.call("POST", "/api/payments/webhook", body, "X-Webhook-Signature", Hmac.hex(SECRET, body));
    }

    private static String payment(String orderId) {
        return Json.MAPPER.writeValueAsString(
                Map.of("order_id", orderId, "status", "succeeded", "payment_id", "pay-" + orderId));
    }
}
