package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import tools.jackson.databind.JsonNode;

/** A shop that sells over HTTP, as a test speaks to it. */
final class Shop {

    private static final Duration CALL_DEADLINE = Duration.ofSeconds(60);

    private static final String[] ADMIN = {"X-Api-Key", "local-admin"};

    private final String url;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CALL_DEADLINE)
            .build();

    Shop(String url) {
        this.url = url;
    }

    /** An answer as it came. */
    record Answer(int status, byte[] bytes, java.net.http.HttpHeaders headers) {

        JsonNode json() {
            return Json.MAPPER.readTree(bytes);
        }

        String text(String field) {
            JsonNode value = json().get(field);
            return value == null ? "" : value.asString();
        }

        int number(String field) {
            return json().get(field).intValue();
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        String body() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        Answer expect(int expected) {
            assertThat(status).as(body()).isEqualTo(expected);
            return this;
        }
    }

    /** Waiting on a loaded machine: long, but only as long as needed. */
    static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50));
    }

    /** A product id that no other test uses. */
    static String newProductId() {
        return "p-" + UUID.randomUUID();
    }

    /** Defines a new product and returns its id. */
    String product(int stock, int holdTtlSeconds) {
        String id = newProductId();
        define(id, stock, holdTtlSeconds).expect(201);
        return id;
    }

    /** Defines a new product with rules, given as names and values, and returns its id. */
    String productWith(int stock, Object... rules) {
        String id = newProductId();
        define(id, stock, 600, rules).expect(201);
        return id;
    }

    Answer define(String productId, int stock, int holdTtlSeconds, Object... rules) {
        Map<String, Object> body = new LinkedHashMap<>(
                Map.of("name", "Lamp", "price", "9.90", "total_stock", stock, "hold_ttl_seconds", holdTtlSeconds));
        put(body, rules);
        return call("PUT", "/api/products/" + productId, body, ADMIN);
    }

    Answer adjust(String productId, int delta, String... headers) {
        List<String> all = new ArrayList<>(List.of(ADMIN));
        all.addAll(List.of(headers));
        return call(
                "POST",
                "/api/products/" + productId + "/stock-adjustments",
                Map.of("delta", delta, "reason", "counted again"),
                all.toArray(String[]::new));
    }

    Answer product(String productId) {
        return call("GET", "/api/products/" + productId, null).expect(200);
    }

    Answer hold(String productId, int quantity, String... headers) {
        return call("POST", "/api/holds", Map.of("product_id", productId, "quantity", quantity), headers);
    }

    Answer holdFor(String customerId, String productId, int quantity) {
        return call(
                "POST", "/api/holds", Map.of("product_id", productId, "quantity", quantity, "customer_id", customerId));
    }

    Answer release(String holdId) {
        return call("DELETE", "/api/holds/" + holdId, null);
    }

    Answer extend(String holdId, Map<String, Object> body, String... headers) {
        return call("POST", "/api/holds/" + holdId + "/extend", body, headers);
    }

    Answer cancel(String orderId) {
        return call("POST", "/api/orders/" + orderId + "/cancel", null);
    }

    Answer order(String holdId, String... headers) {
        return call("POST", "/api/orders", Map.of("hold_id", holdId), headers);
    }

    /** An unpaid order of some units; returns its id. */
    String orderOf(String productId, int quantity) {
        String holdId = hold(productId, quantity).expect(201).text("hold_id");
        return order(holdId).expect(201).text("order_id");
    }

    Answer pay(String orderId, String status, String key, Object... more) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("order_id", orderId);
        body.put("status", status);
        body.put("payment_id", "pay-" + key);
        put(body, more);
        return call("POST", "/api/payments/webhook", body, "Idempotency-Key", key);
    }

    /** An event with its signature, byte for byte. */
    Answer stripe(String event, String signature) {
        return call("POST", "/api/payments/webhook/stripe", event, "Stripe-Signature", signature);
    }

    private static void put(Map<String, Object> body, Object... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            body.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
    }

    Answer get(String path) {
        return call("GET", path, null);
    }

    /** @param body what becomes JSON, or a text that is JSON already */
    Answer call(String method, String path, Object body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(CALL_DEADLINE);
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(
                            method,
                            body instanceof String text
                                    ? HttpRequest.BodyPublishers.ofString(text)
                                    : HttpRequest.BodyPublishers.ofByteArray(Json.MAPPER.writeValueAsBytes(body)));
        }
        try {
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.body(), response.headers());
        } catch (IOException failed) {
            throw new IllegalStateException(method + " " + path + " failed", failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    /** Makes the same call many times, {@code clients} at once, and returns all answers. */
    static List<Answer> atOnce(int times, int clients, Callable<Answer> call) throws Exception {
        Semaphore places = new Semaphore(clients);
        List<Future<Answer>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < times; i++) {
                running.add(threads.submit(() -> {
                    places.acquire();
                    try {
                        return call.call();
                    } finally {
                        places.release();
                    }
                }));
            }
        }
        List<Answer> answers = new ArrayList<>();
        for (Future<Answer> each : running) {
            answers.add(each.get());
        }
        return answers;
    }
}
