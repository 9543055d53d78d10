package io.flashsale.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Puts product 1 on sale through the public API, as a person would, and so shows that requests are answered. */
final class DemoProduct {

    private static final String BODY = """
            {"name": "Flash Sale Product", "price": 99.99, "total_stock": 100}""";
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(200);

    private final URI address;
    private final String adminKey;
    private final HttpClient http;

    DemoProduct(String baseUrl, String adminKey, HttpClient http) {
        this.address = URI.create(baseUrl + "/api/products/1");
        this.adminKey = adminKey;
        this.http = http;
    }

    /**
     * Returns when a read of the product was answered 200. It is created only if it is not there: what an earlier run
     * has sold stays sold.
     *
     * @return whether it was created
     */
    boolean ensure() {
        long end = System.nanoTime() + DEADLINE.toNanos();
        boolean created = false;
        int status = get();
        while (status != 200) {
            if (status == 404 && !created) {
                // Waiting for the decision takes as long as it takes; the next read shows it.
                created = put();
            }
            if (System.nanoTime() > end) {
                throw new PipelineException(
                        "GET " + address + " was still answered " + status + " after " + DEADLINE.toSeconds() + " s.");
            }
            waitBeforeRetry();
            status = get();
        }
        return created;
    }

    private int get() {
        return send(HttpRequest.newBuilder(address).timeout(CALL_TIMEOUT).build());
    }

    private boolean put() {
        int status = send(HttpRequest.newBuilder(address)
                .timeout(CALL_TIMEOUT)
                .header("Content-Type", "application/json")
                .header("X-Api-Key", adminKey)
                .PUT(HttpRequest.BodyPublishers.ofString(BODY))
                .build());
        boolean temporary = status == 503 || status == 429 || status == 0;
        if (status / 100 != 2 && !temporary) {
            throw new PipelineException("PUT " + address + " was answered " + status + " instead of 201.");
        }
        return !temporary;
    }

    /** The status, or 0 if there was no answer. */
    private int send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException noAnswer) {
            return 0;
        } catch (InterruptedException interrupted) {
            throw PipelineException.interrupted("waiting for " + address);
        }
    }

    private static void waitBeforeRetry() {
        try {
            Thread.sleep(RETRY_INTERVAL);
        } catch (InterruptedException interrupted) {
            throw PipelineException.interrupted("waiting for the first product");
        }
    }
}
