package io.flashsale.ingress.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.HoldStatus;
import io.flashsale.contracts.HoldView;
import io.flashsale.contracts.Reply.HoldAnswer;
import io.flashsale.ingress.gateway.PendingReplies;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** An instance that stops, as its callers see it. */
class DrainTest {

    private static final FakePipeline PIPELINE = new FakePipeline();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ConfigurableApplicationContext ingress = new SpringApplicationBuilder(WithoutBroker.class)
            .web(WebApplicationType.SERVLET)
            .run(
                    "--server.address=127.0.0.1",
                    "--server.port=0",
                    "--management.server.port=0",
                    "--flashsale.drain-time=3s",
                    "--flashsale.admin.key=test-admin-key",
                    "--flashsale.id.secret=test-id-secret",
                    "--flashsale.webhook.secret=test-webhook-secret",
                    "--flashsale.query.timeout=60s",
                    "--flashsale.inventory.urls=" + PIPELINE.queryUrl());
    private final String url = "http://127.0.0.1:" + ingress.getEnvironment().getProperty("local.server.port");
    private final String managementUrl =
            "http://127.0.0.1:" + ingress.getEnvironment().getProperty("local.management.port");

    @AfterEach
    void close() {
        ingress.close();
        client.shutdownNow();
        PIPELINE.close();
    }

    @Test
    void servesUntilTheBalancerKnowsAndAnswersWhoeverWaits() throws Exception {
        CompletableFuture<HttpResponse<String>> waiting = client.sendAsync(hold(), BodyHandlers.ofString());
        await().until(() -> !PIPELINE.commands.isEmpty());
        PIPELINE.queryStatus = 200;
        PIPELINE.queryBody = "{\"products\":[]}";
        HttpResponse<InputStream> watching = client.send(
                HttpRequest.newBuilder(URI.create(url + "/api/live")).build(), BodyHandlers.ofInputStream());
        assertThat(watching.statusCode()).isEqualTo(200);
        CompletableFuture<byte[]> watched = CompletableFuture.supplyAsync(() -> readToItsEnd(watching.body()));
        assertThat(read().headers().firstValue("Connection")).isEmpty();

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(ingress::close);

        await().until(() -> !isReady());
        await().untilAsserted(() -> {
            HttpResponse<String> served = read();
            assertThat(served.statusCode()).isEqualTo(404);
            assertThat(served.headers().firstValue("Connection")).contains("close");
            assertThat(watched).isNotDone();
        });
        await().untilAsserted(() -> assertThatThrownBy(this::read).isInstanceOf(ConnectException.class));
        // Its end, not the loss of its connection; and it did not wait for who waits.
        assertThat(watched.get()).isNotEmpty();
        assertThat(stopped).isNotDone();
        assertThat(waiting).isNotDone();
        PIPELINE.replyToFirst(held());
        assertThat(waiting.get().statusCode()).isEqualTo(201);
        stopped.get();
    }

    private boolean isReady() throws InterruptedException {
        try {
            HttpRequest probe = HttpRequest.newBuilder(URI.create(managementUrl + "/actuator/health/readiness"))
                    .build();
            return client.send(probe, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException gone) {
            return false;
        }
    }

    private HttpResponse<String> read() throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(url + "/api/nothing")).build(), BodyHandlers.ofString());
    }

    private static byte[] readToItsEnd(InputStream body) {
        try (body) {
            return body.readAllBytes();
        } catch (IOException cutOff) {
            throw new UncheckedIOException(cutOff);
        }
    }

    private HttpRequest hold() {
        return HttpRequest.newBuilder(URI.create(url + "/api/holds"))
                .POST(BodyPublishers.ofString("{\"product_id\":\"lamp\",\"quantity\":2}"))
                .build();
    }

    private static HoldAnswer held() {
        Instant end = Instant.parse("2026-11-20T10:01:00Z");
        return new HoldAnswer(
                new HoldView(HoldId.of("lamp", new byte[16]), "lamp", 2, HoldStatus.ACTIVE, end, 60), false);
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
