package io.flashsale.endtoend;

import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.OrderId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * Requests, as bytes, that no client of ours would send: none of them may change anything. The same seed, the same
 * requests.
 */
final class RequestFuzzer {

    private static final String CRLF = "\r\n";
    private static final String ADMIN = "X-Api-Key: local-admin" + CRLF;
    private static final String JSON = "Content-Type: application/json" + CRLF;
    private static final int MAX_BODY_BYTES = 65_536;

    private static final List<String> BAD_PATHS = List.of(
            "/internal/products/lamp",
            "/actuator/env",
            "/actuator/health",
            "/api/../internal/products/lamp",
            "/api/products/%2e%2e/%2e%2e/internal/products",
            "/api/products/..%2f..%2finternal",
            "/api/products/%00",
            "/api/products/a%0d%0aSet-Cookie:%20a=b",
            "/api/products/%zz",
            "/api/products/%c0%ae",
            "/api/products/%ff",
            "/api/products/\\..\\",
            "/api/products/a b",
            "/api/products/<script>",
            "/api/products/" + "x".repeat(65),
            "/api/products/" + "x".repeat(9_000),
            "/api/products/" + "x".repeat(20_000),
            "/api/products/x/y",
            "/api/products/\u00e9",
            "/api/holds/",
            "/api/holds/h_",
            "/api/holds/%68_%00",
            "/api/holds/..;/..;/actuator",
            "/api/orders/o_" + "A".repeat(3_000),
            "/api/orders/../../../../etc/passwd",
            "/docs/../openapi.yaml",
            "/docs/..%5c..%5capplication.yaml",
            "/docs/%2e%2e%2fapplication.yaml",
            "/application.yaml",
            "/WEB-INF/web.xml",
            "/META-INF/MANIFEST.MF",
            "/error",
            "/api/products?limit=0",
            "/api/products?limit=-1",
            "/api/products?limit=101",
            "/api/products?limit=1e3",
            "/api/products?limit=%zz",
            "/api/products?limit=%ff",
            "/api/products?limit=1&limit=2",
            "/api/products?cursor=%00",
            "/api/products?cursor=Li4vLi4v",
            "/api/products?cursor=" + "A".repeat(5_000),
            "/api/products?limit=%d9%a1");

    private static final List<String> STRANGE_PATHS = List.of(
            "//api//products",
            "/api/products/",
            "/api/products;a=b",
            "/api/products/.",
            "/api/products/..",
            "/api/./products",
            "/api/products?" + "a=b&".repeat(2_000),
            "/api/products?%zz=1",
            "/api/products?&&==&",
            "http://elsewhere/api/products",
            "*",
            "?",
            "/");

    private static final List<String> BROKEN_LINES = List.of(
            "GET /api/products",
            "GET",
            "GET /api/products HTTP/9.9",
            "GET /api/products HTTP/1.1 x",
            "GET /api/products FTP/1.1",
            "G\u0000T /api/products HTTP/1.1",
            "PRI * HTTP/2.0",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
            "CONNECT elsewhere:443 HTTP/1.1",
            "TRACE /api/products HTTP/1.1",
            "get /api/products HTTP/1.1",
            "PROPFIND /api/products HTTP/1.1",
            "POST /api/products HTTP/1.1",
            "DELETE /api/products/lamp HTTP/1.1",
            "PATCH /api/holds HTTP/1.1",
            "X".repeat(3_000) + " /api/holds HTTP/1.1");

    private static final List<String> BROKEN_HEADERS = List.of(
            "Content-Length: -1",
            "Content-Length: 99999999999999999999",
            "Content-Length: 99999999999",
            "Content-Length: two",
            "Content-Length: 1\r\nContent-Length: 2",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            "Host: another",
            "Host: a b",
            "No colon",
            ": no name",
            "Na me: x",
            "N\u0000l: x",
            "X: a\u0000b",
            "X: a\rSet-Cookie: b",
            "X: " + "x".repeat(20_000),
            "X: y\r\n".repeat(300) + "X: z",
            "Expect: the worst");

    private static final List<String> NO_JSON_TYPES = List.of(
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/xml",
            "application/jsonp",
            "json",
            "*/*; q",
            "application/json/json",
            "\u0001",
            "a".repeat(500));

    private static final List<String> STRANGE_HEADERS = List.of(
            "Accept: text/html",
            "Accept: ;;;",
            "Accept-Encoding: gzip;q=nonsense",
            "Accept-Language: " + "a-".repeat(500),
            "If-None-Match: \"",
            "If-None-Match: W/\"a\", *, \"\u00ff\"",
            "If-Modified-Since: yesterday",
            "Range: bytes=9999999999999-",
            "X-Forwarded-For: ' or 1=1 --",
            "X-Forwarded-Proto: javascript",
            "Forwarded: for=\"_gazonk\"",
            "X-Request-Id: " + "r".repeat(5_000),
            "X-Request-Id: \u00ff\u00fe",
            "X-HTTP-Method-Override: DELETE",
            "Cookie: " + "a=b; ".repeat(500),
            "Authorization: Basic !!!",
            "Origin: null",
            "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: x",
            "Prefer: respond-async; wait=-1");

    /**
     * A request.
     *
     * @param bytes after which the client sends no more
     * @param statuses that it may be answered with; empty if any is good that blames nobody but the client or is a read
     * @param mayBeCut the connection may end without an answer
     */
    record Hostile(byte[] bytes, Set<Integer> statuses, boolean mayBeCut) {

        static final Set<Integer> ANY = Set.of();

        /** The same for a person. */
        String text() {
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            return text.substring(0, Math.min(text.length(), 400));
        }
    }

    /** A call that would change something if it were right. */
    private record Call(String method, String path, String headers, ObjectNode body, String number) {}

    private final Random random;
    private final String product;
    private final String hold;
    private final String order;

    /** @param hold active and @param order unpaid, both of the product, which nothing may happen to */
    RequestFuzzer(long seed, String product, String hold, String order) {
        this.random = new Random(seed);
        this.product = product;
        this.hold = hold;
        this.order = order;
    }

    Hostile next() {
        return switch (random.nextInt(16)) {
            case 0 -> noObject(call());
            case 1 -> brokenBytes(call());
            case 2 -> tooLong(call());
            case 3, 4 -> wrongNumber(call());
            case 5, 6 -> wrongField(call());
            case 7 -> noJsonType(call());
            case 8 -> noKey();
            case 9 -> badIdempotencyKey(call());
            case 10 -> badPath();
            case 11 -> read(pick(STRANGE_PATHS), "", Hostile.ANY);
            case 12 -> brokenLine();
            case 13 -> brokenHeader(call());
            case 14 -> badChunks(call());
            default ->
                switch (random.nextInt(3)) {
                    case 0 -> read("/api/products/" + product, pick(STRANGE_HEADERS) + CRLF, Hostile.ANY);
                    case 1 -> notMine();
                    default -> noise();
                };
        };
    }

    /** The beginning of a body whose end never comes. */
    byte[] stalled() {
        Call call = call();
        byte[] head = head(call, JSON + "Content-Length: 1000" + CRLF);
        return concat(head, bytes("{\"product_id\":"));
    }

    private Call call() {
        return switch (random.nextInt(6)) {
            case 0 -> new Call("POST", "/api/orders", "", json().put("hold_id", hold), null);
            case 1 ->
                new Call(
                        "PUT",
                        "/api/products/" + product,
                        ADMIN,
                        json().put("name", "Lamp").put("price", "1").put("total_stock", 9_999),
                        "total_stock");
            case 2 ->
                new Call(
                        "POST",
                        "/api/products/" + product + "/stock-adjustments",
                        ADMIN,
                        json().put("delta", 7).put("reason", "found"),
                        "delta");
            case 3 -> new Call("POST", "/api/holds/" + hold + "/extend", "", json().put("seconds", 5), "seconds");
            case 4 ->
                new Call(
                        "POST",
                        "/api/payments/webhook",
                        "",
                        json().put("order_id", order)
                                .put("status", "succeeded")
                                .put("payment_id", "pay-hostile")
                                .put("amount", "1"),
                        "amount");
            default ->
                new Call(
                        "POST",
                        "/api/holds",
                        "",
                        json().put("product_id", product).put("quantity", 1),
                        "quantity");
        };
    }

    /** The server may close a connection whose first line it cannot read before it has read the others. */
    private Hostile badPath() {
        Hostile read = read(pick(BAD_PATHS), "", Set.of(400, 404, 405, 414, 422, 431));
        return new Hostile(read.bytes(), read.statuses(), true);
    }

    // ---- bodies

    private Hostile noObject(Call call) {
        String body = pick(ValueSpoiler.NO_OBJECTS);
        // An extension needs no body.
        return body.isEmpty() && call.path().endsWith("/extend") ? noObject(call) : send(call, bytes(body), 400);
    }

    private Hostile brokenBytes(Call call) {
        byte[] body = bytes(call.body().put("x", "??").toString());
        return switch (random.nextInt(3)) {
            case 0 -> send(call, Arrays.copyOf(body, 1 + random.nextInt(body.length - 1)), 400);
            case 1 -> {
                body[body.length - 3] = (byte) 0xff;
                yield send(call, body, 400);
            }
            default -> send(call, bytes("{\"a\":" + "[".repeat(33 + random.nextInt(20_000))), 400);
        };
    }

    private Hostile tooLong(Call call) {
        byte[] body = new byte[MAX_BODY_BYTES + 1 + random.nextInt(MAX_BODY_BYTES)];
        Arrays.fill(body, (byte) ' ');
        byte[] object = bytes(call.body().toString());
        System.arraycopy(object, 0, body, 0, object.length);
        return random.nextBoolean() ? send(call, body, 413) : chunked(call, body, 413);
    }

    private Hostile wrongNumber(Call call) {
        if (call.number() == null) {
            return wrongField(call);
        }
        List<String> numbers = call.number().equals("amount")
                ? List.of("-1", "1e400", "1E+1000000", "0.00001", "\"two\"", "[1]", "true", "99999999999999999999")
                : ValueSpoiler.NO_NUMBERS;
        String body = call.body().put(call.number(), "#").toString().replace("\"#\"", pick(numbers));
        return send(call, bytes(body), 422);
    }

    private Hostile wrongField(Call call) {
        List<String> fields = call.body().propertyNames().stream()
                .filter(field -> !field.equals("amount") && !field.equals("payment_id"))
                .toList();
        String field = pick(fields);
        boolean optional = field.equals("seconds");
        switch (random.nextInt(5)) {
            case 0 -> call.body().set(field, optional ? json() : Json.MAPPER.nullNode());
            case 1 -> call.body().put(field, "a\u0000\u001b[2J");
            case 2 -> call.body().put(field, "\u202e".repeat(70_000 / 6));
            case 3 -> call.body().putArray(field).add(1);
            default -> call.body().put(field, true);
        }
        byte[] body = bytes(call.body().toString());
        boolean id = field.equals("hold_id") || field.equals("order_id");
        return id ? send(call, body, 404, 422) : send(call, body, 422);
    }

    private Hostile noJsonType(Call call) {
        byte[] body = bytes(call.body().toString());
        String type = "Content-Type: " + pick(NO_JSON_TYPES) + CRLF;
        return request(call, type + length(body), body, Set.of(400, 415));
    }

    private Hostile noKey() {
        Call call = call();
        while (call.headers().isEmpty()) {
            call = call();
        }
        String key =
                pick(List.of("", "X-Api-Key:" + CRLF, "X-Api-Key: admin" + CRLF, "X-Api-Key: local-admin2" + CRLF));
        Call withoutKey = new Call(call.method(), call.path(), key, call.body(), call.number());
        return send(withoutKey, bytes(call.body().toString()), 401);
    }

    private Hostile badIdempotencyKey(Call call) {
        if (call.method().equals("PUT") || call.path().endsWith("/webhook")) {
            return wrongField(call);
        }
        byte[] body = bytes(call.body().toString());
        String key = pick(List.of(
                "Idempotency-Key: ",
                "Idempotency-Key: \"\"",
                "Idempotency-Key: " + "k".repeat(256),
                "Idempotency-Key: a" + CRLF + "Idempotency-Key: b",
                "Idempotency-Key: \u00fc",
                "Idempotency-Key: a\u0001b"));
        return request(call, JSON + length(body) + key + CRLF, body, Set.of(400, 422));
    }

    /** Ids that are well formed, and of nothing that there is. */
    private Hostile notMine() {
        String otherHold = HoldId.of(random.nextBoolean() ? product : "nothing-of-that-name", randomBits());
        String otherOrder = OrderId.ofHold(otherHold);
        return switch (random.nextInt(6)) {
            case 0 -> read("/api/holds/" + otherHold, "", Set.of(404));
            case 1 -> read("/api/orders/" + otherOrder, "", Set.of(404));
            case 2 -> read("/api/orders/" + otherHold, "", Set.of(404));
            case 3 -> send(new Call("DELETE", "/api/holds/" + otherHold, "", json(), null), new byte[0], 404);
            case 4 ->
                send(new Call("POST", "/api/orders/" + otherOrder + "/cancel", "", json(), null), new byte[0], 404);
            default ->
                send(
                        new Call("POST", "/api/orders", "", json(), null),
                        bytes(json().put("hold_id", otherHold).toString()),
                        404);
        };
    }

    private byte[] randomBits() {
        byte[] bits = new byte[16];
        random.nextBytes(bits);
        return bits;
    }

    // ---- what is no HTTP

    private Hostile brokenLine() {
        byte[] bytes = latin(pick(BROKEN_LINES) + CRLF + "Host: localhost" + CRLF + "Connection: close" + CRLF + CRLF);
        return new Hostile(bytes, Set.of(400, 404, 405, 414, 431, 501, 505), true);
    }

    private Hostile brokenHeader(Call call) {
        byte[] head = head(call, JSON + pick(BROKEN_HEADERS) + CRLF);
        // Whatever the header is taken for, this is no body that could be taken.
        return new Hostile(concat(head, bytes("{]")), Set.of(400, 413, 417, 431, 501), true);
    }

    private Hostile badChunks(Call call) {
        String object = call.body().toString();
        String chunk = pick(List.of(
                "zz" + CRLF + object,
                "-5" + CRLF + object,
                "FFFFFFFFFFFFFFFFF" + CRLF + object,
                "7fffffff" + CRLF + object,
                Integer.toHexString(object.length() + 10) + CRLF + object,
                Integer.toHexString(object.length()) + CRLF + object + "x" + CRLF + "0" + CRLF + CRLF,
                "1;" + "e".repeat(20_000) + CRLF + "{",
                ""));
        byte[] head = head(call, JSON + "Transfer-Encoding: chunked" + CRLF);
        return new Hostile(concat(head, bytes(chunk)), Set.of(400, 413), true);
    }

    private Hostile noise() {
        byte[] noise = new byte[1 + random.nextInt(2_000)];
        random.nextBytes(noise);
        return new Hostile(noise, Set.of(400, 414, 431, 501, 505), true);
    }

    // ---- writing

    private Hostile read(String path, String headers, Set<Integer> statuses) {
        Call call = new Call("GET", path, "", json(), null);
        return new Hostile(head(call, headers), statuses, false);
    }

    private Hostile send(Call call, byte[] body, Integer... statuses) {
        return request(call, JSON + length(body), body, Set.of(statuses));
    }

    private Hostile chunked(Call call, byte[] body, Integer... statuses) {
        byte[] chunk =
                concat(concat(bytes(Integer.toHexString(body.length) + CRLF), body), bytes(CRLF + "0" + CRLF + CRLF));
        return request(call, JSON + "Transfer-Encoding: chunked" + CRLF, chunk, Set.of(statuses));
    }

    private Hostile request(Call call, String headers, byte[] body, Set<Integer> statuses) {
        return new Hostile(concat(head(call, headers), body), statuses, false);
    }

    private static byte[] head(Call call, String headers) {
        return latin(call.method() + " " + call.path() + " HTTP/1.1" + CRLF + "Host: localhost" + CRLF
                + "Connection: close" + CRLF + call.headers() + headers + CRLF);
    }

    private static String length(byte[] body) {
        return "Content-Length: " + body.length + CRLF;
    }

    private static ObjectNode json() {
        return Json.MAPPER.createObjectNode();
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static byte[] concat(byte[] first, byte[] second) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A byte for each character, as headers are. */
    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
