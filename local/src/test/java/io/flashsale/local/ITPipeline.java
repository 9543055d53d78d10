package io.flashsale.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.contracts.KafkaCluster;
import io.flashsale.contracts.Topics;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tests and benchmarks do with a running pipeline; the services are stand-ins, the broker is real. */
class ITPipeline {

    @TempDir
    static Path folder;

    private static Pipeline pipeline;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        PipelineOptions options = PipelineOptions.in(folder)
                .instances(Role.INGRESS, 2)
                .topics(new Topics("it.", 2))
                .environment("EXTRA", "environment")
                .property(Role.INGRESS, "extra", "property")
                .property(Role.BROKER, "num.io.threads", "3")
                .jvmOption(Role.INGRESS, "-Dextra=option")
                .build();
        pipeline = Pipeline.start(options, StandInService.installation());
    }

    @AfterAll
    static void stop() {
        List<Long> processes =
                pipeline.names().stream().map(pipeline::processId).toList();
        pipeline.close();
        processes.forEach(Await::gone);
    }

    @Test
    void namesItsProcessesAndTheirAddresses() throws Exception {
        assertThat(pipeline.names()).containsExactly("broker-1", "inventory-1", "orders-1", "ingress-1", "ingress-2");
        assertThat(List.of(
                        pipeline.ingressUrl(1),
                        pipeline.ingressUrl(2),
                        pipeline.inventoryUrl(1),
                        pipeline.ordersUrl(1),
                        pipeline.managementUrl("orders-1")))
                .doesNotHaveDuplicates();
        assertThat(status(pipeline.ingressUrl(2) + "/api/products/2")).isEqualTo(404);
        assertThatThrownBy(() -> pipeline.stop("ingress-3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ingress-3");
    }

    @Test
    void passesSettingsOn() throws IOException {
        assertThat(Files.readString(pipeline.log("ingress-1")))
                .contains("EXTRA=environment", "--extra=property", "-Dextra=option", "FLASHSALE_TOPICS_PREFIX=it.")
                .contains("FLASHSALE_INVENTORY_URLS=" + pipeline.inventoryUrl(1));
        assertThat(Files.readString(pipeline.log("orders-1"))).doesNotContain("--extra");
        assertThat(Files.readString(folder.resolve("kafka/broker-1/server.properties")))
                .contains("num.io.threads=3\n");
    }

    @Test
    void startsAKilledProcessAtItsOldAddress() throws Exception {
        String url = pipeline.managementUrl("inventory-1");
        long first = pipeline.processId("inventory-1");

        assertThat(pipeline.exitCode("inventory-1")).isEmpty();
        pipeline.kill("inventory-1");
        assertThat(pipeline.exitCode("inventory-1")).hasValue(137);
        assertThatThrownBy(() -> status(url)).isInstanceOf(ConnectException.class);

        pipeline.start("inventory-1");
        pipeline.awaitReady("inventory-1");
        assertThat(status(url)).isEqualTo(200);
        assertThat(pipeline.processId("inventory-1")).isNotEqualTo(first);
    }

    @Test
    void aPausedProcessAnswersNothingUntilItIsResumed() throws Exception {
        String url = pipeline.managementUrl("orders-1");

        pipeline.pause("orders-1");
        assertThatThrownBy(() -> status(url)).isInstanceOf(HttpTimeoutException.class);

        pipeline.resume("orders-1");
        assertThat(status(url)).isEqualTo(200);
    }

    @Test
    void theBrokerCanBeStoppedAndStartedAgain() {
        String bootstrapServers = pipeline.bootstrapServers();
        pipeline.stop("broker-1");

        pipeline.start("broker-1");
        pipeline.awaitReady("broker-1");

        try (TopicCreator creator = new TopicCreator(KafkaCluster.open(bootstrapServers))) {
            assertThat(creator.createMissing(new Topics("it.", 2))).isEmpty();
        }
    }

    private int status(String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(2))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
