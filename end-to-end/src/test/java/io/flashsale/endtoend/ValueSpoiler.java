package io.flashsale.endtoend;

import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.OrderId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes of a good command one that nobody may decide on, or another good one that looks strange. */
final class ValueSpoiler {

    private static final Map<String, String> NUMBERS = Map.of(
            "DefineProduct",
            "total_stock",
            "AdjustStock",
            "delta",
            "PlaceHold",
            "quantity",
            "ExtendHold",
            "seconds",
            "PaymentSucceeded",
            "amount",
            "PaymentFailed",
            "amount");

    static final List<String> NO_NUMBERS = List.of(
            "-1000000001",
            "1000000001",
            "1000000000000000",
            "2147483648",
            "-9223372036854775809",
            "99999999999999999999",
            "1e400",
            "1E+1000000",
            "0.00001",
            "\"\"",
            "\"two\"",
            "\"1e3\"",
            "\" 1\"",
            "\"\\u0661\"",
            "\"NaN\"",
            "true",
            "[1]",
            "{}");

    static final List<String> NO_OBJECTS = List.of(
            "",
            " ",
            "null",
            "true",
            "42",
            "\"PlaceHold\"",
            "[]",
            "[{\"type\":\"PlaceHold\"}]",
            "not json",
            "<hold/>",
            "{'a':1}",
            "{\"a\":NaN}",
            "{a:1}",
            "{\"a\":1,}",
            "{} {}",
            "{}]",
            "{\"a\":1e99999999999}",
            "{\"a\":01}",
            "{/**/}");

    private static final List<String> NO_TIMES = List.of(
            "0000-01-01T00:00:00Z",
            "1999-12-31T23:59:59Z",
            "-0044-03-15T12:00:00Z",
            "+10000-01-01T00:00:00Z",
            "+999999999-12-31T23:59:59Z",
            "2026-02-30T00:00:00Z",
            "2026-11-20",
            "1763596800");

    private final Random random;

    ValueSpoiler(Random random) {
        this.random = random;
    }

    /** @param reason why it cannot be read; empty if it can */
    record Value(byte[] bytes, String reason) {}

    /** As good as before: unknown fields, numbers as texts, another order, spaces. */
    byte[] harmless(ObjectNode body) {
        ObjectNode strange = body.deepCopy();
        switch (random.nextInt(8)) {
            case 0 -> strange.put("unknown", "é\u20ac\ud83d\ude00").putNull("customer_name");
            case 1 -> strange.set("nested", nested(20));
            case 2 -> strange.put("unknown", "\u0000\u001b[2J").put("", -1e300);
            case 3, 4 -> numbersAsTexts(strange);
            default -> {
                return spaced(strange);
            }
        }
        return Json.MAPPER.writeValueAsBytes(strange);
    }

    private byte[] spaced(ObjectNode body) {
        String text = body.toString();
        return bytes(random.nextInt(4) == 0 ? " \r\n\t" + text.replace(",", " ,\n ") + "\n" : text);
    }

    private static void numbersAsTexts(ObjectNode body) {
        for (String field : List.copyOf(body.propertyNames())) {
            JsonNode value = body.get(field);
            if (value.isNumber()) {
                body.put(field, value.asString());
            }
        }
    }

    Value spoilt(ObjectNode good) {
        ObjectNode body = good.deepCopy();
        return switch (random.nextInt(12)) {
            case 0 -> noObject(body);
            case 1 -> new Value(truncated(body), "not-json");
            case 2 -> new Value(brokenUtf8(body), "not-json");
            case 3 -> new Value(tooDeep(), "not-json");
            case 4 -> tooLong(body);
            case 5 -> type(body);
            case 6 -> number(body);
            case 7 -> id(body);
            case 8 -> text(body);
            case 9 -> time(body);
            case 10 -> wrongKind(body);
            default -> missing(body);
        };
    }

    private Value noObject(ObjectNode body) {
        return switch (random.nextInt(4)) {
            case 0 -> new Value(null, "not-json");
            case 1 -> new Value(noise(), "not-json");
            case 2 -> new Value(bytes(body.toString().replaceFirst("\\{", "{\"type\":\"PlaceHold\",")), "not-json");
            default -> new Value(bytes(pick(NO_OBJECTS)), "not-json");
        };
    }

    /** What begins with this byte is JSON in no encoding that a parser guesses at. */
    private byte[] noise() {
        byte[] noise = new byte[1 + random.nextInt(400)];
        random.nextBytes(noise);
        noise[0] = (byte) 0xff;
        return noise;
    }

    /** No prefix of an object is one. */
    private byte[] truncated(ObjectNode body) {
        byte[] whole = bytes(body.toString());
        return Arrays.copyOf(whole, 1 + random.nextInt(whole.length - 1));
    }

    private static byte[] brokenUtf8(ObjectNode body) {
        byte[] bytes = bytes(body.put("broken", "??").toString());
        int at = new String(bytes, StandardCharsets.UTF_8).lastIndexOf("??");
        bytes[at] = (byte) 0xff;
        return bytes;
    }

    private byte[] tooDeep() {
        int depth = random.nextBoolean() ? 33 + random.nextInt(100) : 10_000 + random.nextInt(10_000);
        boolean closed = random.nextBoolean();
        return bytes("{\"a\":" + "[".repeat(depth) + (closed ? "]".repeat(depth) + "}" : ""));
    }

    private Value tooLong(ObjectNode body) {
        if (random.nextInt(20) > 0) {
            // Not longer than a value may be, but a name longer than any.
            return random.nextBoolean()
                    ? new Value(bytes(body.put("n".repeat(60_000), 1).toString()), "not-json")
                    : missing(body);
        }
        int bytes = 65_537 + random.nextInt(100_000);
        return new Value(bytes(body.put("padding", "x".repeat(bytes)).toString()), "oversized");
    }

    private Value type(ObjectNode body) {
        return switch (random.nextInt(5)) {
            case 0 -> new Value(bytes(body.without("type").toString()), "validation-failed");
            case 1 -> new Value(bytes(body.put("type", 7).toString()), "validation-failed");
            case 2 -> new Value(bytes(body.put("type", "x".repeat(65)).toString()), "validation-failed");
            case 3 -> new Value(bytes(body.put("type", "ProductDefined").toString()), "unknown-type");
            default ->
                new Value(bytes(body.put("type", "io.flashsale.PlaceHold").toString()), "unknown-type");
        };
    }

    private Value number(ObjectNode body) {
        String field = NUMBERS.get(body.get("type").asString());
        if (field == null) {
            return missing(body);
        }
        String text = body.put(field, "#").toString();
        return new Value(bytes(text.replace("\"#\"", noNumberOf(field))), "validation-failed");
    }

    /** What is too much of one thing may be good of another. */
    private String noNumberOf(String field) {
        String chosen = pick(NO_NUMBERS);
        boolean money = field.equals("amount");
        return switch (chosen) {
            case "1000000001", "1000000000000000", "2147483648" -> money ? "-0.01" : chosen;
            default -> chosen;
        };
    }

    private Value id(ObjectNode body) {
        boolean order = body.has("order_id");
        if (!order && !body.has("hold_id")) {
            return new Value(
                    bytes(body.put("product_id", pick(List.of("", "a b", "a/b", "ü", "x".repeat(65), "a\u0000")))
                            .toString()),
                    "validation-failed");
        }
        String field = order ? "order_id" : "hold_id";
        String own = body.get(field).asString();
        String ofAnother = HoldId.of("another-product", new byte[16]);
        String bad = switch (random.nextInt(6)) {
            case 0 -> order ? OrderId.ofHold(ofAnother) : ofAnother;
            case 1 -> own.substring(0, own.length() - 1);
            case 2 -> (order ? "h_" : "o_") + own.substring(2);
            case 3 -> own + "\u0000";
            case 4 -> own.repeat(200);
            default -> "../../" + own;
        };
        return new Value(bytes(body.put(field, bad).toString()), "validation-failed");
    }

    private Value text(ObjectNode body) {
        String bad = pick(
                List.of("\u0000", "a\u001b[31mb", "line\r\nfeed", "\ud800", "  ", "", "x".repeat(2_000), "\u0085"));
        String field = body.has("name") ? "name" : body.has("reason") ? "reason" : "product_id";
        return new Value(
                Json.MAPPER
                        .writeValueAsString(body.put(field, "#"))
                        .replace("\"#\"", escaped(bad))
                        .getBytes(StandardCharsets.UTF_8),
                "validation-failed");
    }

    /** Half a surrogate pair has no UTF-8 of its own. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder("\"");
        text.chars().forEach(character -> escaped.append("\\u%04x".formatted(character)));
        return escaped.append('"').toString();
    }

    private Value time(ObjectNode body) {
        return body.get("type").asString().equals("DefineProduct")
                ? new Value(
                        bytes(body.put(random.nextBoolean() ? "sale_starts_at" : "sale_ends_at", pick(NO_TIMES))
                                .toString()),
                        "validation-failed")
                : wrongKind(body);
    }

    private Value wrongKind(ObjectNode body) {
        List<String> names = body.propertyNames().stream()
                .filter(name -> !name.equals("type"))
                .toList();
        body.set(pick(names), random.nextBoolean() ? nested(3) : Json.MAPPER.createObjectNode());
        return new Value(bytes(body.toString()), "validation-failed");
    }

    private static Value missing(ObjectNode body) {
        return new Value(bytes(body.putNull("product_id").toString()), "validation-failed");
    }

    private static JsonNode nested(int depth) {
        JsonNode node = Json.MAPPER.createArrayNode();
        for (int i = 1; i < depth; i++) {
            node = Json.MAPPER.createArrayNode().add(node);
        }
        return node;
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
