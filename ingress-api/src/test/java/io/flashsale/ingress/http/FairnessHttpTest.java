package io.flashsale.ingress.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flashsale.contracts.Command;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.HoldStatus;
import io.flashsale.contracts.HoldView;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.Reply.HoldAnswer;
import io.flashsale.ingress.gateway.PendingReplies;
import io.flashsale.ingress.security.FixedTime;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** What one client or one product takes is not taken from the others. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            "management.server.port=0",
            "flashsale.drain-time=0s",
            "flashsale.admin.key=test-admin-key",
            "flashsale.id.secret=test-id-secret",
            "flashsale.webhook.secret=test-webhook-secret",
            "flashsale.reply.timeout=20s",
            "flashsale.reply.inflight=2",
            "flashsale.ratelimit.requests=2",
            "flashsale.ratelimit.burst=3",
            "flashsale.ratelimit.webhook-requests=5",
            "flashsale.ratelimit.trusted-proxies=127.0.0.1",
        })
class FairnessHttpTest {

    private static final FakePipeline PIPELINE = new FakePipeline();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final String ONE = "198.51.100.1";
    private static final String ANOTHER = "198.51.100.2";
    private static final String WEBHOOK = "/api/payments/webhook";

    @LocalServerPort
    private int port;

    @LocalManagementPort
    private int managementPort;

    @Autowired
    private FixedTime time;

    @BeforeEach
    void reset() {
        PIPELINE.reset();
        PIPELINE.decide = decided();
        // Long enough for all buckets to be full again.
        time.advance(Duration.ofMinutes(1));
    }

    @AfterAll
    static void close() {
        PIPELINE.close();
        CLIENT.shutdownNow();
    }

    @Test
    void tellsEveryClientWhatItMayStillDo() {
        HttpResponse<String> first = hold(ONE, "lamp");
        HttpResponse<String> second = get("/api/nothing", ONE);

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(header(first, "RateLimit-Policy")).contains("\"default\";q=3;w=2");
        assertThat(header(first, "RateLimit")).contains("\"default\";r=2;t=1");
        assertThat(second.statusCode()).isEqualTo(404);
        assertThat(header(second, "RateLimit-Policy")).contains("\"default\";q=3;w=2");
        assertThat(header(second, "RateLimit")).contains("\"default\";r=1;t=1");
        assertThat(header(second, "Retry-After")).isEmpty();
    }

    @Test
    void aClientThatAsksTooOftenIsRefusedUntilItHasWaited() {
        exhaust(ONE);

        HttpResponse<String> refused = hold(ONE, "lamp");

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(header(refused, "Retry-After")).contains("1");
        assertThat(header(refused, "RateLimit-Policy")).contains("\"default\";q=3;w=2");
        assertThat(header(refused, "RateLimit")).contains("\"default\";r=0;t=1");
        assertThat(header(refused, "Content-Type")).contains("application/problem+json");
        assertThat(header(refused, "X-Request-Id")).isPresent();
        assertThat(header(refused, "Cache-Control")).contains("no-store");
        assertThat(Json.MAPPER.readTree(refused.body())).isEqualTo(Json.MAPPER.readTree("""
                                {"type": "/problems/rate-limited", "title": "Too many requests", "status": 429,
                                 "detail": "Too many requests of one client: try again in 1 s.",
                                 "instance": "/api/holds", "code": "rate-limited"}
                                """));
        assertThat(PIPELINE.commands).isEmpty();

        time.advance(Duration.ofMillis(500));

        assertThat(hold(ONE, "lamp").statusCode()).isEqualTo(201);
    }

    @Test
    void aLimitedClientDoesNotAffectAnother() {
        exhaust(ONE);

        assertThat(hold(ONE, "lamp").statusCode()).isEqualTo(429);
        assertThat(hold(ANOTHER, "lamp").statusCode()).isEqualTo(201);
    }

    @Test
    void anAdminIsAClientOfItsOwnAndAWrongKeyIsNot() {
        exhaust(ONE);

        assertThat(get("/api/nothing", ONE, "X-Api-Key", "wrong").statusCode()).isEqualTo(429);
        assertThat(get("/api/nothing", ONE, "X-Api-Key", "test-admin-key").statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({WEBHOOK, WEBHOOK + "/", WEBHOOK + "s/anything"})
    void webhooksHaveALimitOfTheirOwn(String path) {
        exhaust(ONE);

        List<Integer> webhooks = Stream.generate(() -> get(path, ONE))
                .limit(6)
                .map(HttpResponse::statusCode)
                .toList();

        assertThat(webhooks.subList(0, 5)).doesNotContain(429);
        assertThat(webhooks.getLast()).isEqualTo(429);
        assertThat(header(get(path, ONE), "RateLimit-Policy")).contains("\"webhook\";q=5;w=1");
        assertThat(get("/api/nothing", ONE).statusCode()).isEqualTo(429);
    }

    @ParameterizedTest
    @CsvSource({
        WEBHOOK + "/../../holds",
        WEBHOOK + "/%2e%2e/%2e%2e/holds",
        "/api/payments/webhook;/../../../api/holds",
    })
    void noPathTakesTheLimitOfWebhooksToSomethingElse(String path) throws IOException {
        exhaust("127.0.0.1");

        String response = raw("POST " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(response).startsWith("HTTP/1.1 4").doesNotContain("\"webhook\"");
        assertThat(PIPELINE.commands).isEmpty();
    }

    @Test
    void isRefusedBeforeItsBodyIsRead() throws IOException {
        exhaust("127.0.0.1");

        String response =
                raw("POST /api/holds HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n");

        assertThat(response).startsWith("HTTP/1.1 429 ");
    }

    @Test
    void operatorsAreNotLimitedAndSeeWhoIs() {
        exhaust("127.0.0.1");
        assertThat(get("/api/nothing", "127.0.0.1").statusCode()).isEqualTo(429);

        for (int call = 0; call < 10; call++) {
            assertThat(management("/actuator/health/readiness").statusCode()).isEqualTo(200);
        }
        assertThat(management("/actuator/prometheus").body())
                .contains("requests_rate_limited_total{policy=\"default\"}")
                .contains("requests_rate_limited_total{policy=\"webhook\"}")
                .contains("ratelimit_clients{policy=\"default\"}")
                .containsPattern("http_server_requests_seconds_count\\{[^}]*status=\"429\"");
    }

    @Test
    void theFloodOfOneProductLeavesPlacesForAnother() {
        PIPELINE.decide = command ->
                command.productId().equals("flooded") ? null : decided().apply(command);
        CompletableFuture<HttpResponse<String>> waiting = CLIENT.sendAsync(
                request("POST", "/api/holds", ONE, holdOf("flooded")), BodyHandlers.ofString(StandardCharsets.UTF_8));
        await().until(() -> PIPELINE.commands.size() == 1);

        HttpResponse<String> refused = hold(ONE, "flooded");
        HttpResponse<String> other = hold(ONE, "lamp");
        PIPELINE.replyToFirst(decided().apply(PIPELINE.commands.getFirst()));

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(header(refused, "Retry-After")).contains("1");
        assertThat(refused.body()).contains("\"code\":\"too-many-requests-in-flight\"");
        assertThat(other.statusCode()).isEqualTo(201);
        assertThat(waiting.join().statusCode()).isEqualTo(201);
    }

    private void exhaust(String client) {
        for (int call = 0; call < 3; call++) {
            assertThat(get("/api/nothing", client).statusCode()).isEqualTo(404);
        }
    }

    private HttpResponse<String> hold(String client, String product) {
        return send(request("POST", "/api/holds", client, holdOf(product)));
    }

    private HttpResponse<String> get(String path, String client, String... headers) {
        return send(request("GET", path, client, null, headers));
    }

    private HttpRequest request(String method, String path, String client, @Nullable String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("X-Forwarded-For", client);
        Iterator<String> pairs = List.of(headers).iterator();
        while (pairs.hasNext()) {
            request.header(pairs.next(), pairs.next());
        }
        return request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<String> management(String path) {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path))
                .build());
    }

    private static HttpResponse<String> send(HttpRequest request) {
        return CLIENT.sendAsync(request, BodyHandlers.ofString(StandardCharsets.UTF_8))
                .join();
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String holdOf(String product) {
        return "{\"product_id\":\"" + product + "\",\"quantity\":2}";
    }

    private static Function<Command, @Nullable Reply> decided() {
        return command -> new HoldAnswer(
                new HoldView(
                        HoldId.of(command.productId(), new byte[16]),
                        command.productId(),
                        2,
                        HoldStatus.ACTIVE,
                        Instant.parse("2026-11-20T10:01:00Z"),
                        60),
                false);
    }

    private static Optional<String> header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name);
    }

    /** The ingress as it is, but for what talks to the broker, and for time. */
    @IngressWithoutBroker
    static class WithoutBroker {

        @Bean
        FakePipeline pipeline(ObjectProvider<PendingReplies> pending) {
            return PIPELINE.connect(pending);
        }

        @Bean
        @Primary
        FixedTime fixedTime() {
            return new FixedTime();
        }
    }
}
