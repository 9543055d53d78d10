package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.endtoend.PrometheusQuery.Sample;
import io.flashsale.endtoend.PrometheusQuery.Selector;
import io.flashsale.endtoend.Shop.Answer;
import io.flashsale.local.Pipeline;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What dashboards and alerts ask for, the services export: after a minute, so this comes last, when the pipeline has run
 * for long enough.
 */
@ExtendWith(TestPipeline.class)
@Order(Integer.MAX_VALUE)
class ITMetrics {

    /** Kafka's own metrics are looked for every minute. */
    private static final Duration ALL_THERE = Duration.ofMinutes(4);

    /** A scrape of everything was 1.9 MB and took a quarter of a second of a processor. */
    private static final int LARGEST_SCRAPE = 400_000;

    private final Pipeline pipeline;
    private final Shop shop;

    ITMetrics(Pipeline pipeline) {
        this.pipeline = pipeline;
        this.shop = new Shop(pipeline.ingressUrl(1));
    }

    @Test
    void everySeriesOfDashboardsAndAlertsIsExported() {
        sellALittle();
        List<Selector> asked = Monitoring.queries().stream()
                .flatMap(query -> query.selectors().stream())
                .distinct()
                .toList();

        Awaitility.await().atMost(ALL_THERE).pollInterval(Duration.ofSeconds(2)).untilAsserted(() -> {
            List<Sample> samples = services().stream()
                    .flatMap(name -> Sample.of(scrape(name)).stream())
                    .toList();
            assertThat(asked)
                    .allSatisfy(selector -> assertThat(samples.stream().anyMatch(selector::selects))
                            .as(selector.toString())
                            .isTrue());
        });

        assertThat(services()).allSatisfy(name -> assertThat(scrape(name)).hasSizeLessThan(LARGEST_SCRAPE));
    }

    /** Two instances, one standby: each partition is decided on once and has one copy. */
    @Test
    void eachPartitionIsDecidedOnOnceAndKeptOnce() {
        Awaitility.await()
                .atMost(ALL_THERE)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() ->
                        assertThat(List.of(tasks("active"), tasks("standby"))).containsExactly(12.0, 12.0));
    }

    /** An alert on records that wait would otherwise cry at night: of markers of transactions, or of what nobody reads. */
    @Test
    void nothingWaitsWhenEverythingIsDecided() {
        sellALittle();

        Awaitility.await()
                .atMost(ALL_THERE)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(values(
                                "kafka_consumer_fetch_manager_records_lag\\{(?![^}]*-restore-consumer\")[^}]*}",
                                services()))
                        .hasSizeGreaterThan(12)
                        .containsOnly(0.0));
    }

    private void sellALittle() {
        String productId = shop.product(2, 600);
        String paid = shop.orderOf(productId, 1);
        shop.pay(paid, "succeeded", UUID.randomUUID().toString()).expect(200);
        Answer hold = shop.hold(productId, 1).expect(201);
        shop.hold(productId, 1).expect(409);
        shop.call("DELETE", "/api/holds/" + hold.text("hold_id"), null).expect(200);
        shop.product(productId);
    }

    private double tasks(String role) {
        List<String> inventory =
                services().stream().filter(name -> name.startsWith("inventory")).toList();
        return values("stream_tasks\\{role=\"" + role + "\"}", inventory).stream()
                .mapToDouble(value -> value)
                .sum();
    }

    private List<Double> values(String series, List<String> services) {
        Pattern line = Pattern.compile("(?m)^" + series + " (\\S+)$");
        return services.stream()
                .flatMap(name -> line.matcher(scrape(name)).results())
                .map(found -> Double.valueOf(found.group(1)))
                .toList();
    }

    private List<String> services() {
        return pipeline.names().stream()
                .filter(name -> !name.startsWith("broker"))
                .toList();
    }

    private String scrape(String name) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(pipeline.managementUrl(name) + "/actuator/prometheus"))
                                    .timeout(Duration.ofSeconds(60))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }
}
