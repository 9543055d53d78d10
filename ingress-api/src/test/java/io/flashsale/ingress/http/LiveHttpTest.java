package io.flashsale.ingress.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flashsale.contracts.Json;
import io.flashsale.ingress.gateway.PendingReplies;
import io.flashsale.ingress.live.PipelineState;
import io.flashsale.ingress.live.PipelineState.Application;
import io.flashsale.ingress.live.PipelineState.DeadLetter;
import io.flashsale.ingress.live.PipelineState.Partition;
import io.flashsale.ingress.live.StockFeeds;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** What there is to watch, over the wire. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            "server.tomcat.connection-timeout=2s",
            "management.server.port=0",
            "flashsale.drain-time=0s",
            "flashsale.admin.key=test-admin-key",
            "flashsale.id.secret=test-id-secret",
            "flashsale.webhook.secret=test-webhook-secret",
            "flashsale.ratelimit.requests=0",
            // So long that an answer from before somebody watched would be given again.
            "flashsale.query.fresh-for=60s",
            "flashsale.query.timeout=60s",
            "flashsale.live.watchers=4",
            "flashsale.live.watchers-per-product=2",
            "flashsale.live.watchers-per-client=3",
        })
class LiveHttpTest {

    private static final FakePipeline PIPELINE = new FakePipeline();
    private static final ApiDocument DOCUMENT = ApiDocument.read();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration LONG = Duration.ofSeconds(60);

    @Autowired
    private StockFeeds feeds;

    @Autowired
    private MeterRegistry meters;

    @LocalServerPort
    private int port;

    private final List<Stream> streams = new ArrayList<>();

    @DynamicPropertySource
    static void queryPorts(DynamicPropertyRegistry registry) {
        registry.add("flashsale.inventory.urls", PIPELINE::queryUrl);
        registry.add("flashsale.orders.urls", PIPELINE::queryUrl);
    }

    @BeforeEach
    void reset() {
        PIPELINE.reset();
        PIPELINE.queryStatus = 200;
        PIPELINE.queryBody = product(7, 98);
    }

    @AfterEach
    void leave() {
        streams.forEach(Stream::close);
        // A stream that is left is noticed when something is written to it.
        await().atMost(LONG).until(() -> {
            String lamp = product(System.nanoTime(), 1);
            change(lamp);
            change(lamp.replace("lamp", "shoe"));
            return watchers() == 0;
        });
    }

    @AfterAll
    static void close() {
        PIPELINE.close();
        CLIENT.shutdownNow();
    }

    @Test
    void beginsWithTheProductAsAReadShowsIt() {
        Stream stream = watch("/api/products/lamp/events");

        assertThat(stream.next()).isEqualTo(get("/api/products/lamp").body());
        assertThat(stream.header("Content-Type")).startsWith("text/event-stream");
        assertThat(stream.header("Cache-Control")).isEqualTo("no-store");
        assertThat(stream.header("X-Accel-Buffering")).isEqualTo("no");
        assertThat(stream.retryMs).isBetween(1_000, 3_000);
    }

    @Test
    void anAnswerFromBeforeItWasWatchedIsNotGivenAgain() {
        assertThat(get("/api/products/lamp").body()).isEqualTo(product(7, 98));
        // It changes and nobody who watches hears of it, for nobody watches.
        PIPELINE.queryBody = product(8, 97);

        assertThat(watch("/api/products/lamp/events").next()).isEqualTo(product(8, 97));
    }

    @Test
    void tellsEachChangeToWhoWatchesAndNothingThatIsOlder() {
        Stream one = watch("/api/products/lamp/events");
        Stream all = watchAll();
        one.next();
        all.next();

        change(product(8, 97));
        assertThat(one.next()).isEqualTo(product(8, 97));
        assertThat(all.next()).isEqualTo(product(8, 97));
        change(product(6, 99));
        change(product(3, 1).replace("lamp", "shoe"));
        change(product(9, 96));

        assertThat(one.next()).isEqualTo(product(9, 96));
        assertThat(all.next()).isEqualTo(product(3, 1).replace("lamp", "shoe"));
        assertThat(all.next()).isEqualTo(product(9, 96));
    }

    @Test
    void thereIsNoStreamOfAProductThatIsNotThere() {
        PIPELINE.queryStatus = 404;
        PIPELINE.queryBody = "";

        assertProblem(get("/api/products/lamp/events", "Accept", "text/event-stream"), 404, "product-not-found");
        assertProblem(get("/api/products/no%20id/events"), 404, "product-not-found");
        assertThat(watchers()).isZero();
    }

    @Test
    void isUnavailableWhileNobodySaysWhatThereIs() {
        PIPELINE.queryStatus = 503;
        assertProblem(get("/api/products/lamp/events"), 503, "reads-unavailable");
        assertProblem(get("/api/live"), 503, "reads-unavailable");
        assertThat(watchers()).isZero();
    }

    @Test
    void doesNotBeginWithWhatAStandbySays() {
        PIPELINE.stale = true;

        assertProblem(get("/api/products/lamp/events"), 503, "reads-unavailable");
        assertProblem(get("/api/live"), 503, "reads-unavailable");
        assertThat(watchers()).isZero();
    }

    @Test
    void isUnavailableWhileChangesAreNotHeard() {
        PIPELINE.problem = Optional.of("There is no position yet.");

        HttpResponse<String> refused = get("/api/products/lamp/events");

        assertProblem(refused, 503, "reads-unavailable");
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertProblem(get("/api/live"), 503, "reads-unavailable");
    }

    @Test
    void theCrowdOfOneProductLeavesPlacesForTheOthers() {
        watch("/api/products/lamp/events").next();
        watch("/api/products/lamp/events").next();

        HttpResponse<String> refused = get("/api/products/lamp/events");
        assertProblem(refused, 503, "too-many-watchers");
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        watchAll().next();

        assertThat(watchers()).isEqualTo(3);
        assertThat(meters.get("live.watchers.refused").counter().count()).isPositive();
    }

    @Test
    void aClientWithManyStreamsLeavesPlacesForTheOthers() {
        String[] operator = {"X-Api-Key", "test-admin-key"};
        watch("/api/products/lamp/events").next();
        watch("/api/products/lamp/events").next();
        watchAll().next();

        assertProblem(get("/api/products/shoe/events"), 503, "too-many-watchers");
        PIPELINE.queryBody = product(7, 98).replace("lamp", "shoe");
        watch("/api/products/shoe/events", operator).next();
        assertThat(watchers()).isEqualTo(4);
        assertProblem(get("/api/products/shoe/events", operator), 503, "too-many-watchers");
    }

    @Test
    void whoLeavesGivesThePlaceBack() {
        watch("/api/products/lamp/events").next();
        Stream leaves = watch("/api/products/lamp/events");
        leaves.next();

        leaves.close();

        await().atMost(LONG).until(() -> {
            change(product(System.nanoTime(), 1));
            return watchers() == 1;
        });
    }

    @Test
    void whoTakesNothingDelaysNobodyAndIsCutOff() throws IOException {
        String long1 = " ".repeat(200_000);
        try (Socket deaf = new Socket()) {
            deaf.setReceiveBufferSize(4_096);
            deaf.connect(new InetSocketAddress("127.0.0.1", port));
            deaf.getOutputStream()
                    .write("GET /api/products/lamp/events HTTP/1.1\r\nHost: x\r\n\r\n"
                            .getBytes(StandardCharsets.ISO_8859_1));
            await().atMost(LONG).until(() -> watchers() == 1);
            Stream other = watch("/api/products/lamp/events");
            other.next();

            // Until neither end of the connection has room for more; what comes then is conflated.
            await().atMost(LONG).pollInterval(Duration.ofMillis(1)).until(() -> {
                String now = product(System.nanoTime(), 1);
                change(now + long1);
                assertThat(other.next().strip()).isEqualTo(now);
                return watchers() == 1;
            });
        }
    }

    @Test
    void tellsTheRatesOnceASecondWhileSomebodyWatches() {
        assertThat(PIPELINE.listeners).isEmpty();
        Stream all = watchAll();
        await().atMost(LONG).until(() -> !PIPELINE.listeners.isEmpty());

        for (int i = 0; i < 50; i++) {
            ConsumerRecord<String, byte[]> placed = new ConsumerRecord<>("inventory-events", 0, i, "lamp", new byte[0]);
            placed.headers().add("ce_type", "HoldPlaced".getBytes(StandardCharsets.UTF_8));
            PIPELINE.listeners.getFirst().on(placed);
        }

        await().atMost(LONG).until(() -> {
            JsonNode rates = Json.MAPPER.readTree(all.nextRates());
            assertThat(rates.get("refused").isObject()).isTrue();
            return rates.get("holds").doubleValue() > 0;
        });
        all.close();
        await().atMost(LONG).until(() -> {
            change(product(System.nanoTime(), 1));
            return PIPELINE.listeners.isEmpty();
        });
    }

    @Test
    void showsThePipelineToWhoOperatesItAlone() {
        PIPELINE.state = new PipelineState(
                Instant.parse("2026-11-20T10:00:00Z"),
                List.of(
                        new Application(
                                "inventory-streams",
                                List.of(new Partition(0, "10.0.0.7:8082", 3), new Partition(1, null, 0))),
                        new Application("order-streams", List.of())),
                List.of(new DeadLetter(
                        Instant.parse("2026-11-20T09:00:00Z"), "wrong-partition", "hold-commands", "3", "17")));

        assertProblem(get("/api/live/pipeline"), 401, "unauthorized");
        assertProblem(get("/api/live/pipeline", "X-Api-Key", "another"), 401, "unauthorized");

        HttpResponse<String> shown = get("/api/live/pipeline", "X-Api-Key", "test-admin-key");
        assertThat(shown.statusCode()).isEqualTo(200);
        assertThat(shown.body())
                .isEqualTo("{\"as_of\":\"2026-11-20T10:00:00Z\",\"applications\":["
                        + "{\"name\":\"inventory-streams\",\"partitions\":["
                        + "{\"partition\":0,\"owner\":\"10.0.0.7:8082\",\"behind\":3},{\"partition\":1,\"behind\":0}]},"
                        + "{\"name\":\"order-streams\",\"partitions\":[]}],"
                        + "\"dead_letters\":[{\"time\":\"2026-11-20T09:00:00Z\",\"reason\":\"wrong-partition\","
                        + "\"topic\":\"hold-commands\",\"partition\":\"3\",\"offset\":\"17\"}]}");
    }

    @Test
    void thePipelineIsUnavailableWhenKafkaDoesNotSayIt() {
        await().atMost(LONG).untilAsserted(() -> {
            HttpResponse<String> answer = get("/api/live/pipeline", "X-Api-Key", "test-admin-key");
            // What another test was shown is still fresh for a second.
            assertProblem(answer, 503, "reads-unavailable");
        });
    }

    @Test
    void whoAsksForTheHeadersAloneTakesNoPlace() {
        HttpRequest head = HttpRequest.newBuilder(request("/api/live"), (name, value) -> true)
                .HEAD()
                .build();
        PIPELINE.queryBody = "{\"products\":[]}";

        HttpResponse<Void> answer =
                CLIENT.sendAsync(head, BodyHandlers.discarding()).join();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream;charset=UTF-8");
        assertThat(watchers()).isZero();
    }

    @Test
    void aStreamIsNothingElse() {
        assertProblem(get("/api/live", "Accept", "application/json"), 406, "not-acceptable");
        assertProblem(get("/api/products/lamp/events", "Accept", "application/json"), 406, "not-acceptable");
    }

    @Test
    void thePageLoadsOnlyItsOwnPartsAndRunsNothingElse() {
        HttpResponse<String> page = page("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html;charset=UTF-8");
        assertThat(page.headers().allValues("Content-Security-Policy"))
                .singleElement()
                .asString()
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                .doesNotContain("unsafe");
        assertThat(page.body()).doesNotContainPattern("<script>|<style|style=|onclick=|onload=");
        List<String> parts = Pattern.compile("(?:href|src)=\"(live/[^\"]*)\"")
                .matcher(page.body())
                .results()
                .map(part -> part.group(1))
                .distinct()
                .toList();
        assertThat(parts).containsExactlyInAnyOrder("live/icon.svg", "live/live.css", "live/live.js");
        parts.forEach(part -> assertThat(page("/" + part).body()).as(part).isNotBlank());
        assertThat(page("/live/live.js").headers().firstValue("Content-Type"))
                .contains("text/javascript;charset=UTF-8");
        assertThat(page("/live/live.css").headers().firstValue("Content-Type")).contains("text/css;charset=UTF-8");
        assertProblem(page("/live/openapi.yaml"), 404, "not-found");
    }

    @Test
    void aBrowserKeepsThePageAndAsksWhetherItIsStillTheSame() {
        HttpResponse<String> first = page("/live/live.js");
        String tag = first.headers().firstValue("ETag").orElseThrow();

        HttpResponse<String> again = page("/live/live.js", "If-None-Match", tag);

        assertThat(first.headers().firstValue("Cache-Control")).contains("no-cache");
        assertThat(again.statusCode()).isEqualTo(304);
    }

    private void change(String product) {
        feeds.change(product.getBytes(StandardCharsets.UTF_8));
    }

    private double watchers() {
        return meters.get("live.watchers").gauge().value();
    }

    private static String product(long revision, int available) {
        return "{\"id\":\"lamp\",\"name\":\"Lamp\",\"price\":9.90,\"currency\":\"EUR\",\"total_stock\":100,"
                + "\"available_stock\":" + available + ",\"reserved_stock\":" + (100 - available)
                + ",\"sold_stock\":0,\"holds_count\":1,\"sale_status\":\"open\",\"hold_ttl_seconds\":60,"
                + "\"as_of\":\"2026-11-20T10:00:00Z\",\"revision\":" + revision + "}";
    }

    private Stream watchAll() {
        String one = PIPELINE.queryBody;
        PIPELINE.queryBody = "{\"products\":[" + one + "]}";
        Stream stream = watch("/api/live");
        PIPELINE.queryBody = one;
        return stream;
    }

    private Stream watch(String path, String... headers) {
        HttpResponse<InputStream> response = CLIENT.sendAsync(request(path, headers), BodyHandlers.ofInputStream())
                .join();
        assertThat(response.statusCode()).isEqualTo(200);
        Stream stream = new Stream(response);
        streams.add(stream);
        return stream;
    }

    private HttpResponse<String> get(String path, String... headers) {
        HttpResponse<String> response = page(path, headers);
        DOCUMENT.assertDocumented(response);
        return response;
    }

    private HttpResponse<String> page(String path, String... headers) {
        // A stream that should have been refused has no end.
        return CLIENT.sendAsync(request(path, headers), BodyHandlers.ofString())
                .orTimeout(LONG.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private HttpRequest request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        return (headers.length == 0 ? request : request.headers(headers)).build();
    }

    private static void assertProblem(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(Json.MAPPER.readTree(response.body()).get("code").stringValue())
                .isEqualTo(code);
    }

    /** Reads a stream as a browser does. */
    private static final class Stream implements Closeable {

        private final HttpResponse<InputStream> response;
        private final BlockingQueue<String> stock = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> rates = new LinkedBlockingQueue<>();
        private volatile int retryMs;

        Stream(HttpResponse<InputStream> response) {
            this.response = response;
            Thread.ofVirtual().start(this::read);
        }

        private void read() {
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                String name = "";
                StringBuilder data = new StringBuilder();
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("retry: ")) {
                        retryMs = Integer.parseInt(line.substring("retry: ".length()));
                    } else if (line.startsWith("event: ")) {
                        name = line.substring("event: ".length());
                    } else if (line.startsWith("data: ")) {
                        data.append(line.substring("data: ".length()));
                    } else if (line.isEmpty() && !name.isEmpty()) {
                        (name.equals("rates") ? rates : stock).add(data.toString());
                        name = "";
                        data.setLength(0);
                    }
                }
            } catch (IOException closed) {
                // By the test.
            }
        }

        /** The next product. Rates come when they come. */
        String next() {
            return take(stock);
        }

        String nextRates() {
            return take(rates);
        }

        private static String take(BlockingQueue<String> events) {
            try {
                String event = events.poll(LONG.toSeconds(), TimeUnit.SECONDS);
                assertThat(event).as("an event in time").isNotNull();
                return event;
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        @Override
        public void close() {
            try {
                response.body().close();
            } catch (IOException closed) {
                // That is what was wanted.
            }
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
