package io.flashsale.endtoend;

import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.Limits;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.ReplyTo;
import io.flashsale.contracts.Topic;
import io.flashsale.contracts.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import tools.jackson.databind.node.ObjectNode;

/**
 * Records as a system writes them that was told of the topics and of nothing else, or that means harm: a third are good
 * commands, the others are spoilt in their key, partition, value or headers. Says of each what may become of it. The same
 * seed, the same records.
 */
final class RecordFuzzer {

    /** So few that most are met several times. */
    private static final int REMEMBERED = 200;

    private static final int PADDED_BYTES = 5_000_000;

    /** Mostly there is enough, so that much comes after a hold. */
    private static final int PLENTY = 20_000;

    /**
     * What may become of a record.
     *
     * @param reasons of a dead letter
     * @param mayBeDecided events may follow
     * @param maySayNothing neither of the two need be: what it asks for is so already
     * @param replyKey of the one reply that it must have, or empty
     */
    record Expectation(Set<String> reasons, boolean mayBeDecided, boolean maySayNothing, String replyKey) {

        static Expectation deadLetter(String reason) {
            return new Expectation(Set.of(reason), false, false, "");
        }

        /** @param refusals that no event tells */
        static Expectation decided(String... refusals) {
            return new Expectation(Set.of(refusals), true, false, "");
        }

        Expectation orNothing() {
            return new Expectation(reasons, mayBeDecided, true, replyKey);
        }

        Expectation replied(String key) {
            return new Expectation(reasons, mayBeDecided, maySayNothing, key);
        }
    }

    record Fuzzed(ProducerRecord<byte[], byte[]> record, Expectation expected) {}

    private record Command(Topic topic, ObjectNode body, Expectation expected) {}

    /**
     * Where a record is put.
     *
     * @param partition null: where Kafka's own partitioner puts the key
     * @param reason why nobody may decide on it there, or empty
     */
    private record Place(byte[] key, Integer partition, String reason) {}

    private final Topics topics;
    private final List<String> products;
    private final Random random;
    private final ValueSpoiler spoiler;
    private final List<String> holds = new ArrayList<>();
    private final List<Fuzzed> sent = new ArrayList<>();
    private int replies;

    RecordFuzzer(Topics topics, List<String> products, long seed) {
        this.topics = topics;
        this.products = products;
        this.random = new Random(seed);
        this.spoiler = new ValueSpoiler(random);
    }

    Fuzzed next() {
        Fuzzed fuzzed = random.nextInt(20) == 0 && !sent.isEmpty() ? again(pick(sent)) : made();
        remember(sent, fuzzed);
        return fuzzed;
    }

    /** A command of 5 MB, which only fits through when it is compressed. */
    Fuzzed padded() {
        Command command = command();
        command.body().put("padding", "0".repeat(PADDED_BYTES));
        byte[] value = Json.MAPPER.writeValueAsBytes(command.body());
        return new Fuzzed(
                new ProducerRecord<>(command.topic().name(), bytes(productOf(command)), value),
                Expectation.deadLetter("oversized"));
    }

    /** The same once more: at most one of them has an effect. */
    private static Fuzzed again(Fuzzed first) {
        Expectation expected = first.expected();
        if (!expected.mayBeDecided()) {
            return first;
        }
        return expected.replyKey().isEmpty() ? new Fuzzed(first.record(), expected.orNothing()) : withoutCaller(first);
    }

    /** One caller waits for one reply. */
    private static Fuzzed withoutCaller(Fuzzed first) {
        ProducerRecord<byte[], byte[]> record = first.record();
        return new Fuzzed(
                new ProducerRecord<>(record.topic(), record.partition(), record.key(), record.value()),
                Expectation.decided().orNothing());
    }

    private Fuzzed made() {
        Command command = command();
        boolean good = random.nextInt(3) == 0;
        ValueSpoiler.Value value = good || random.nextInt(4) == 0
                ? new ValueSpoiler.Value(spoiler.harmless(command.body()), "")
                : spoiler.spoilt(command.body());
        Place place = good || random.nextBoolean() ? ownPlace(command) : wrongPlace(command);
        String reason =
                place.reason().equals("wrong-partition") || value.reason().isEmpty() ? place.reason() : value.reason();
        if (reason.isEmpty() && command.body().path("type").asString().equals("PlaceHold")) {
            remember(holds, command.body().get("hold_id").asString());
        }
        Headers headers = new RecordHeaders();
        Expectation expected = reason.isEmpty()
                ? expectedWithHeaders(command, headers)
                : hostileHeaders(headers, Expectation.deadLetter(reason));
        return new Fuzzed(
                new ProducerRecord<>(
                        command.topic().name(), place.partition(), timestamp(), place.key(), value.bytes(), headers),
                expected);
    }

    // ---- commands as they should be

    private Command command() {
        return switch (random.nextInt(12)) {
            case 0 -> define(pick(products));
            case 1 -> adjust(pick(products));
            case 2, 3, 4, 5 -> place(pick(products));
            case 6 -> release(hold());
            case 7 -> extend(hold());
            case 8, 9 -> createOrder(hold());
            case 10 -> cancel(hold());
            default -> pay(hold());
        };
    }

    private Command define(String product) {
        ObjectNode body = body("DefineProduct", product)
                .put("name", "Lamp " + random.nextInt(3))
                .put("price", "9.90")
                .put("total_stock", random.nextInt(4) == 0 ? 50 : PLENTY);
        if (random.nextInt(4) == 0) {
            // Some end by themselves while the others still come.
            body.put("hold_ttl_seconds", 1 + random.nextInt(3));
        }
        return new Command(
                topics.productCommands(),
                body,
                Expectation.decided("stock-below-committed").orNothing());
    }

    private Command adjust(String product) {
        ObjectNode body = body("AdjustStock", product)
                .put("delta", random.nextInt(4) == 0 ? Limits.MAX_TOTAL_STOCK : 1 + random.nextInt(20))
                .put("reason", "counted again");
        if (random.nextInt(3) == 0) {
            body.put("delta", -1 - random.nextInt(20));
        }
        Expectation expected = Expectation.decided(
                "product-not-found", "stock-below-committed", "limit-exceeded", "idempotency-key-reused");
        if (random.nextBoolean()) {
            body.put("idempotency_key", "key-" + random.nextInt(50));
            expected = expected.orNothing();
        }
        return new Command(topics.productCommands(), body, expected);
    }

    private Command place(String product) {
        String hold = newHold(product);
        remember(holds, hold);
        ObjectNode body = body("PlaceHold", product).put("hold_id", hold).put("quantity", 1 + random.nextInt(3));
        if (random.nextBoolean()) {
            body.put("customer_id", "customer-" + random.nextInt(20));
        }
        return new Command(topics.holdCommands(), body, Expectation.decided());
    }

    private Command release(String hold) {
        return new Command(
                topics.holdCommands(),
                body("ReleaseHold", ownerOf(hold)).put("hold_id", hold),
                Expectation.decided("hold-not-found", "hold-already-used").orNothing());
    }

    private Command extend(String hold) {
        ObjectNode body = body("ExtendHold", ownerOf(hold)).put("hold_id", hold);
        if (random.nextBoolean()) {
            body.put("seconds", 1 + random.nextInt(30));
        }
        if (random.nextBoolean()) {
            body.put("idempotency_key", "key-" + random.nextInt(50));
        }
        Expectation expected = Expectation.decided(
                "hold-not-found",
                "hold-expired",
                "hold-released",
                "hold-already-used",
                "limit-exceeded",
                "idempotency-key-reused");
        return new Command(topics.holdCommands(), body, expected.orNothing());
    }

    private Command createOrder(String hold) {
        ObjectNode body = body("CreateOrder", ownerOf(hold)).put("hold_id", hold);
        if (random.nextBoolean()) {
            return new Command(topics.orderCommands(), body, Expectation.decided());
        }
        body.put("idempotency_key", "key-" + random.nextInt(50));
        return new Command(
                topics.orderCommands(),
                body,
                Expectation.decided("idempotency-key-reused").orNothing());
    }

    private Command cancel(String hold) {
        return new Command(
                topics.orderCommands(),
                body("CancelOrder", ownerOf(hold)).put("order_id", OrderId.ofHold(hold)),
                Expectation.decided("order-not-found", "order-already-paid").orNothing());
    }

    private Command pay(String hold) {
        ObjectNode body = body(random.nextInt(4) == 0 ? "PaymentFailed" : "PaymentSucceeded", ownerOf(hold))
                .put("order_id", OrderId.ofHold(hold))
                .put("idempotency_key", "key-" + random.nextInt(2_000))
                .put("payment_id", "pay-" + random.nextInt(2_000));
        if (random.nextInt(4) == 0) {
            body.put("amount", "9.90").put("currency", "EUR");
        }
        return new Command(
                topics.webhookCommands(),
                body,
                Expectation.decided("idempotency-key-reused").orNothing());
    }

    private static ObjectNode body(String type, String product) {
        return Json.MAPPER.createObjectNode().put("type", type).put("product_id", product);
    }

    /** Mostly one that was asked for; else one that nobody knows. */
    private String hold() {
        return holds.isEmpty() || random.nextInt(5) == 0 ? newHold(pick(products)) : pick(holds);
    }

    private String newHold(String product) {
        byte[] bits = new byte[16];
        random.nextBytes(bits);
        return HoldId.of(product, bits);
    }

    private static String ownerOf(String hold) {
        return HoldId.productOf(hold).orElseThrow();
    }

    private static String productOf(Command command) {
        return command.body().get("product_id").asString();
    }

    // ---- keys and partitions

    private Place ownPlace(Command command) {
        return new Place(bytes(productOf(command)), null, "");
    }

    private Place wrongPlace(Command command) {
        byte[] own = bytes(productOf(command));
        int anywhere = random.nextInt(topics.partitions());
        return switch (random.nextInt(6)) {
            case 0 -> new Place(null, anywhere, "wrong-partition");
            case 1 -> new Place(new byte[0], anywhere, "wrong-partition");
            case 2, 3 ->
                new Place(
                        own,
                        (topics.partitionOf(own) + 1 + random.nextInt(topics.partitions() - 1)) % topics.partitions(),
                        "wrong-partition");
            case 4 -> new Place(bytes(pickOther(productOf(command))), null, "key-mismatch");
            default -> new Place(strangeKey(own), null, "key-mismatch");
        };
    }

    private byte[] strangeKey(byte[] own) {
        return switch (random.nextInt(4)) {
            case 0 -> bytes("\"" + new String(own, StandardCharsets.UTF_8) + "\"");
            case 1 -> bytes("a\u0000b\u001b[31m\r\n");
            case 2 -> bytes("k".repeat(70_000));
            default -> new byte[] {(byte) 0xff, (byte) 0xfe, 0};
        };
    }

    private String pickOther(String product) {
        String other = pick(products);
        return other.equals(product) ? product + "-other" : other;
    }

    // ---- headers and timestamps

    private Expectation expectedWithHeaders(Command command, Headers headers) {
        boolean asks = command.body().path("type").asString().equals("PlaceHold") && random.nextInt(10) == 0;
        if (!asks) {
            return hostileHeaders(headers, command.expected());
        }
        String correlationId = "fuzz-" + replies++;
        new ReplyTo(correlationId, random.nextInt(topics.partitions())).writeTo(headers);
        return command.expected().replied(correlationId);
    }

    /** Nobody can be answered, so all of it is as if it were not there. */
    private Expectation hostileHeaders(Headers headers, Expectation expected) {
        switch (random.nextInt(30)) {
            case 0 -> new ReplyTo("nobody", Integer.MAX_VALUE).writeTo(headers);
            case 1 -> new ReplyTo("c".repeat(1_000), 0).writeTo(headers);
            case 2 -> headers.add(ReplyTo.CORRELATION_ID_HEADER, null).add(ReplyTo.PARTITION_HEADER, null);
            case 3 ->
                headers.add(ReplyTo.CORRELATION_ID_HEADER, bytes("x"))
                        .add(
                                ReplyTo.PARTITION_HEADER,
                                ByteBuffer.allocate(8).putLong(-1).array());
            case 4 ->
                headers.add("dead_letter_reason", bytes("forged"))
                        .add("dead_letter_topic", bytes("forged"))
                        .add("dead_letter_partition", bytes("-1"))
                        .add("dead_letter_offset", null);
            case 5 -> headers.add("", new byte[0]).add("\u0000\n", new byte[] {(byte) 0xff});
            default -> {
                // Most have none.
            }
        }
        if (random.nextInt(2_000) == 0) {
            headers.add("long", new byte[300_000]);
        }
        return expected;
    }

    /** Overwritten by the broker, whatever it says. */
    private Long timestamp() {
        return switch (random.nextInt(10)) {
            case 0 -> 0L;
            case 1 -> 4_102_444_800_000L;
            case 2 -> 253_402_300_799_000L;
            default -> null;
        };
    }

    // ---- picking

    private <T> void remember(List<T> list, T each) {
        if (list.size() < REMEMBERED) {
            list.add(each);
        } else {
            list.set(random.nextInt(REMEMBERED), each);
        }
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
