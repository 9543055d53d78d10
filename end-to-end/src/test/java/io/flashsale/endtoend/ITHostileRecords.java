package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.Topic;
import io.flashsale.contracts.Topics;
import io.flashsale.endtoend.RecordFuzzer.Fuzzed;
import io.flashsale.endtoend.TestPipeline.Running;
import io.flashsale.local.Main;
import io.flashsale.local.Pipeline;
import io.flashsale.local.tools.DeadLettersCommand;
import io.flashsale.local.tools.VerifyCommand;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A hundred thousand records of a system that knows the topics and nothing else: each of them is accounted for. On a
 * pipeline of its own, because others would read all of it again and again. {@code -Dflashsale.fuzz.seed=N} takes other
 * records, {@code -Dflashsale.fuzz.records=N} more or fewer.
 */
class ITHostileRecords {

    private static final long SEED = Long.getLong("flashsale.fuzz.seed", 1);
    private static final int RECORDS = Integer.getInteger("flashsale.fuzz.records", 100_000);
    private static final int PADDED_RECORDS = 24;
    private static final int PRODUCTS = 40;
    private static final int MAX_REQUEST_BYTES = 8_000_000;

    /** What a dead letter keeps of a value, and of all headers together. */
    private static final int KEPT_VALUE_BYTES = 1_048_576;

    private static final int KEPT_KEY_BYTES = 65_536;

    /** A loaded machine decides some hundred a second. */
    private static final Duration DEADLINE = Duration.ofMinutes(15);

    private static final Topics TOPICS = Topics.defaults();

    private final Running running = Running.start(options -> options);
    private final Pipeline pipeline = running.pipeline();
    private final Shop shop = new Shop(pipeline.ingressUrl(1));
    private final UpstreamSystem upstream = new UpstreamSystem(pipeline.bootstrapServers());

    @AfterEach
    void close() throws Exception {
        upstream.close();
        running.close();
    }

    /** Where a record stands, as dead letters and events name it. */
    private record Origin(String topic, int partition, long offset) {

        /** Of a record of an event topic: what it follows from. */
        static Origin ofEvent(ConsumerRecord<byte[], byte[]> event) {
            String id = header(event, "ce_id");
            int number = id.lastIndexOf('-');
            int offset = id.lastIndexOf('-', number - 1);
            int partition = id.lastIndexOf('-', offset - 1);
            return new Origin(
                    id.substring(0, partition),
                    Integer.parseInt(id.substring(partition + 1, offset)),
                    Long.parseLong(id.substring(offset + 1, number)));
        }

        static Origin ofDeadLetter(ConsumerRecord<byte[], byte[]> letter) {
            return new Origin(
                    header(letter, "dead_letter_topic"),
                    Integer.parseInt(header(letter, "dead_letter_partition")),
                    Long.parseLong(header(letter, "dead_letter_offset")));
        }
    }

    @Test
    void failure18_failure20_aHundredThousandHostileRecordsAreDecidedOrDeadLettersAndTheSaleGoesOn() throws Exception {
        System.out.println("hostile records: -Dflashsale.fuzz.seed=" + SEED);
        // The same names each time, for the same records.
        List<String> products = IntStream.range(0, PRODUCTS)
                .mapToObj(number -> "fuzz-" + number)
                .toList();
        products.forEach(product -> shop.define(product, 100, 600).expect(201));
        List<Long> processes =
                pipeline.names().stream().map(pipeline::processId).toList();

        Map<Origin, Fuzzed> sent = send(new RecordFuzzer(TOPICS, products, SEED));
        awaitConsumed();

        assertThat(sent).hasSize(RECORDS + PADDED_RECORDS);
        assertThat(faults(sent)).isEmpty();
        assertThatDeadLettersAreListed();
        assertThatEachPartitionSells();
        assertThat(pipeline.unexpectedExit()).isEmpty();
        assertThat(pipeline.names().stream().map(pipeline::processId)).containsExactlyElementsOf(processes);
        assertThatNoThreadDied("inventory-1");
        assertThatNoThreadDied("orders-1");
        assertThatTheBooksAreRight();
    }

    // ---- sending

    private Map<Origin, Fuzzed> send(RecordFuzzer fuzzer) {
        Map<Origin, Fuzzed> sent = new HashMap<>();
        ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();
        long began = System.nanoTime();
        try (KafkaProducer<byte[], byte[]> plain = producer("lz4");
                KafkaProducer<byte[], byte[]> packing = producer("gzip")) {
            for (int i = 0; i < RECORDS; i++) {
                send(plain, fuzzer.next(), sent, failures);
                if (i % (RECORDS / PADDED_RECORDS) == 0 && i / (RECORDS / PADDED_RECORDS) < PADDED_RECORDS) {
                    send(packing, fuzzer.padded(), sent, failures);
                }
            }
            plain.flush();
            packing.flush();
        }
        assertThat(failures).isEmpty();
        System.out.printf("hostile records: sent in %.1f s%n", (System.nanoTime() - began) / 1e9);
        return sent;
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer,
            Fuzzed fuzzed,
            Map<Origin, Fuzzed> sent,
            ConcurrentLinkedQueue<Exception> failures) {
        producer.send(fuzzed.record(), (metadata, failure) -> {
            if (failure != null) {
                failures.add(failure);
                return;
            }
            synchronized (sent) {
                sent.put(new Origin(metadata.topic(), metadata.partition(), metadata.offset()), fuzzed);
            }
        });
    }

    private KafkaProducer<byte[], byte[]> producer(String compression) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        pipeline.bootstrapServers(),
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        compression,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        MAX_REQUEST_BYTES,
                        ProducerConfig.LINGER_MS_CONFIG,
                        20),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Offsets are committed with what was decided: beyond the ends, all of it is. */
    private void awaitConsumed() throws Exception {
        long began = System.nanoTime();
        try (Admin admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, pipeline.bootstrapServers()))) {
            Map<String, List<Topic>> readers = Map.of(
                    "flashsale.inventory-streams",
                    List.of(TOPICS.productCommands(), TOPICS.holdCommands(), TOPICS.orderCommands()),
                    "flashsale.order-streams",
                    List.of(TOPICS.orderCommands(), TOPICS.webhookCommands()));
            for (Map.Entry<String, List<Topic>> reader : readers.entrySet()) {
                Map<TopicPartition, Long> ends = ends(admin, reader.getValue());
                Shop.await()
                        .atMost(DEADLINE)
                        .pollInterval(Duration.ofMillis(500))
                        .untilAsserted(() -> {
                            Map<TopicPartition, Long> committed = committed(admin, reader.getKey());
                            assertThat(ends)
                                    .allSatisfy((partition, end) -> assertThat(committed.getOrDefault(partition, 0L))
                                            .as(partition.toString())
                                            .isGreaterThanOrEqualTo(end));
                        });
            }
        }
        System.out.printf("hostile records: decided %.1f s after that%n", (System.nanoTime() - began) / 1e9);
    }

    private static Map<TopicPartition, Long> ends(Admin admin, List<Topic> topics) throws Exception {
        Map<TopicPartition, OffsetSpec> asked = topics.stream()
                .flatMap(topic -> IntStream.range(0, topic.partitions())
                        .mapToObj(partition -> new TopicPartition(topic.name(), partition)))
                .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        return admin.listOffsets(asked).all().get().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    private static Map<TopicPartition, Long> committed(Admin admin, String group) throws Exception {
        return admin
                .listConsumerGroupOffsets(group, new ListConsumerGroupOffsetsOptions().requireStable(true))
                .partitionsToOffsetAndMetadata()
                .get()
                .entrySet()
                .stream()
                .filter(entry -> entry.getValue() != null)
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    // ---- accounting

    /** What is not as it was foretold, each in a sentence; at most some of them. */
    private List<String> faults(Map<Origin, Fuzzed> sent) {
        Map<Origin, List<ConsumerRecord<byte[], byte[]>>> letters =
                upstream.committed(TOPICS.deadLetters()).stream().collect(Collectors.groupingBy(Origin::ofDeadLetter));
        List<ConsumerRecord<byte[], byte[]>> events = new ArrayList<>(upstream.committed(TOPICS.inventoryEvents()));
        events.addAll(upstream.committed(TOPICS.orderEvents()));
        Set<Origin> decided = events.stream().map(Origin::ofEvent).collect(Collectors.toSet());
        Map<String, Long> replies = upstream.committed(TOPICS.replies()).stream()
                .collect(Collectors.groupingBy(UpstreamSystem::keyOf, Collectors.counting()));
        List<String> faults = new ArrayList<>();
        sent.forEach((origin, fuzzed) -> {
            String fault = fault(fuzzed, letters.getOrDefault(origin, List.of()), decided.contains(origin), replies);
            if (!fault.isEmpty()) {
                faults.add(origin + " " + fuzzed.expected() + ": " + fault + ": " + textOf(fuzzed.record()));
            }
        });
        letters.keySet().stream()
                .filter(origin -> !sent.containsKey(origin))
                .forEach(origin -> faults.add(origin + " is a dead letter of a record that nobody sent"));
        print(letters, decided, sent);
        print(events, "ce_type");
        return faults.subList(0, Math.min(faults.size(), 20));
    }

    private static String fault(
            Fuzzed fuzzed, List<ConsumerRecord<byte[], byte[]>> letters, boolean decided, Map<String, Long> replies) {
        RecordFuzzer.Expectation expected = fuzzed.expected();
        if (letters.size() > 1) {
            return "is " + letters.size() + " dead letters";
        }
        if (decided && !expected.mayBeDecided()) {
            return "was decided";
        }
        if (!expected.replyKey().isEmpty() && replies.getOrDefault(expected.replyKey(), 0L) != 1) {
            return "was replied to " + replies.get(expected.replyKey()) + " times";
        }
        if (letters.isEmpty()) {
            return decided || expected.maySayNothing() ? "" : "left no trace";
        }
        String reason = header(letters.getFirst(), "dead_letter_reason");
        if (!expected.reasons().contains(reason)) {
            return "is a dead letter for " + reason + " (" + header(letters.getFirst(), "dead_letter_detail") + ")";
        }
        return isAsReceived(fuzzed.record(), letters.getFirst()) ? "" : "is not kept as it was received";
    }

    private static boolean isAsReceived(ProducerRecord<byte[], byte[]> record, ConsumerRecord<byte[], byte[]> letter) {
        boolean cutHeaders = record.headers().lastHeader("long") != null;
        return Arrays.equals(letter.key(), cut(record.key(), KEPT_KEY_BYTES))
                && Arrays.equals(letter.value(), cut(record.value(), KEPT_VALUE_BYTES))
                && letter.headers().toArray().length
                        >= (cutHeaders ? 0 : record.headers().toArray().length) + 5;
    }

    private static byte[] cut(byte[] bytes, int atMost) {
        return bytes == null || bytes.length <= atMost ? bytes : Arrays.copyOf(bytes, atMost);
    }

    private static void print(
            Map<Origin, List<ConsumerRecord<byte[], byte[]>>> letters, Set<Origin> decided, Map<Origin, Fuzzed> sent) {
        long silent = sent.keySet().stream()
                .filter(origin -> !letters.containsKey(origin) && !decided.contains(origin))
                .count();
        System.out.printf(
                "hostile records: %d sent, %d decided by events, %d dead letters, %d changed nothing%n",
                sent.size(), sent.keySet().stream().filter(decided::contains).count(), letters.size(), silent);
        print(letters.values().stream().flatMap(List::stream).toList(), "dead_letter_reason");
    }

    private static void print(List<ConsumerRecord<byte[], byte[]>> records, String header) {
        System.out.println("  "
                + records.stream()
                        .collect(Collectors.groupingBy(
                                record -> header(record, header), TreeMap::new, Collectors.counting())));
    }

    // ---- afterwards

    private void assertThatDeadLettersAreListed() throws Exception {
        int all = upstream.committed(TOPICS.deadLetters()).size();

        String shown = output("--limit", "3");

        System.out.println(shown);
        assertThat(shown).contains("%n%,d dead letters. The latest 3:%n".formatted(all));
        assertThat(shown).doesNotContain("forged");
        assertThat(shown.codePoints()).noneMatch(each -> Character.isISOControl(each) && each != '\n');
        JsonNode document = Json.MAPPER.readTree(output("--json"));
        assertThat(document.get("dead_letters").asInt()).isEqualTo(all);
        assertThat(document.get("reasons").findValues("records").stream()
                        .mapToInt(JsonNode::asInt)
                        .sum())
                .isEqualTo(all);
    }

    private String output(String... arguments) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<String> all = new ArrayList<>(List.of("--kafka", pipeline.bootstrapServers()));
        all.addAll(List.of(arguments));
        int exit = new DeadLettersCommand(new PrintStream(out, true, StandardCharsets.UTF_8)).run(all);
        assertThat(exit).isEqualTo(Main.OK);
        return out.toString(StandardCharsets.UTF_8);
    }

    private void assertThatEachPartitionSells() {
        for (int partition = 0; partition < TOPICS.partitions(); partition++) {
            String productId = productIn(partition);
            shop.define(productId, 3, 600).expect(201);
            String orderId = shop.orderOf(productId, 2);
            shop.pay(orderId, "succeeded", "after-" + partition).expect(200);
            Shop.await().untilAsserted(() -> {
                Shop.Answer product = shop.product(productId);
                assertThat(product.number("available_stock")).isEqualTo(1);
                assertThat(product.number("sold_stock")).isEqualTo(2);
            });
        }
    }

    private static String productIn(int partition) {
        String productId;
        do {
            productId = Shop.newProductId();
        } while (TOPICS.partitionOf(productId.getBytes(StandardCharsets.UTF_8)) != partition);
        return productId;
    }

    private void assertThatNoThreadDied(String name) throws Exception {
        assertThat(new Shop(pipeline.managementUrl(name))
                        .get("/actuator/health/readiness")
                        .status())
                .isEqualTo(200);
        assertThat(Files.readString(pipeline.log(name))).doesNotContain(" ERROR ", "failed and is replaced");
    }

    private void assertThatTheBooksAreRight() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int exit = new VerifyCommand(new PrintStream(out, true, StandardCharsets.UTF_8))
                .run(List.of("--url", pipeline.ingressUrl(1), "--kafka", pipeline.bootstrapServers(), "--wait", "120"));
        assertThat(exit).as(out.toString(StandardCharsets.UTF_8)).isEqualTo(Main.OK);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static String textOf(ProducerRecord<byte[], byte[]> record) {
        String value = record.value() == null ? "null" : new String(record.value(), StandardCharsets.UTF_8);
        return value.substring(0, Math.min(value.length(), 200));
    }
}
