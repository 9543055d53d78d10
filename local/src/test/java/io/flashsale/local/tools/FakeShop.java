package io.flashsale.local.tools;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.OrderId;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;

/** The whole HTTP API in one small class, with a switch for each way to do it wrong. */
final class FakeShop implements AutoCloseable {

    enum Fault {
        NONE,
        /** Does not look at the stock. */
        OVERSELLS,
        /** A refused hold takes its units away. */
        LEAKS,
        /** Refuses from the first hold on. */
        REFUSES_TOO_MUCH,
        /** Paid units stay reserved. */
        FORGETS_SALES,
        /** Each first try of a hold is taken, but its answer is lost. */
        LOSES_FIRST_ANSWERS,
        /** Like that, and then too many have asked. */
        LOSES_FIRST_ANSWERS_AND_LIMITS,
        /** Everybody but the first is told to come back later, ever again. */
        LIMITS_ALL_BUT_ONE,
        /** Refuses holds for a reason that has nothing to do with stock. */
        REFUSES_FOR_ANOTHER_REASON,
        /** Nothing that waits for a decision is answered. */
        NEVER_DECIDES,
        /** The same of payments. */
        NEVER_DECIDES_PAYMENTS,
        /** Every call but reads is refused. */
        REFUSES_THE_KEY,
        /** A hold cannot be released. */
        CANNOT_RELEASE,
        /** A late payment finds no stock and asks for no refund either. */
        FORGETS_REFUNDS
    }

    private static final class Product {
        final Map<String, Object> definition = new LinkedHashMap<>();
        long total;
        long available;
        long reserved;
        long sold;
        long holds;
        long mostAtOnce = Long.MAX_VALUE;
    }

    private static final class Hold {
        String productId = "";
        long quantity;
        String status = "active";
        Map<String, Object> order = Map.of();
        int readsOfOrder;
        boolean paidEarly;
    }

    private record Reply(int status, Object body) {}

    final Map<String, Product> products = new TreeMap<>();
    /** Happens while a read is under way. */
    volatile Runnable whenRead = () -> {};

    /** What a limit says. */
    volatile String retryAfter = "7";

    /** The next so many reads of the list find nobody who could answer. */
    volatile int listsToRefuse;

    final Map<String, String> signatures = new HashMap<>();
    private final Map<String, Hold> holds = new HashMap<>();
    private final Map<String, Reply> answered = new HashMap<>();
    private final Set<String> limited = new HashSet<>();
    private final List<String> calls = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final Fault fault;
    private long ids;

    FakeShop(Fault fault) throws IOException {
        this.fault = fault;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** A product as it stands, for tests that only read. */
    synchronized void put(String id, long total, long available, long reserved, long sold, long holdsCount) {
        Product product = new Product();
        product.definition.put("id", id);
        product.total = total;
        product.available = available;
        product.reserved = reserved;
        product.sold = sold;
        product.holds = holdsCount;
        products.put(id, product);
    }

    synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Reply reply = answer(exchange, body);
            byte[] bytes = Json.MAPPER.writeValueAsBytes(reply.body());
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            if (reply.status() == 429) {
                exchange.getResponseHeaders().add("Retry-After", retryAfter);
            }
            exchange.sendResponseHeaders(reply.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private synchronized Reply answer(HttpExchange exchange, String body) {
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().getPath();
        calls.add(method + " " + path);
        if (method.equals("GET")) {
            whenRead.run();
            return read(path, exchange.getRequestURI().getQuery());
        }
        if (fault == Fault.NEVER_DECIDES && path.equals("/api/holds")) {
            return new Reply(202, Map.of("status", "pending"));
        }
        if (fault == Fault.NEVER_DECIDES_PAYMENTS && path.startsWith("/api/payments")) {
            return refusal(503, "kafka-unavailable");
        }
        if (fault == Fault.REFUSES_THE_KEY) {
            return refusal(401, "unauthorized");
        }
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        if (key != null && limits(key)) {
            return refusal(429, "rate-limited");
        }
        if (key != null && answered.containsKey(key)) {
            return answered.get(key);
        }
        String signature = exchange.getRequestHeaders().getFirst("X-Webhook-Signature");
        if (signature != null) {
            signatures.put(body, signature);
        }
        Reply reply =
                decide(method, path, body.isEmpty() ? Json.MAPPER.createObjectNode() : Json.MAPPER.readTree(body));
        if (key != null) {
            answered.put(key, reply);
            if (fault == Fault.LOSES_FIRST_ANSWERS || fault == Fault.LOSES_FIRST_ANSWERS_AND_LIMITS) {
                return refusal(503, "kafka-unavailable");
            }
        }
        return reply;
    }

    private boolean limits(String key) {
        return switch (fault) {
            case LOSES_FIRST_ANSWERS_AND_LIMITS -> answered.containsKey(key) && limited.add(key);
            case LIMITS_ALL_BUT_ONE -> !answered.isEmpty() && !answered.containsKey(key);
            default -> false;
        };
    }

    private Reply read(String path, String query) {
        String[] parts = path.split("/");
        if (parts.length == 3 && listsToRefuse > 0) {
            listsToRefuse--;
            return refusal(429, "rate-limited");
        }
        if (parts.length == 3) {
            String cursor = query == null ? "" : query.replaceFirst(".*cursor=", "");
            String after = query != null && query.contains("cursor=") ? cursor : "";
            int limit = query == null ? 50 : Integer.parseInt(query.replaceFirst(".*limit=([0-9]+).*", "$1"));
            List<Object> page = products.entrySet().stream()
                    .filter(each -> each.getKey().compareTo(after) > 0)
                    .limit(limit)
                    .map(each -> (Object) view(each.getKey(), each.getValue()))
                    .toList();
            Map<String, Object> answer = new LinkedHashMap<>(Map.of("products", page));
            if (page.size() == limit) {
                answer.put("next_cursor", ((Map<?, ?>) page.getLast()).get("id"));
            }
            return new Reply(200, answer);
        }
        if (parts[2].equals("orders")) {
            return readOrder(parts[3]);
        }
        Product product = products.get(parts[3]);
        return product == null ? refusal(404, "product-not-found") : new Reply(200, view(parts[3], product));
    }

    /** Time passes with each look at an unpaid order: the second one finds its deadline over. */
    private Reply readOrder(String orderId) {
        Hold hold = holds.get(HoldId.ofOrder(orderId));
        hold.readsOfOrder++;
        if (hold.readsOfOrder > 1 && hold.order.get("status").equals("pending_payment")) {
            cancel(hold, "payment_expired");
        }
        return new Reply(200, hold.order);
    }

    private Reply decide(String method, String path, JsonNode body) {
        String[] parts = path.split("/");
        if (method.equals("PUT")) {
            return define(parts[3], body);
        }
        if (method.equals("DELETE")) {
            return release(parts[3]);
        }
        return switch (parts.length == 3 ? parts[2] : parts[parts.length - 1]) {
            case "holds" -> hold(body);
            case "orders" -> order(body.get("hold_id").asString());
            case "cancel" -> {
                Hold hold = holds.get(HoldId.ofOrder(parts[3]));
                cancel(hold, "requested");
                yield new Reply(200, hold.order);
            }
            case "stock-adjustments" -> adjust(parts[3], body.get("delta").asLong());
            case "webhook" -> pay(body);
            default -> refusal(404, "not-found");
        };
    }

    private Reply define(String id, JsonNode body) {
        Product product = new Product();
        product.definition.put("id", id);
        product.definition.put("price", body.get("price").asString());
        product.total = body.get("total_stock").asLong();
        product.available = product.total;
        product.mostAtOnce = body.path("max_quantity_per_hold").asLong(Long.MAX_VALUE);
        products.put(id, product);
        return new Reply(201, view(id, product));
    }

    private Reply hold(JsonNode body) {
        String productId = body.get("product_id").asString();
        long quantity = body.get("quantity").asLong();
        Product product = products.get(productId);
        if (quantity > product.mostAtOnce || fault == Fault.REFUSES_FOR_ANOTHER_REASON) {
            return refusal(409, "limit-exceeded");
        }
        boolean enough = product.available >= quantity || fault == Fault.OVERSELLS;
        if (!enough || fault == Fault.REFUSES_TOO_MUCH) {
            product.available -= fault == Fault.LEAKS ? Math.min(quantity, product.available) : 0;
            return refusal(409, "insufficient-stock");
        }
        if (fault == Fault.LEAKS && product.available == quantity) {
            return refusalThatTakes(product, quantity);
        }
        product.available -= quantity;
        product.reserved += quantity;
        product.holds++;
        Hold hold = new Hold();
        hold.productId = productId;
        hold.quantity = quantity;
        String id = HoldId.of(productId, ByteBuffer.allocate(16).putLong(++ids).array());
        holds.put(id, hold);
        return new Reply(201, Map.of("hold_id", id, "status", "active", "quantity", quantity));
    }

    private static Reply refusalThatTakes(Product product, long quantity) {
        product.available -= quantity;
        return refusal(409, "insufficient-stock");
    }

    private Reply release(String holdId) {
        if (fault == Fault.CANNOT_RELEASE) {
            return refusal(405, "method-not-allowed");
        }
        Hold hold = holds.get(holdId);
        Product product = products.get(hold.productId);
        hold.status = "released";
        product.holds--;
        product.reserved -= hold.quantity;
        product.available += hold.quantity;
        return new Reply(200, Map.of("hold_id", holdId, "status", "released"));
    }

    private Reply order(String holdId) {
        Hold hold = holds.get(holdId);
        Product product = products.get(hold.productId);
        product.holds--;
        Map<String, Object> order = new LinkedHashMap<>();
        order.put("order_id", OrderId.ofHold(holdId));
        order.put("hold_id", holdId);
        order.put("status", "pending_payment");
        BigDecimal price = new BigDecimal(product.definition.get("price").toString());
        order.put("amount", price.multiply(BigDecimal.valueOf(hold.quantity)));
        hold.order = order;
        if (hold.paidEarly) {
            sell(hold);
        }
        return new Reply(201, order);
    }

    private Reply pay(JsonNode body) {
        String holdId = body.has("hold_id")
                ? body.get("hold_id").asString()
                : HoldId.ofOrder(body.get("order_id").asString());
        Hold hold = holds.get(holdId);
        boolean good = body.get("status").asString().equals("succeeded");
        if (hold.order.isEmpty()) {
            hold.paidEarly = good;
            return new Reply(202, Map.of("order_id", OrderId.ofHold(holdId), "status", "awaiting_order"));
        }
        if (!good) {
            cancel(hold, "payment_failed");
        } else if (hold.order.get("status").equals("cancelled")) {
            payLate(hold);
        } else {
            sell(hold);
        }
        Map<String, Object> answer = new LinkedHashMap<>(hold.order);
        answer.keySet().retainAll(List.of("order_id", "status", "cancel_reason", "refund_required"));
        return new Reply(200, answer);
    }

    private void payLate(Hold hold) {
        Product product = products.get(hold.productId);
        if (product.available >= hold.quantity) {
            product.available -= hold.quantity;
            product.reserved += hold.quantity;
            sell(hold);
        } else if (fault != Fault.FORGETS_REFUNDS) {
            hold.order.put("refund_required", true);
        }
    }

    private void sell(Hold hold) {
        Product product = products.get(hold.productId);
        hold.order.put("status", "paid");
        hold.order.remove("cancel_reason");
        if (fault != Fault.FORGETS_SALES) {
            product.reserved -= hold.quantity;
            product.sold += hold.quantity;
        }
    }

    private void cancel(Hold hold, String reason) {
        Product product = products.get(hold.productId);
        hold.order.put("status", "cancelled");
        hold.order.put("cancel_reason", reason);
        product.reserved -= hold.quantity;
        product.available += hold.quantity;
    }

    private Reply adjust(String id, long delta) {
        Product product = products.get(id);
        if (product.available + delta < 0) {
            return refusal(409, "stock-below-committed");
        }
        product.total += delta;
        product.available += delta;
        return new Reply(200, view(id, product));
    }

    private static Map<String, Object> view(String id, Product product) {
        Map<String, Object> view = new LinkedHashMap<>(Map.of("id", id));
        view.put("total_stock", product.total);
        view.put("available_stock", product.available);
        view.put("reserved_stock", product.reserved);
        view.put("sold_stock", product.sold);
        view.put("holds_count", product.holds);
        return view;
    }

    private static Reply refusal(int status, String code) {
        return new Reply(status, Map.of("status", status, "code", code));
    }
}
