package io.flashsale.ingress.http;

import static io.flashsale.ingress.http.StripeFixtures.PAYMENT_INTENT;
import static io.flashsale.ingress.http.StripeFixtures.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.PaymentStatus;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.Reply.PaymentAnswer;
import io.flashsale.contracts.Reply.Refused;
import io.flashsale.contracts.WebhookCommand;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import io.flashsale.ingress.Hmac;
import io.flashsale.ingress.gateway.PendingReplies;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;

/** Webhooks signed as providers do it, over the wire, while all secrets are being changed. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            "management.server.port=0",
            "flashsale.drain-time=0s",
            "flashsale.admin.key=test-admin-key",
            "flashsale.id.secret=test-id-secret",
            "flashsale.webhook.secret=" + ProviderWebhooksHttpTest.NEW_SECRET + ", "
                    + ProviderWebhooksHttpTest.OLD_SECRET,
            "flashsale.stripe.secret=" + ProviderWebhooksHttpTest.NEW_STRIPE + ","
                    + ProviderWebhooksHttpTest.OLD_STRIPE,
        })
@ExtendWith(OutputCaptureExtension.class)
class ProviderWebhooksHttpTest {

    static final String NEW_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    static final String OLD_SECRET = "an-older-secret";
    static final String NEW_STRIPE = "whsec_5f2f8c1e0f1b4f7f9d3e0a6c4b2d8e7f";
    static final String OLD_STRIPE = "whsec_9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d";

    private static final FakePipeline PIPELINE = new FakePipeline();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final String WEBHOOK = "/api/payments/webhook";
    private static final String STRIPE = "/api/payments/webhook/stripe";
    private static final String ORDER_ID = OrderId.ofHold(HoldId.of("sneaker-1", new byte[16]));
    private static final String BODY = "{\"order_id\":\"" + ORDER_ID + "\",\"status\":\"paid\"}";
    private static final String PAID = "{\"order_id\":\"" + ORDER_ID + "\",\"status\":\"paid\"}";
    private static final String SUCCEEDED = event("payment_intent.succeeded", ORDER_ID);
    private static final String FAILED = event("payment_intent.payment_failed", ORDER_ID);

    @LocalServerPort
    private int port;

    @BeforeEach
    void reset() {
        PIPELINE.reset();
        PIPELINE.decide = command -> new PaymentAnswer(ORDER_ID, PaymentStatus.PAID, null, null, null, false);
    }

    @AfterAll
    static void close() {
        PIPELINE.close();
        CLIENT.shutdownNow();
    }

    // Standard Webhooks

    @Test
    void takesAStandardWebhookAndItsIdIsItsKey() {
        HttpResponse<String> response = standard(0, BODY, BODY);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(PAID);
        assertThat(PIPELINE.commands)
                .containsExactly(new PaymentSucceeded("sneaker-1", ORDER_ID, "msg_1", null, null, null));
    }

    @Test
    void stillTakesTheHexOfTheOldSecret() {
        HttpResponse<String> response =
                post(WEBHOOK, BODY, "X-Webhook-Signature", Hmac.hex(OLD_SECRET, BODY), "Idempotency-Key", "key-1");

        assertThat(response.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(longs = {-310, 310})
    void refusesAStandardWebhookThatIsNotOfNow(long seconds) {
        HttpResponse<String> response = standard(seconds, BODY, BODY);

        assertProblem(response, 401, "invalid-signature");
        assertThat(json(response).get("detail").stringValue())
                .isEqualTo("Expected a time in webhook-timestamp that is at most 300 seconds from now.");
        assertThat(response.headers().firstValue("WWW-Authenticate")).isPresent();
        assertThat(PIPELINE.commands).isEmpty();
    }

    @Test
    void refusesAStandardWebhookOfAnotherBody() {
        assertProblem(standard(0, "{}", BODY), 401, "invalid-signature");
        assertThat(PIPELINE.commands).isEmpty();
    }

    @Test
    void saysWhichHeadersAreMissing() {
        HttpResponse<String> none = post(WEBHOOK, BODY, "webhook-id", "msg_1");
        HttpResponse<String> some = post(WEBHOOK, BODY, "webhook-id", "msg_1", "webhook-timestamp", "1763632800");

        assertProblem(none, 401, "invalid-signature");
        assertThat(json(none).get("detail").stringValue()).contains("webhook-signature, or X-Webhook-Signature.");
        assertProblem(some, 401, "invalid-signature");
        assertThat(json(some).get("detail").stringValue()).startsWith("Expected all of the headers webhook-id,");
    }

    // Stripe

    @ParameterizedTest
    @ValueSource(strings = {NEW_STRIPE, OLD_STRIPE})
    void takesAnEventOfStripe(String secret) {
        HttpResponse<String> response = stripe(SUCCEEDED, secret, 0);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(PAID);
        assertThat(PIPELINE.commands)
                .containsExactly(new PaymentSucceeded(
                        "sneaker-1",
                        ORDER_ID,
                        "stripe:evt_3SVd2yLkdIwHu7ix0Yk2pLwM",
                        PAYMENT_INTENT,
                        new BigDecimal("21.00"),
                        "EUR"));
    }

    @Test
    void bothEventsOfACheckoutAreOnePayment() {
        stripe(SUCCEEDED, NEW_STRIPE, 0);
        stripe(event("checkout.session.completed", ORDER_ID), NEW_STRIPE, 0);

        assertThat(PIPELINE.commands)
                .hasSize(2)
                .extracting(command -> ((WebhookCommand) command).paymentId())
                .containsOnly(PAYMENT_INTENT);
        assertThat(PIPELINE.commands)
                .extracting(command -> ((WebhookCommand) command).idempotencyKey())
                .doesNotHaveDuplicates();
    }

    @Test
    void takesADeclinedAttempt() {
        assertThat(stripe(FAILED, NEW_STRIPE, 0).statusCode()).isEqualTo(200);
        assertThat(PIPELINE.commands).singleElement().isInstanceOf(PaymentFailed.class);
    }

    @Test
    void takesAnEventBeforeItsOrderAndARepeatedOne() {
        PIPELINE.decide = command -> new PaymentAnswer(ORDER_ID, PaymentStatus.AWAITING_ORDER, null, null, null, true);

        HttpResponse<String> response = stripe(SUCCEEDED, NEW_STRIPE, 0);

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.body()).isEqualTo("{\"order_id\":\"" + ORDER_ID + "\",\"status\":\"awaiting_order\"}");
        assertThat(response.headers().firstValue("Idempotency-Replayed")).contains("true");
    }

    @Test
    void anEventIdThatIsUsedForSomethingElseIsAProblem() {
        PIPELINE.decide =
                command -> new Refused(Refusal.of(RefusalCode.IDEMPOTENCY_KEY_REUSED, "Expected, but."), false);

        assertProblem(stripe(SUCCEEDED, NEW_STRIPE, 0), 422, "idempotency-key-reused");
    }

    @ParameterizedTest
    @CsvSource({
        "payment_intent.succeeded,   charge.succeeded, Events of this type say nothing of an order's payment.",
        "order_id,                   cart_id,          There is no order_id in the metadata.",
        "\"order_id\": \"o_,     \"order_id\": \"17, The order_id in the metadata is no id that this service has made.",
    })
    void answersWhatIsNotOursWith200AndPublishesNothing(String right, String wrong, String why) {
        HttpResponse<String> response = stripe(SUCCEEDED.replace(right, wrong), NEW_STRIPE, 0);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(response.body()).isEqualTo("{\"received\":true,\"ignored\":\"" + why + "\"}");
        assertThat(PIPELINE.commands).isEmpty();
    }

    @Test
    void anEventThatIsNotStripesLearnsNothingAndDoesNothing() {
        assertProblem(post(STRIPE, SUCCEEDED), 401, "invalid-signature");
        assertProblem(post(STRIPE, "not json"), 401, "invalid-signature");
        assertProblem(stripe(SUCCEEDED, "whsec_other", 0), 401, "invalid-signature");
        assertProblem(stripe(SUCCEEDED, NEW_STRIPE, -310), 401, "invalid-signature");
        assertProblem(stripe(SUCCEEDED, NEW_STRIPE, 310), 401, "invalid-signature");
        assertProblem(
                post(STRIPE, FAILED, "Stripe-Signature", stripeSignature(SUCCEEDED, NEW_STRIPE, 0)),
                401,
                "invalid-signature");
        // The secrets of the other endpoint are none of Stripe's.
        assertProblem(stripe(SUCCEEDED, OLD_SECRET, 0), 401, "invalid-signature");
        assertThat(PIPELINE.commands).isEmpty();
    }

    @Test
    void anEventThatIsWrongIsTold() {
        assertProblem(stripe("not json", NEW_STRIPE, 0), 400, "malformed-json");
        assertProblem(stripe("{}", NEW_STRIPE, 0), 422, "validation-failed");
        assertThat(PIPELINE.commands).isEmpty();
    }

    // Both

    @Test
    void noPaymentDetailReachesALog(CapturedOutput output) {
        stripe(FAILED, NEW_STRIPE, 0);
        stripe(FAILED, "whsec_other", 0);
        stripe(FAILED.replace("payment_intent.payment_failed", "charge.failed"), NEW_STRIPE, 0);
        stripe(FAILED.replace("\"currency\": \"eur\"", "\"currency\": 978"), NEW_STRIPE, 0);
        stripe(FAILED + "}", NEW_STRIPE, 0);
        standard(0, FAILED, FAILED);
        PIPELINE.decide = FakePipeline.SILENCE;
        PIPELINE.taken = CompletableFuture.failedFuture(new TimeoutException("no broker"));
        assertProblem(stripe(FAILED, NEW_STRIPE, 0), 503, "kafka-unavailable");
        PIPELINE.decide = command -> {
            throw new IllegalStateException("a fault of ours");
        };
        assertProblem(stripe(FAILED, NEW_STRIPE, 0), 500, "internal-error");

        assertThat(output)
                .contains("a fault of ours")
                .doesNotContain("Rosen", "jenny.rosen", "Xt5EWLLDS7FJjR1c", "declined", "pi_3SVd", "evt_3SVd")
                .doesNotContain(NEW_STRIPE, OLD_STRIPE, NEW_SECRET, OLD_SECRET, "v1=");
    }

    private HttpResponse<String> standard(long seconds, String body, String signed) {
        long time = Instant.now().getEpochSecond() + seconds;
        String signature;
        try {
            signature = new Webhook(NEW_SECRET).sign("msg_1", time, signed);
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
        return post(
                WEBHOOK,
                body,
                "webhook-id",
                "msg_1",
                "webhook-timestamp",
                Long.toString(time),
                "webhook-signature",
                signature);
    }

    private HttpResponse<String> stripe(String event, String secret, long seconds) {
        return post(STRIPE, event, "Stripe-Signature", stripeSignature(event, secret, seconds));
    }

    private static String stripeSignature(String event, String secret, long seconds) {
        long time = Instant.now().getEpochSecond() + seconds;
        return "t=" + time + ",v1=" + Hmac.hex(secret, time + "." + event);
    }

    private HttpResponse<String> post(String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Content-Type", "application/json; charset=utf-8")
                .header("Accept", "*/*; q=0.5, application/xml");
        Iterator<String> pairs = List.of(headers).iterator();
        while (pairs.hasNext()) {
            request.header(pairs.next(), pairs.next());
        }
        return CLIENT.sendAsync(request.POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString())
                .join();
    }

    private static void assertProblem(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(json(response).get("code").stringValue()).isEqualTo(code);
    }

    private static JsonNode json(HttpResponse<String> response) {
        return Json.MAPPER.readTree(response.body());
    }

    /** The ingress as it is, but for what talks to the broker. */
    @IngressWithoutBroker
    static class WithoutBroker {

        @Bean
        FakePipeline pipeline(ObjectProvider<PendingReplies> pending) {
            return PIPELINE.connect(pending);
        }
    }
}
