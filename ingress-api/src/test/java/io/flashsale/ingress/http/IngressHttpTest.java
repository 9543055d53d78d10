package io.flashsale.ingress.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.flashsale.contracts.CancelReason;
import io.flashsale.contracts.HoldCommand;
import io.flashsale.contracts.HoldCommand.ExtendHold;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldCommand.ReleaseHold;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.HoldStatus;
import io.flashsale.contracts.HoldView;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.OrderCommand;
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.OrderStatus;
import io.flashsale.contracts.OrderView;
import io.flashsale.contracts.PaymentStatus;
import io.flashsale.contracts.ProductCommand;
import io.flashsale.contracts.ProductCommand.AdjustStock;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.ProductView;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.Reply.HoldAnswer;
import io.flashsale.contracts.Reply.OrderAnswer;
import io.flashsale.contracts.Reply.PaymentAnswer;
import io.flashsale.contracts.Reply.ProductAnswer;
import io.flashsale.contracts.Reply.Refused;
import io.flashsale.contracts.SaleRules;
import io.flashsale.contracts.SaleStatus;
import io.flashsale.contracts.WebhookCommand;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import io.flashsale.ingress.gateway.PendingReplies;
import io.flashsale.ingress.gateway.ProductReads;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.coyote.AbstractProtocol;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/** The wire: a real web server, read by a real client, with a fake pipeline behind it. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            "management.server.port=0",
            "flashsale.drain-time=0s",
            "flashsale.admin.key=test-admin-key",
            "flashsale.id.secret=test-id-secret",
            "flashsale.webhook.secret=test-webhook-secret",
            "flashsale.reply.timeout=5s",
            "flashsale.reply.inflight=1",
            // So long that only a decision ends it.
            "flashsale.query.fresh-for=60s",
            // All tests are one client, and quick.
            "flashsale.ratelimit.requests=0",
        })
class IngressHttpTest {

    private static final FakePipeline PIPELINE = new FakePipeline();
    /** Whatever the tests below are answered must be documented. */
    private static final ApiDocument DOCUMENT = ApiDocument.read();

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final String JSON = "application/json";
    private static final String HOLD_ID = HoldId.of("sneaker-1", new byte[16]);
    private static final String ORDER_ID = OrderId.ofHold(HOLD_ID);
    private static final String HOLD_BODY = "{\"product_id\":\"sneaker-1\",\"quantity\":2}";
    private static final String ORDER_BODY = "{\"hold_id\":\"" + HOLD_ID + "\"}";
    private static final String PRODUCT_BODY = "{\"name\":\"Shoe\",\"price\":\"10.50\",\"total_stock\":100}";
    private static final String ADJUSTMENT_BODY = "{\"delta\":-5,\"reason\":\"Broken in transit\"}";
    private static final String WEBHOOK_BODY =
            "{\"order_id\":\"" + ORDER_ID + "\",\"status\":\"paid\",\"payment_id\":\"pay-1\"}";
    private static final Instant EXPIRES_AT = Instant.parse("2026-11-20T10:01:00Z");
    private static final HoldView HOLD = new HoldView(HOLD_ID, "sneaker-1", 2, HoldStatus.ACTIVE, EXPIRES_AT, 60);
    private static final OrderView ORDER = new OrderView(
            ORDER_ID,
            HOLD_ID,
            "sneaker-1",
            2,
            new BigDecimal("10.50"),
            new BigDecimal("21.00"),
            "EUR",
            OrderStatus.PENDING_PAYMENT,
            EXPIRES_AT,
            null,
            null);
    private static final ProductView PRODUCT = new ProductView(
            "sneaker-1",
            "Shoe",
            new BigDecimal("10.50"),
            "EUR",
            100,
            98,
            2,
            0,
            1,
            SaleStatus.OPEN,
            60,
            EXPIRES_AT,
            7,
            SaleRules.NONE);

    @Autowired
    private MeterRegistry meters;

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    private RequestMappingHandlerMapping mappings;

    @Autowired
    private ProductReads productReads;

    @Autowired
    private ServletWebServerApplicationContext server;

    @LocalServerPort
    private int port;

    @LocalManagementPort
    private int managementPort;

    @DynamicPropertySource
    static void queryPorts(DynamicPropertyRegistry registry) {
        registry.add("flashsale.inventory.urls", PIPELINE::queryUrl);
        registry.add("flashsale.orders.urls", PIPELINE::queryUrl);
    }

    @BeforeEach
    void reset() {
        PIPELINE.reset();
        query(404, "");
    }

    @AfterAll
    static void close() {
        PIPELINE.close();
        CLIENT.shutdownNow();
    }

    @Test
    void nothingIsMadeAnewForARequestHoweverManyAreUnderWay() {
        TomcatWebServer tomcat = (TomcatWebServer) server.getWebServer();
        AbstractProtocol<?> protocol =
                (AbstractProtocol<?>) tomcat.getTomcat().getConnector().getProtocolHandler();

        assertThat(protocol.getProcessorCache()).isEqualTo(protocol.getMaxConnections());
    }

    // Holds

    @Test
    void placesAHold() {
        PIPELINE.decide = command -> new HoldAnswer(HOLD, false);

        HttpResponse<String> response = post("/api/holds", HOLD_BODY);

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(header(response, "Location")).contains("/api/holds/" + HOLD_ID);
        assertThat(header(response, "Content-Type")).contains(JSON);
        assertThat(header(response, "Idempotency-Replayed")).isEmpty();
        // In one piece: chunks would be another packet each time.
        assertThat(header(response, "Transfer-Encoding")).isEmpty();
        assertThat(header(response, "Content-Length"))
                .contains(Integer.toString(response.body().length()));
        assertThat(response.body())
                .isEqualTo("{\"hold_id\":\"" + HOLD_ID + "\",\"product_id\":\"sneaker-1\",\"quantity\":2,"
                        + "\"status\":\"active\",\"expires_at\":\"2026-11-20T10:01:00Z\",\"reserved_for_seconds\":60}");
        assertThat(PIPELINE.commands).singleElement().isInstanceOfSatisfying(PlaceHold.class, command -> {
            assertThat(command.productId()).isEqualTo("sneaker-1");
            assertThat(command.quantity()).isEqualTo(2);
            assertThat(HoldId.productOf(command.holdId())).contains("sneaker-1");
        });
    }

    @Test
    void aKeyNamesTheSameHoldAndAReplaySaysSo() {
        PIPELINE.decide = command -> new HoldAnswer(HOLD, PIPELINE.commands.size() > 1);

        HttpResponse<String> first = post("/api/holds", HOLD_BODY, "Idempotency-Key", "key-1");
        HttpResponse<String> again = post("/api/holds", HOLD_BODY, "Idempotency-Key", "\"key-1\"");

        assertThat(header(first, "Idempotency-Replayed")).isEmpty();
        assertThat(header(again, "Idempotency-Replayed")).contains("true");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(PIPELINE.commands.get(1)).isEqualTo(PIPELINE.commands.get(0));
    }

    @Test
    void withoutAKeyEveryHoldIsAnother() {
        PIPELINE.decide = command -> new HoldAnswer(HOLD, false);

        post("/api/holds", HOLD_BODY);
        post("/api/holds", HOLD_BODY);

        assertThat(PIPELINE.commands).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void aRefusedHoldIsAProblemByteForByteTheSame() {
        PIPELINE.decide = command -> new Refused(Refusal.insufficientStock(2, 1), PIPELINE.commands.size() > 1);

        HttpResponse<String> first = post("/api/holds", HOLD_BODY, "Idempotency-Key", "key-1");
        HttpResponse<String> again = post("/api/holds", HOLD_BODY, "Idempotency-Key", "key-1");

        assertThat(first.statusCode()).isEqualTo(409);
        assertThat(header(first, "Content-Type")).contains("application/problem+json");
        assertThat(first.body())
                .isEqualTo("{\"type\":\"/problems/insufficient-stock\",\"title\":\"Insufficient stock\",\"status\":409,"
                        + "\"detail\":\"Expected at least 2 available, but there are 1.\",\"instance\":\"/api/holds\","
                        + "\"code\":\"insufficient-stock\",\"available\":1}");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(header(first, "Idempotency-Replayed")).isEmpty();
        assertThat(header(again, "Idempotency-Replayed")).contains("true");
    }

    @ParameterizedTest
    @MethodSource
    void everyRefusalHasItsStatus(Refusal refusal, int status, String path, String body) {
        PIPELINE.decide = command -> new Refused(refusal, false);

        assertProblem(post(path, body), status, refusal.code().code());
    }

    static Stream<Arguments> everyRefusalHasItsStatus() {
        String extend = "/api/holds/" + HOLD_ID + "/extend";
        String cancel = "/api/orders/" + ORDER_ID + "/cancel";
        return Stream.of(
                arguments(refusal(RefusalCode.PRODUCT_NOT_FOUND), 404, "/api/holds", HOLD_BODY),
                arguments(refusal(RefusalCode.HOLD_NOT_FOUND), 404, "/api/orders", ORDER_BODY),
                arguments(refusal(RefusalCode.HOLD_NOT_FOUND), 404, extend, ""),
                arguments(refusal(RefusalCode.ORDER_NOT_FOUND), 404, cancel, ""),
                arguments(Refusal.insufficientStock(2, 1), 409, "/api/holds", HOLD_BODY),
                arguments(Refusal.saleNotOpen(SaleRules.NONE, EXPIRES_AT), 409, "/api/holds", HOLD_BODY),
                arguments(Refusal.limitExceeded(60, "Expected, but."), 409, extend, ""),
                arguments(Refusal.alreadyUsed(HOLD_ID, ORDER_ID), 409, extend, ""),
                arguments(refusal(RefusalCode.ORDER_ALREADY_PAID), 409, cancel, ""),
                arguments(refusal(RefusalCode.HOLD_EXPIRED), 410, "/api/orders", ORDER_BODY),
                arguments(refusal(RefusalCode.HOLD_EXPIRED), 410, extend, ""),
                arguments(refusal(RefusalCode.HOLD_RELEASED), 410, "/api/orders", ORDER_BODY),
                arguments(refusal(RefusalCode.HOLD_RELEASED), 410, extend, ""),
                arguments(Refusal.missing("customer_id", "Expected, but."), 422, "/api/holds", HOLD_BODY),
                arguments(refusal(RefusalCode.IDEMPOTENCY_KEY_REUSED), 422, "/api/holds", HOLD_BODY),
                arguments(refusal(RefusalCode.INTERNAL_ERROR), 500, "/api/holds", HOLD_BODY));
    }

    @Test
    void aSaleThatIsNotOpenSaysWhenItIs() {
        Instant start = Instant.parse("2026-11-27T09:00:00Z");
        Instant end = Instant.parse("2026-11-27T10:00:00Z");
        SaleRules rules = new SaleRules(null, null, start, end, null, null);
        PIPELINE.decide = command -> new Refused(Refusal.saleNotOpen(rules, EXPIRES_AT), false);

        HttpResponse<String> response = post("/api/holds", HOLD_BODY);

        assertProblem(response, 409, "sale-not-open");
        assertThat(response.body())
                .endsWith("\"code\":\"sale-not-open\",\"sale_starts_at\":\"2026-11-27T09:00:00Z\","
                        + "\"sale_ends_at\":\"2026-11-27T10:00:00Z\"}");
    }

    @Test
    void aLimitThatIsExceededIsNamed() {
        PIPELINE.decide = command -> new Refused(
                Refusal.limitExceeded(4, "Expected at most 4 units of one customer, but it wants 6."), false);

        HttpResponse<String> response = post("/api/holds", HOLD_BODY);

        assertProblem(response, 409, "limit-exceeded");
        assertThat(response.body()).endsWith("\"code\":\"limit-exceeded\",\"limit\":4}");
    }

    @Test
    void aFieldThatTheProductsRulesAskForIsAnErrorOfThatField() {
        PIPELINE.decide = command ->
                new Refused(Refusal.missing("customer_id", "Expected a customer_id, but there is none."), true);

        HttpResponse<String> response = post("/api/holds", HOLD_BODY, "Idempotency-Key", "key-1");

        assertProblem(response, 422, "validation-failed");
        assertThat(header(response, "Idempotency-Replayed")).contains("true");
        assertThat(json(response).get("errors").toString())
                .isEqualTo("[{\"field\":\"customer_id\",\"message\":\"Expected a customer_id, but there is none.\"}]");
    }

    @ParameterizedTest
    @EnumSource(RefusalCode.class)
    void aProblemHasTheCodeOfItsRefusal(RefusalCode code) {
        assertThat(ProblemType.of(code).code()).isEqualTo(code.code());
    }

    @Test
    void tellsPendingWhenThereIsNoDecisionInTime() {
        HttpResponse<String> response = post("/api/holds", HOLD_BODY, "Idempotency-Key", "key-1");

        String holdId = ((PlaceHold) PIPELINE.commands.getFirst()).holdId();
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(header(response, "Location")).contains("/api/holds/" + holdId);
        assertThat(response.body()).isEqualTo("{\"hold_id\":\"" + holdId + "\",\"status\":\"pending\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"respond-async", "Respond-Async", "return=minimal, respond-async", "respond-async; wait=10"})
    void doesNotWaitForWhoPrefersNotTo(String prefer) {
        PIPELINE.decide = command -> new HoldAnswer(HOLD, false);

        HttpResponse<String> response = post("/api/holds", HOLD_BODY, "Prefer", prefer);

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(json(response).get("status").stringValue()).isEqualTo("pending");
    }

    @Test
    void readsAHold() {
        String body = Json.MAPPER.writeValueAsString(HOLD);
        query(200, body);

        HttpResponse<String> response = get("/api/holds/" + HOLD_ID);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(body);
        assertThat(header(response, "Content-Type")).contains(JSON);
        assertThat(header(response, "X-Flashsale-Stale")).isEmpty();
        assertThat(PIPELINE.queries).containsExactly("/internal/holds/" + HOLD_ID);
    }

    @Test
    void readsARefusedHoldAsItsRefusal() {
        query(409, Json.MAPPER.writeValueAsString(Refusal.insufficientStock(2, 0)));

        HttpResponse<String> response = get("/api/holds/" + HOLD_ID);

        assertProblem(response, 409, "insufficient-stock");
        assertThat(json(response).get("available").intValue()).isZero();
    }

    @Test
    void doesNotAskForWhatIsNoHold() {
        assertProblem(get("/api/holds/nonsense"), 404, "hold-not-found");
        assertThat(PIPELINE.queries).isEmpty();

        assertProblem(get("/api/holds/" + HOLD_ID), 404, "hold-not-found");
    }

    @Test
    void releasesAHold() {
        HoldView released = new HoldView(HOLD_ID, "sneaker-1", 2, HoldStatus.RELEASED, EXPIRES_AT, 60);
        PIPELINE.decide = command -> new HoldAnswer(released, PIPELINE.commands.size() > 1);

        HttpResponse<String> first = delete("/api/holds/" + HOLD_ID);
        HttpResponse<String> again = delete("/api/holds/" + HOLD_ID);

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.body()).isEqualTo(Json.MAPPER.writeValueAsString(released));
        assertThat(header(first, "Idempotency-Replayed")).isEmpty();
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(header(again, "Idempotency-Replayed")).contains("true");
        assertThat(PIPELINE.commands).containsOnly(new ReleaseHold("sneaker-1", HOLD_ID));
    }

    @Test
    void aUsedHoldIsNotReleased() {
        PIPELINE.decide = command -> new Refused(Refusal.alreadyUsed(HOLD_ID, ORDER_ID), false);

        HttpResponse<String> response = delete("/api/holds/" + HOLD_ID);

        assertProblem(response, 409, "hold-already-used");
        assertThat(json(response).get("order_id").stringValue()).isEqualTo(ORDER_ID);
    }

    @Test
    void extendsAHold() {
        HoldView extended = new HoldView(HOLD_ID, "sneaker-1", 2, HoldStatus.ACTIVE, EXPIRES_AT.plusSeconds(30), 90);
        PIPELINE.decide = command -> new HoldAnswer(extended, false);

        HttpResponse<String> response = post("/api/holds/" + HOLD_ID + "/extend", "{\"seconds\":30}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(Json.MAPPER.writeValueAsString(extended));
        assertThat(PIPELINE.commands).containsExactly(new ExtendHold("sneaker-1", HOLD_ID, 30, null));
    }

    @Test
    void anExtensionNeedsNoBody() {
        PIPELINE.decide = command -> new HoldAnswer(HOLD, false);
        String path = "/api/holds/" + HOLD_ID + "/extend";

        send("POST", path, BodyPublishers.noBody());
        send("POST", path, BodyPublishers.ofString(""), "Content-Type", "application/x-www-form-urlencoded");
        send("POST", path, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[0])));
        post(path, "{}");

        assertThat(PIPELINE.commands).hasSize(4).containsOnly(new ExtendHold("sneaker-1", HOLD_ID, null, null));
        assertProblem(post(path, "{\"seconds\":0}"), 422, "validation-failed");
        assertProblem(post(path, " "), 400, "malformed-json");
        assertProblem(post(path, "seconds=5", "Content-Type", "text/plain"), 415, "unsupported-media-type");
        assertThat(PIPELINE.commands).hasSize(4);
    }

    @Test
    void theKeyOfAnExtensionTravelsDerivedForItsHold() {
        PIPELINE.decide = command -> new HoldAnswer(HOLD, false);
        String other = HoldId.of("sneaker-1", new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});

        post("/api/holds/" + HOLD_ID + "/extend", "", "Idempotency-Key", "key-1");
        post("/api/holds/" + HOLD_ID + "/extend", "", "Idempotency-Key", "\"key-1\"");
        post("/api/holds/" + other + "/extend", "", "Idempotency-Key", "key-1");

        List<String> keys = PIPELINE.commands.stream()
                .map(command -> ((ExtendHold) command).idempotencyKey())
                .toList();
        assertThat(keys.get(0)).hasSize(43).isEqualTo(keys.get(1)).isNotEqualTo(keys.get(2));
    }

    @Test
    void whatIsNoHoldIsNeitherReleasedNorExtended() {
        assertProblem(delete("/api/holds/" + ORDER_ID), 404, "hold-not-found");
        assertProblem(post("/api/holds/nonsense/extend", "not json"), 404, "hold-not-found");

        assertThat(PIPELINE.commands).isEmpty();
    }

    @Test
    void anUndecidedReleaseOrExtensionIsPending() {
        for (HttpResponse<String> response : List.of(
                send("DELETE", "/api/holds/" + HOLD_ID, BodyPublishers.noBody(), "Prefer", "respond-async"),
                post("/api/holds/" + HOLD_ID + "/extend", "", "Prefer", "respond-async"))) {
            assertThat(response.statusCode()).isEqualTo(202);
            assertThat(header(response, "Location")).contains("/api/holds/" + HOLD_ID);
            assertThat(response.body()).isEqualTo("{\"hold_id\":\"" + HOLD_ID + "\",\"status\":\"pending\"}");
        }
    }

    // Orders

    @Test
    void createsAnOrder() {
        PIPELINE.decide = command -> new OrderAnswer(ORDER, true);

        HttpResponse<String> response = post("/api/orders", ORDER_BODY, "Idempotency-Key", "key-1");

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(header(response, "Location")).contains("/api/orders/" + ORDER_ID);
        assertThat(header(response, "Idempotency-Replayed")).contains("true");
        assertThat(response.body())
                .isEqualTo("{\"order_id\":\"" + ORDER_ID + "\",\"hold_id\":\"" + HOLD_ID
                        + "\",\"product_id\":\"sneaker-1\",\"quantity\":2,\"unit_price\":10.50,\"amount\":21.00,"
                        + "\"currency\":\"EUR\",\"status\":\"pending_payment\","
                        + "\"payment_due_at\":\"2026-11-20T10:01:00Z\"}");
        assertThat(PIPELINE.commands).singleElement().isInstanceOfSatisfying(CreateOrder.class, command -> {
            assertThat(command.productId()).isEqualTo("sneaker-1");
            assertThat(command.holdId()).isEqualTo(HOLD_ID);
            assertThat(command.idempotencyKey()).hasSize(43).doesNotContain("key-1");
        });
    }

    @Test
    void anOrderOfAUsedHoldNamesTheOrder() {
        PIPELINE.decide = command -> new Refused(Refusal.alreadyUsed(HOLD_ID, ORDER_ID), false);

        HttpResponse<String> response = post("/api/orders", ORDER_BODY);

        assertProblem(response, 409, "hold-already-used");
        assertThat(json(response).get("order_id").stringValue()).isEqualTo(ORDER_ID);
    }

    @Test
    void anOrderOfNoHoldIsNotFoundAndNothingIsPublished() {
        assertProblem(post("/api/orders", "{\"hold_id\":\"nonsense\"}"), 404, "hold-not-found");
        assertProblem(post("/api/orders", "{\"hold_id\":\"" + "x".repeat(5000) + "\"}"), 404, "hold-not-found");
        assertProblem(post("/api/orders", "{}"), 422, "validation-failed");

        assertThat(PIPELINE.commands).isEmpty();
    }

    @Test
    void anUndecidedOrderIsPending() {
        HttpResponse<String> response = post("/api/orders", ORDER_BODY, "Prefer", "respond-async");

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(header(response, "Location")).contains("/api/orders/" + ORDER_ID);
        assertThat(response.body()).isEqualTo("{\"order_id\":\"" + ORDER_ID + "\",\"status\":\"pending\"}");
    }

    @Test
    void readsAnOrder() {
        String body = Json.MAPPER.writeValueAsString(ORDER);
        query(200, body);

        assertThat(get("/api/orders/" + ORDER_ID).body()).isEqualTo(body);
        assertThat(PIPELINE.queries).containsExactly("/internal/orders/" + ORDER_ID);
        assertProblem(get("/api/orders/" + HOLD_ID), 404, "order-not-found");
    }

    @Test
    void cancelsAnOrder() {
        OrderView cancelled = new OrderView(
                ORDER_ID,
                HOLD_ID,
                "sneaker-1",
                2,
                new BigDecimal("10.50"),
                new BigDecimal("21.00"),
                "EUR",
                OrderStatus.CANCELLED,
                EXPIRES_AT,
                CancelReason.REQUESTED,
                null);
        PIPELINE.decide = command -> new OrderAnswer(cancelled, false);

        HttpResponse<String> response = send("POST", "/api/orders/" + ORDER_ID + "/cancel", BodyPublishers.noBody());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .endsWith("\"status\":\"cancelled\",\"payment_due_at\":\"2026-11-20T10:01:00Z\","
                        + "\"cancel_reason\":\"requested\"}");
        assertThat(PIPELINE.commands).containsExactly(new CancelOrder("sneaker-1", ORDER_ID));
    }

    @Test
    void whatIsNoOrderIsNotCancelled() {
        assertProblem(post("/api/orders/" + HOLD_ID + "/cancel", ""), 404, "order-not-found");

        assertThat(PIPELINE.commands).isEmpty();
    }

    @Test
    void anUndecidedCancellationIsPending() {
        HttpResponse<String> response = post("/api/orders/" + ORDER_ID + "/cancel", "", "Prefer", "respond-async");

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(header(response, "Location")).contains("/api/orders/" + ORDER_ID);
        assertThat(response.body()).isEqualTo("{\"order_id\":\"" + ORDER_ID + "\",\"status\":\"pending\"}");
    }

    // Products

    @Test
    void definesAProduct() {
        PIPELINE.decide = command -> new ProductAnswer(PRODUCT, PIPELINE.commands.size() == 1, false);

        HttpResponse<String> created = put("/api/products/sneaker-1", "test-admin-key");
        HttpResponse<String> changed = put("/api/products/sneaker-1", "test-admin-key");

        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(created.body())
                .startsWith("{\"id\":\"sneaker-1\",\"name\":\"Shoe\",\"price\":10.50,\"currency\":\"EUR\","
                        + "\"total_stock\":100,\"available_stock\":98,\"reserved_stock\":2,\"sold_stock\":0,");
        assertThat(PIPELINE.commands.getFirst())
                .isEqualTo(new DefineProduct(
                        "sneaker-1", "Shoe", new BigDecimal("10.50"), null, 100, null, SaleRules.NONE));
    }

    @Test
    void definesTheRulesOfASaleAndShowsThem() {
        SaleRules rules = new SaleRules(2, 4, EXPIRES_AT, EXPIRES_AT.plusSeconds(60), 10, 600);
        PIPELINE.decide = command -> new ProductAnswer(
                new ProductView(
                        "sneaker-1",
                        "Shoe",
                        new BigDecimal("10.50"),
                        "EUR",
                        100,
                        100,
                        0,
                        0,
                        0,
                        SaleStatus.SCHEDULED,
                        60,
                        EXPIRES_AT,
                        1,
                        ((DefineProduct) command).rules()),
                true,
                false);
        String body = "{\"name\":\"Shoe\",\"price\":\"10.50\",\"total_stock\":100,\"max_quantity_per_hold\":2,"
                + "\"max_per_customer\":4,\"sale_starts_at\":\"2026-11-20T10:01:00Z\","
                + "\"sale_ends_at\":\"2026-11-20T10:02:00Z\",\"low_stock_threshold\":10,\"payment_window_seconds\":600}";

        HttpResponse<String> response =
                send("PUT", "/api/products/sneaker-1", BodyPublishers.ofString(body), "X-Api-Key", "test-admin-key");

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.body())
                .contains("\"sale_status\":\"scheduled\"")
                .endsWith("\"max_quantity_per_hold\":2,\"max_per_customer\":4,"
                        + "\"sale_starts_at\":\"2026-11-20T10:01:00Z\",\"sale_ends_at\":\"2026-11-20T10:02:00Z\","
                        + "\"low_stock_threshold\":10,\"payment_window_seconds\":600}");
        assertThat(((DefineProduct) PIPELINE.commands.getFirst()).rules()).isEqualTo(rules);
    }

    @Test
    void adjustsTheStock() {
        PIPELINE.decide = command -> new ProductAnswer(PRODUCT, false, PIPELINE.commands.size() > 1);

        HttpResponse<String> first = adjust("test-admin-key", ADJUSTMENT_BODY, "Idempotency-Key", "key-1");
        HttpResponse<String> again = adjust("test-admin-key", ADJUSTMENT_BODY, "Idempotency-Key", "key-1");

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.body()).isEqualTo(Json.MAPPER.writeValueAsString(PRODUCT));
        assertThat(header(first, "Idempotency-Replayed")).isEmpty();
        assertThat(header(again, "Idempotency-Replayed")).contains("true");
        assertThat(PIPELINE.commands.get(1)).isEqualTo(PIPELINE.commands.get(0));
        assertThat(PIPELINE.commands.getFirst()).isInstanceOfSatisfying(AdjustStock.class, command -> {
            assertThat(command.productId()).isEqualTo("sneaker-1");
            assertThat(command.delta()).isEqualTo(-5);
            assertThat(command.reason()).isEqualTo("Broken in transit");
            assertThat(command.idempotencyKey()).hasSize(43);
        });
    }

    @Test
    void anAdjustmentNeedsNoKey() {
        PIPELINE.decide = command -> new ProductAnswer(PRODUCT, false, false);

        adjust("test-admin-key", ADJUSTMENT_BODY);

        assertThat(PIPELINE.commands).containsExactly(new AdjustStock("sneaker-1", -5, "Broken in transit", null));
    }

    @Test
    void onlyTheAdminKeyAdjustsTheStock() {
        assertProblem(adjust("wrong", "not json"), 401, "unauthorized");
        assertProblem(post("/api/products/no%20product/stock-adjustments", "not json"), 401, "unauthorized");
        assertProblem(
                post("/api/products/no%20product/stock-adjustments", "not json", "X-Api-Key", "test-admin-key"),
                404,
                "product-not-found");
        assertProblem(adjust("test-admin-key", "not json"), 400, "malformed-json");
        assertProblem(adjust("test-admin-key", "{}"), 422, "validation-failed");

        assertThat(PIPELINE.commands).isEmpty();
    }

    @Test
    void anAdjustmentBelowWhatIsCommittedIsRefused() {
        PIPELINE.decide =
                command -> new Refused(Refusal.of(RefusalCode.STOCK_BELOW_COMMITTED, "Expected, but."), false);

        assertProblem(adjust("test-admin-key", ADJUSTMENT_BODY), 409, "stock-below-committed");
    }

    @Test
    void anUndecidedAdjustmentIsPending() {
        HttpResponse<String> response = adjust("test-admin-key", ADJUSTMENT_BODY, "Prefer", "respond-async");

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(header(response, "Location")).contains("/api/products/sneaker-1");
        assertThat(response.body()).isEqualTo("{\"product_id\":\"sneaker-1\",\"status\":\"pending\"}");
    }

    @Test
    void onlyTheAdminKeyDefinesAProduct() {
        HttpResponse<String> wrong = put("/api/products/sneaker-1", "wrong");
        HttpResponse<String> none = send("PUT", "/api/products/sneaker-1", BodyPublishers.ofString("not json"));

        assertProblem(wrong, 401, "unauthorized");
        assertProblem(none, 401, "unauthorized");
        assertThat(header(none, "WWW-Authenticate")).isPresent();
        assertThat(PIPELINE.commands).isEmpty();
    }

    @Test
    void readsAProductWithItsTag() {
        String body = Json.MAPPER.writeValueAsString(PRODUCT);
        query(200, body);
        PIPELINE.stale = true;

        HttpResponse<String> response = get("/api/products/sneaker-1");

        assertThat(response.body()).isEqualTo(body);
        assertThat(header(response, "ETag")).contains("\"7-open\"");
        assertThat(header(response, "Cache-Control")).contains("no-cache");
        assertThat(header(response, "X-Flashsale-Stale")).contains("true");
    }

    @Test
    void answers304ToWhoHasTheSame() {
        query(200, Json.MAPPER.writeValueAsString(PRODUCT));

        HttpResponse<String> same = get("/api/products/sneaker-1", "If-None-Match", "\"6-open\", \"7-open\"");
        HttpResponse<String> another = get("/api/products/sneaker-1", "If-None-Match", "\"6-open\"");

        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(header(same, "ETag")).contains("\"7-open\"");
        assertThat(another.statusCode()).isEqualTo(200);
    }

    @Test
    void aSaleThatHasStartedIsNotTheSameThoughTheRevisionIs() {
        query(200, Json.MAPPER.writeValueAsString(PRODUCT).replace("open", "scheduled"));
        String scheduled = header(get("/api/products/sneaker-1"), "ETag").orElseThrow();

        query(200, Json.MAPPER.writeValueAsString(PRODUCT));
        HttpResponse<String> open = get("/api/products/sneaker-1", "If-None-Match", scheduled);

        assertThat(open.statusCode()).isEqualTo(200);
    }

    @Test
    void readsAProductAgainOnlyAfterADecisionAboutIt() {
        query(200, Json.MAPPER.writeValueAsString(PRODUCT));
        PIPELINE.decide = command -> new Refused(Refusal.insufficientStock(2, 1), false);

        get("/api/products/sneaker-1");
        get("/api/products/sneaker-1");
        assertThat(PIPELINE.queries).hasSize(1);
        post("/api/holds", HOLD_BODY.replace("sneaker-1", "sneaker-2"));
        get("/api/products/sneaker-1");
        assertThat(PIPELINE.queries).hasSize(1);

        post("/api/holds", HOLD_BODY);
        get("/api/products/sneaker-1");

        assertThat(PIPELINE.queries).containsExactly("/internal/products/sneaker-1", "/internal/products/sneaker-1");
    }

    @Test
    void aProductThatIsNotThereIsNotFound() {
        assertProblem(get("/api/products/sneaker-2"), 404, "product-not-found");
        assertProblem(get("/api/products/no%20product"), 404, "product-not-found");

        assertThat(PIPELINE.queries).containsExactly("/internal/products/sneaker-2");
    }

    @Test
    void listsProductsPageByPage() {
        String product = Json.MAPPER.writeValueAsString(PRODUCT);
        query(200, "{\"products\":[" + product + "," + product.replace("sneaker-1", "sneaker-2") + "]}");

        JsonNode first = json(get("/api/products?limit=1"));
        String cursor = first.get("next_cursor").stringValue();
        JsonNode last = json(get("/api/products?limit=2&cursor=" + cursor));

        assertThat(first.get("products")).hasSize(1);
        assertThat(first.get("products").get(0).get("price").decimalValue()).isEqualTo(new BigDecimal("10.50"));
        assertThat(last.get("products")).hasSize(2);
        assertThat(last.has("next_cursor")).isFalse();
        get("/api/products");
        assertThat(PIPELINE.queries)
                .containsExactly(
                        "/internal/products?limit=2",
                        "/internal/products?limit=3&after=sneaker-1",
                        "/internal/products?limit=51");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"limit=0", "limit=101", "limit=ten", "limit=", "limit=-1", "cursor=!", "cursor=", "cursor=4oK-"})
    void refusesAPageThatIsNone(String query) {
        HttpResponse<String> response = get("/api/products?" + query);

        assertProblem(response, 422, "validation-failed");
        assertThat(json(response).get("errors").get(0).get("field").stringValue())
                .isEqualTo(query.substring(0, query.indexOf('=')));
    }

    @Test
    void readsAreUnavailableWhenNobodyAnswersThem() {
        query(503, "");

        HttpResponse<String> response = get("/api/products/sneaker-1");

        assertProblem(response, 503, "reads-unavailable");
        assertThat(header(response, "Retry-After")).isPresent();
    }

    // Webhooks

    @Test
    void takesAWebhook() {
        PIPELINE.decide = command -> new PaymentAnswer(ORDER_ID, PaymentStatus.PAID, null, null, null, true);

        HttpResponse<String> response = webhook(WEBHOOK_BODY);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"order_id\":\"" + ORDER_ID + "\",\"status\":\"paid\"}");
        assertThat(header(response, "Idempotency-Replayed")).contains("true");
        assertThat(PIPELINE.commands)
                .containsExactly(new PaymentSucceeded("sneaker-1", ORDER_ID, "pay-1:succeeded", "pay-1", null, null));
    }

    @Test
    void tellsAllThatAPaymentDid() {
        PIPELINE.decide = command -> new PaymentAnswer(
                ORDER_ID, PaymentStatus.CANCELLED, CancelReason.PAYMENT_EXPIRED, true, "payment-mismatch", false);

        HttpResponse<String> response = webhook(WEBHOOK_BODY);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .isEqualTo(
                        "{\"order_id\":\"" + ORDER_ID + "\",\"status\":\"cancelled\","
                                + "\"cancel_reason\":\"payment_expired\",\"refund_required\":true,\"code\":\"payment-mismatch\"}");
    }

    @Test
    void aWebhookBeforeItsOrderIsAccepted() {
        PIPELINE.decide = command -> new PaymentAnswer(ORDER_ID, PaymentStatus.AWAITING_ORDER, null, null, null, false);

        HttpResponse<String> response = webhook(WEBHOOK_BODY);

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.body()).isEqualTo("{\"order_id\":\"" + ORDER_ID + "\",\"status\":\"awaiting_order\"}");
    }

    @Test
    void aWebhookThatIsNotDecidedInTimeIsStillTaken() {
        HttpResponse<String> response = webhook(WEBHOOK_BODY);

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.body()).isEqualTo("{\"order_id\":\"" + ORDER_ID + "\",\"status\":\"pending\"}");
    }

    @Test
    void aWebhookThatTheLogDoesNotTakeIsNotTaken() {
        PIPELINE.taken = CompletableFuture.failedFuture(new TimeoutException("no broker"));

        assertProblem(webhook(WEBHOOK_BODY), 503, "kafka-unavailable");
    }

    @Test
    void anUnsignedWebhookLearnsNothingAndDoesNothing() {
        assertProblem(post("/api/payments/webhook", WEBHOOK_BODY), 401, "invalid-signature");
        assertProblem(
                post("/api/payments/webhook", WEBHOOK_BODY, "X-Webhook-Signature", "sha256=" + signature("other")),
                401,
                "invalid-signature");
        assertProblem(post("/api/payments/webhook", "not json"), 401, "invalid-signature");

        assertThat(PIPELINE.commands).isEmpty();
    }

    @Test
    void aSignedWebhookThatIsWrongIsTold() {
        assertProblem(webhook("not json"), 400, "malformed-json");
        assertProblem(webhook("{}"), 422, "validation-failed");
    }

    @Test
    void aWebhookIsTakenWhateverItsSenderAccepts() {
        PIPELINE.decide = command -> new PaymentAnswer(ORDER_ID, PaymentStatus.PAID, null, null, null, false);

        HttpResponse<String> response = post(
                "/api/payments/webhook",
                WEBHOOK_BODY,
                "X-Webhook-Signature",
                signature(WEBHOOK_BODY),
                "Accept",
                "text/html");

        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void thereIsNoStripeWithoutItsSecret() {
        HttpResponse<String> response = post("/api/payments/webhook/stripe", WEBHOOK_BODY);

        assertProblem(response, 404, "not-found");
        assertThat(PIPELINE.commands).isEmpty();
    }

    // Faults

    @Test
    void isUnavailableWhileKafkaIsAway() {
        PIPELINE.problem = Optional.of("Kafka at secret-host:9092 does not answer.");

        HttpResponse<String> response = post("/api/holds", HOLD_BODY);

        assertProblem(response, 503, "kafka-unavailable");
        assertThat(header(response, "Retry-After")).contains("1");
        assertThat(response.body()).doesNotContain("secret-host");
        assertThat(PIPELINE.commands).isEmpty();
        assertThat(readiness()).isEqualTo(503);

        PIPELINE.problem = Optional.empty();

        assertThat(readiness()).isEqualTo(200);
    }

    @Test
    void isUnavailableWhenTooManyWait() {
        HttpRequest hold = request("POST", "/api/holds", BodyPublishers.ofString(HOLD_BODY), "Content-Type", JSON);
        CompletableFuture<HttpResponse<String>> first =
                CLIENT.sendAsync(hold, BodyHandlers.ofString(StandardCharsets.UTF_8));
        await().until(() -> PIPELINE.commands.size() == 1);

        HttpResponse<String> second = post("/api/holds", HOLD_BODY);
        PIPELINE.replyToFirst(new HoldAnswer(HOLD, false));

        assertProblem(second, 503, "too-many-requests-in-flight");
        assertThat(header(second, "Retry-After")).isPresent();
        assertThat(first.join().statusCode()).isEqualTo(201);
        assertThat(PIPELINE.commands).hasSize(1);
    }

    @Test
    void aFaultOfOursTellsNothing() {
        PIPELINE.decide = command -> new OrderAnswer(ORDER, false);

        HttpResponse<String> response = post("/api/holds", HOLD_BODY);

        assertProblem(response, 500, "internal-error");
        assertThat(json(response).get("detail").stringValue()).isEqualTo("Internal error.");
    }

    // Bodies and headers

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "not json",
                "[]",
                "7",
                "null",
                "\"text\"",
                "{",
                "{} {}",
                "{\"a\":1,\"a\":2}",
                "{'a':1}",
                "{\"a\":1e99999999999}"
            })
    void whatIsNoObjectIsMalformed(String body) {
        assertProblem(post("/api/holds", body), 400, "malformed-json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=%zz", "limit=%ff", "%zz=1", "&&==&", "limit=1&TOO_MANY"})
    void aQueryThatCannotBeReadIsABadRequest(String query) throws IOException {
        String response = raw("GET /api/products?" + query.replace("TOO_MANY", "a=b&".repeat(1_000))
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(response).startsWith("HTTP/1.1 400 ").contains("\"code\":\"bad-request\"");
    }

    @Test
    void anotherVersionOfHttpIsNoFaultOfOurs() throws IOException {
        String response = raw("GET /api/products HTTP/9.9\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(response).startsWith("HTTP/1.1 505 ").contains("\"code\":\"not-implemented\"");
    }

    @Test
    void tellsWhereABodyIsNoJson() {
        HttpResponse<String> response = post("/api/holds", "{\"quantity\":2,\n \"card\":4242 4242}");

        assertProblem(response, 400, "malformed-json");
        assertThat(json(response).get("detail").stringValue())
                .isEqualTo("Expected a JSON object, but line 2, column 14 is not valid JSON.");
    }

    @Test
    void nestingIsBounded() {
        String deep = "{\"a\":" + "[".repeat(1000) + "]".repeat(1000) + "}";

        assertProblem(post("/api/holds", deep), 400, "malformed-json");
    }

    @Test
    void tellsEveryFieldAtOnce() {
        HttpResponse<String> response = post("/api/holds", "{\"quantity\":0}");

        assertProblem(response, 422, "validation-failed");
        assertThat(json(response).get("errors").toString())
                .isEqualTo("[{\"field\":\"product_id\",\"message\":\"is required\"},"
                        + "{\"field\":\"quantity\",\"message\":\"must be a whole number from 1 to 1000000\"}]");
    }

    @ParameterizedTest
    @CsvSource({"65536, 201", "65537, 413", "1000000, 413"})
    void boundsTheBodyWhetherItsLengthIsKnownOrNot(int length, int status) {
        PIPELINE.decide = command -> new HoldAnswer(HOLD, false);
        byte[] body = (HOLD_BODY + " ".repeat(length - HOLD_BODY.length())).getBytes(StandardCharsets.UTF_8);

        HttpResponse<String> known = send("POST", "/api/holds", BodyPublishers.ofByteArray(body));
        HttpResponse<String> chunked =
                send("POST", "/api/holds", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));

        assertThat(known.statusCode()).isEqualTo(status);
        assertThat(chunked.statusCode()).isEqualTo(status);
        if (status == 413) {
            assertProblem(known, 413, "body-too-large");
            assertProblem(chunked, 413, "body-too-large");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/json; charset=utf-8",
                "Application/JSON",
                "text/json",
                "application/vnd.shop+json"
            })
    void takesWhatLooksLikeJson(String type) {
        PIPELINE.decide = command -> new HoldAnswer(HOLD, false);

        HttpResponse<String> response =
                send("POST", "/api/holds", BodyPublishers.ofString(HOLD_BODY), "Content-Type", type);

        assertThat(response.statusCode()).isEqualTo(201);
    }

    @Test
    void takesABodyWithoutAContentType() {
        PIPELINE.decide = command -> new HoldAnswer(HOLD, false);

        assertThat(send("POST", "/api/holds", BodyPublishers.ofString(HOLD_BODY))
                        .statusCode())
                .isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/xml",
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "nonsense",
                "*/*"
            })
    void refusesOtherTypes(String type) {
        for (String method : List.of("POST", "PUT")) {
            String path = method.equals("POST") ? "/api/holds" : "/api/products/p";
            HttpResponse<String> response = send(
                    method,
                    path,
                    BodyPublishers.ofString(HOLD_BODY),
                    "Content-Type",
                    type,
                    "X-Api-Key",
                    "test-admin-key");

            assertProblem(response, 415, "unsupported-media-type");
        }
        assertThat(PIPELINE.commands).isEmpty();
    }

    @Test
    void theFrameworksErrorsAreProblemsToo() {
        HttpResponse<String> method = send("DELETE", "/api/holds", BodyPublishers.noBody());

        assertProblem(method, 405, "method-not-allowed");
        assertThat(header(method, "Allow")).contains("POST");
        assertProblem(get("/api/nothing"), 404, "not-found");
        assertProblem(get("/nothing"), 404, "not-found");
        assertProblem(get("/api/products", "Accept", "text/html"), 406, "not-acceptable");
        assertProblem(get("/api/products", "Accept", "nonsense"), 406, "not-acceptable");
        assertProblem(post("/api/holds", HOLD_BODY, "Accept", "text/html"), 406, "not-acceptable");
        assertThat(PIPELINE.commands).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/%zz HTTP/1.1\r\nHost: x\r\n",
                "GET /api/holds/a%2Fb HTTP/1.1\r\nHost: x\r\n",
                "GET /api/<script> HTTP/1.1\r\nHost: x\r\n",
                "GET /api/products HTTP/1.1\r\n",
                "GET /api/products HTTP/1.1\r\nHost: x\r\nbad header\u0000: y\r\n",
                "POST /api/holds HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n",
                "POST /api/holds HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: nonsense\r\n",
                "TRACE /api/holds HTTP/1.1\r\nHost: x\r\n",
            })
    void theWebServersErrorsAreProblemsToo(String head) throws IOException {
        String response = raw(head + "Connection: close\r\n\r\n");

        assertThat(response)
                .matches("(?s)HTTP/1\\.1 (4\\d\\d|501) .*")
                .containsIgnoringCase("Content-Type: application/problem+json\r\n")
                .containsIgnoringCase("X-Request-Id: ")
                .containsIgnoringCase("X-Content-Type-Options: nosniff\r\n")
                .containsIgnoringCase("Referrer-Policy: no-referrer\r\n")
                .containsIgnoringCase("Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n")
                .containsIgnoringCase("Cache-Control: no-store\r\n")
                .doesNotContainIgnoringCase("\r\nServer:")
                .contains("\"type\":\"/problems/")
                .doesNotContain("<script>", "Tomcat", "Exception");
    }

    @Test
    void aBodyThatEndsEarlyIsABadRequest() throws IOException {
        String response = raw("POST /api/holds HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n");

        assertThat(response).startsWith("HTTP/1.1 400").contains("\"code\":\"bad-request\"");
    }

    @Test
    void headersThatAreTooLargeAreRefused() throws IOException {
        String response = raw("GET /api/products HTTP/1.1\r\nHost: x\r\nX-Long: " + "x".repeat(20_000) + "\r\n\r\n");

        assertThat(response).startsWith("HTTP/1.1 4").contains("\"code\":\"bad-request\"");
    }

    @Test
    void everyResponseHasARequestId() {
        String made = header(get("/api/nothing"), "X-Request-Id").orElseThrow();

        assertThat(made).hasSize(36);
        assertThat(header(get("/api/nothing", "X-Request-Id", "mine 1"), "X-Request-Id"))
                .contains("mine 1");
        assertThat(header(get("/api/nothing", "X-Request-Id", "x".repeat(129)), "X-Request-Id")
                        .orElseThrow())
                .hasSize(36);
    }

    // Documentation

    @Test
    void documentsEveryRouteAndNoOther() {
        List<String> routes = mappings.getHandlerMethods().keySet().stream()
                .flatMap(mapping -> mapping.getMethodsCondition().getMethods().stream()
                        .flatMap(method -> mapping.getPatternValues().stream()
                                .map(pattern -> method + " " + ApiDocument.shapeOf(pattern))))
                .filter(route -> route.contains(" /api/"))
                .toList();

        assertThat(routes)
                .containsExactlyInAnyOrderElementsOf(DOCUMENT.operations().stream()
                        .map(operation -> ApiDocument.shapeOf(operation.toString()))
                        .toList());
    }

    @Test
    void takesEveryRequestThatIsDocumented() {
        for (ApiDocument.Operation operation : DOCUMENT.operations()) {
            if (operation.template().endsWith("/stripe")) {
                continue; // not switched on here, see ProviderWebhooksHttpTest
            }
            String path = Pattern.compile("\\{([^}]*)}")
                    .matcher(operation.template())
                    .replaceAll(variable -> DOCUMENT.parameters(operation)
                            .filter(parameter ->
                                    parameter.get("name").stringValue().equals(variable.group(1)))
                            .findFirst()
                            .orElseThrow()
                            .get("example")
                            .stringValue());
            DOCUMENT.requestBody(operation)
                    .flatMap(body -> body.examples().stream())
                    .forEach(example -> {
                        String body = example.toString();
                        HttpResponse<String> response = send(
                                operation.method(),
                                path,
                                BodyPublishers.ofString(body),
                                "Prefer",
                                "respond-async",
                                "X-Api-Key",
                                "test-admin-key",
                                "X-Webhook-Signature",
                                signature(body));

                        assertThat(response.statusCode())
                                .as(operation + " " + body + " -> " + response.body())
                                .isEqualTo(202);
                    });
        }
        assertThat(PIPELINE.commands).hasSizeGreaterThan(8);
    }

    @Test
    void showsTheDocumentToPrograms() {
        HttpResponse<String> json = page("/v3/api-docs");
        HttpResponse<String> yaml = page("/v3/api-docs.yaml");

        assertThat(header(json, "Content-Type")).contains(JSON);
        assertThat(json(json)).isEqualTo(Json.MAPPER.readTree(DOCUMENT.root().toString()));
        assertThat(header(yaml, "Content-Type")).contains("application/yaml;charset=UTF-8");
        assertThat(yaml.body()).contains("openapi: 3.1.1");
    }

    @Test
    void showsTheDocumentToPeople() {
        HttpResponse<String> page = page("/docs");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(header(page, "Content-Type")).contains("text/html;charset=UTF-8");
        assertThat(page.headers().allValues("Content-Security-Policy"))
                .singleElement()
                .asString()
                .startsWith("default-src 'none'; script-src 'self';");
        List<String> parts = Pattern.compile("(?:href|src)=\"([^\"]*)\"")
                .matcher(page.body())
                .results()
                .map(part -> part.group(1))
                .toList();
        assertThat(parts).hasSize(3).allSatisfy(part -> {
            HttpResponse<String> asset = page("/" + part);
            assertThat(asset.statusCode()).isEqualTo(200);
            assertThat(header(asset, "Content-Type").orElseThrow())
                    .startsWith(part.endsWith(".css") ? "text/css" : "text/javascript");
            assertThat(asset.body()).isNotBlank();
        });
        assertThat(header(page("/swagger-ui.html"), "Location")).contains("docs");
        assertProblem(get("/docs/openapi.yaml"), 404, "not-found");
    }

    @Test
    void everyResponseTellsBrowsersAndCachesToLeaveItAlone() {
        PIPELINE.decide = command -> new HoldAnswer(HOLD, false);

        assertGuarded(post("/api/holds", HOLD_BODY), "no-store");
        assertGuarded(post("/api/holds", "{}"), "no-store");
        assertGuarded(send("DELETE", "/api/holds", BodyPublishers.noBody()), "no-store");
        assertGuarded(get("/api/nothing"), "no-store");
        assertGuarded(get("/nothing"), "no-store");
        assertGuarded(get("/api/products/sneaker-1"), "no-store");
    }

    @Test
    void aReadThatMayBeKeptAndAskedForAgainSaysSoAlone() {
        query(200, Json.MAPPER.writeValueAsString(PRODUCT));

        assertGuarded(get("/api/products/sneaker-1"), "no-cache");
        HttpResponse<String> unchanged = get("/api/products/sneaker-1", "If-None-Match", "\"7-open\"");
        assertThat(unchanged.statusCode()).isEqualTo(304);
        assertGuarded(unchanged, "no-cache");
    }

    @Test
    void traceIsNotAllowed() throws IOException {
        assertThat(raw("TRACE /api/holds HTTP/1.1\r\nHost: x\r\nX-Secret: y\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ")
                .contains("\"code\":\"method-not-allowed\"")
                .doesNotContain("X-Secret");
    }

    // Operation

    @Test
    void countsWhatBecameOfCalls() {
        PIPELINE.decide = command -> switch (command) {
            case HoldCommand hold -> new HoldAnswer(HOLD, false);
            case OrderCommand order -> new OrderAnswer(ORDER, false);
            case ProductCommand product -> new ProductAnswer(PRODUCT, false, false);
            case WebhookCommand webhook -> new PaymentAnswer(ORDER_ID, PaymentStatus.PAID, null, null, null, false);
        };
        post("/api/holds", HOLD_BODY);
        post("/api/orders", ORDER_BODY);
        post("/api/holds", "{}");
        post("/api/orders", "{}");
        delete("/api/holds/" + HOLD_ID);
        delete("/api/holds/nonsense");
        post("/api/holds/" + HOLD_ID + "/extend", "");
        post("/api/holds/" + HOLD_ID + "/extend", "{\"seconds\":0}");
        post("/api/orders/" + ORDER_ID + "/cancel", "");
        post("/api/orders/nonsense/cancel", "");
        adjust("test-admin-key", ADJUSTMENT_BODY);
        adjust("wrong", ADJUSTMENT_BODY);
        webhook(WEBHOOK_BODY);
        webhook("{}");

        String metrics = management("/actuator/prometheus").body();

        assertThat(metrics)
                .contains(
                        "calls_accepted_total{call=\"holds\"}",
                        "calls_accepted_total{call=\"orders\"}",
                        "commands_inflight 0.0")
                .contains("calls_accepted_total{call=\"releases\"}", "calls_accepted_total{call=\"extensions\"}")
                .contains("calls_accepted_total{call=\"cancellations\"}", "calls_accepted_total{call=\"adjustments\"}")
                .contains("calls_failed_total{call=\"holds\",reason=\"validation-failed\"}")
                .contains("calls_failed_total{call=\"orders\",reason=\"validation-failed\"}")
                .contains("calls_failed_total{call=\"releases\",reason=\"hold-not-found\"}")
                .contains("calls_failed_total{call=\"extensions\",reason=\"validation-failed\"}")
                .contains("calls_failed_total{call=\"cancellations\",reason=\"order-not-found\"}")
                .contains("calls_failed_total{call=\"adjustments\",reason=\"unauthorized\"}")
                .contains("payments_received_total{outcome=\"paid\"}")
                .contains("payments_received_total{outcome=\"validation-failed\"}")
                .contains("replies_dropped_total ", "commands_publish_failed_total ", "instance_ready 1.0")
                .contains("commands_latency_seconds_bucket{command=\"PlaceHold\",le=\"0.05\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "AWAITING_ORDER,  , awaiting_order",
        "PENDING_PAYMENT, , pending_payment",
        "CANCELLED,       , cancelled",
        "CANCELLED, payment-mismatch, payment-mismatch",
        ", , pending",
    })
    void countsWhatPaymentsCameTo(PaymentStatus status, String code, String outcome) {
        PIPELINE.decide =
                command -> status == null ? null : new PaymentAnswer(ORDER_ID, status, null, null, code, false);
        double before = payments(outcome);

        webhook(WEBHOOK_BODY);

        assertThat(payments(outcome) - before).isEqualTo(1);
    }

    @Test
    void aRecordedAnswerIsNotCountedAgain() {
        PIPELINE.decide = command -> new HoldAnswer(HOLD, true);
        double before = count("calls.accepted", "call", "releases");

        delete("/api/holds/" + HOLD_ID);

        assertThat(count("calls.accepted", "call", "releases")).isEqualTo(before);
    }

    @Test
    void exposesOnlyHealthAndMetricsAndOnlyOnTheirOwnPort() {
        assertThat(management("/actuator/env").statusCode()).isEqualTo(404);
        assertThat(management("/actuator/health/readiness").statusCode()).isEqualTo(200);
        assertThat(management("/api/products").statusCode()).isEqualTo(404);
        assertProblem(get("/actuator/health"), 404, "not-found");
    }

    private void query(int status, String body) {
        PIPELINE.queryStatus = status;
        PIPELINE.queryBody = body;
        productReads.forget("sneaker-1");
    }

    private HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    private HttpResponse<String> post(String path, String body, String... headers) {
        return send("POST", path, BodyPublishers.ofString(body), headers);
    }

    private HttpResponse<String> page(String path) {
        return send(request("GET", path, BodyPublishers.noBody()));
    }

    private static Refusal refusal(RefusalCode code) {
        return Refusal.of(code, "Expected, but.");
    }

    private HttpResponse<String> delete(String path) {
        return send("DELETE", path, BodyPublishers.noBody());
    }

    private HttpResponse<String> adjust(String key, String body, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("X-Api-Key", key));
        return post("/api/products/sneaker-1/stock-adjustments", body, all.toArray(String[]::new));
    }

    private double payments(String outcome) {
        return count("payments.received", "outcome", outcome);
    }

    private double count(String meter, String... tags) {
        return meters.find(meter).tags(tags).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private HttpResponse<String> put(String path, String key) {
        return send("PUT", path, BodyPublishers.ofString(PRODUCT_BODY), "X-Api-Key", key, "Content-Type", JSON);
    }

    private HttpResponse<String> webhook(String body) {
        return post("/api/payments/webhook", body, "X-Webhook-Signature", signature(body));
    }

    private HttpResponse<String> send(String method, String path, BodyPublisher body, String... headers) {
        HttpResponse<String> response = send(request(method, path, body, headers));
        DOCUMENT.assertDocumented(response);
        return response;
    }

    private HttpRequest request(String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        Iterator<String> pairs = List.of(headers).iterator();
        while (pairs.hasNext()) {
            request.header(pairs.next(), pairs.next());
        }
        return request.method(method, body).build();
    }

    private HttpResponse<String> management(String path) {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path))
                .build());
    }

    private int readiness() {
        return management("/actuator/health/readiness").statusCode();
    }

    private static HttpResponse<String> send(HttpRequest request) {
        return CLIENT.sendAsync(request, BodyHandlers.ofString(StandardCharsets.UTF_8))
                .join();
    }

    /** What no client would send. */
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static void assertProblem(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(header(response, "Content-Type")).contains("application/problem+json");
        JsonNode problem = json(response);
        assertThat(problem.get("type").stringValue()).isEqualTo("/problems/" + code);
        assertThat(problem.get("title").stringValue()).isNotBlank();
        assertThat(problem.get("status").intValue()).isEqualTo(status);
        assertThat(problem.get("detail").stringValue()).isNotBlank();
        assertThat(problem.get("instance").stringValue())
                .isEqualTo(response.uri().getRawPath());
        assertThat(problem.get("code").stringValue()).isEqualTo(code);
    }

    private static void assertGuarded(HttpResponse<String> response, String cacheControl) {
        assertThat(response.headers().map())
                .containsEntry("x-content-type-options", List.of("nosniff"))
                .containsEntry("referrer-policy", List.of("no-referrer"))
                .containsEntry("content-security-policy", List.of("default-src 'none'; frame-ancestors 'none'"))
                .containsEntry("cache-control", List.of(cacheControl))
                .doesNotContainKey("server");
    }

    private static JsonNode json(HttpResponse<String> response) {
        return Json.MAPPER.readTree(response.body());
    }

    private static Optional<String> header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name);
    }

    private static String signature(String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec("test-webhook-secret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
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
