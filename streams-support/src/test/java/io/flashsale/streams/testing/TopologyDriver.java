package io.flashsale.streams.testing;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.ReplyTo;
import io.flashsale.contracts.Topic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;

/** A topology without a broker: one partition, log time and wall clock in the test's hand. */
public final class TopologyDriver implements AutoCloseable {

    private final TopologyTestDriver driver;
    private final Path stateDir;

    public TopologyDriver(Topology topology, Instant start) throws Exception {
        stateDir = Files.createTempDirectory("topology-test");
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "topology-test");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        driver = new TopologyTestDriver(topology, properties, start);
    }

    /** Appends a message to a topic. */
    public void send(Topic topic, String key, Object message, Instant logTime) {
        send(topic, bytes(key), Json.MAPPER.writeValueAsBytes(message), logTime, new RecordHeaders());
    }

    /** Appends a message whose sender waits for a reply in partition 0. */
    public void call(Topic topic, String key, Object message, Instant logTime, String correlationId) {
        RecordHeaders headers = new RecordHeaders();
        new ReplyTo(correlationId, 0).writeTo(headers);
        send(topic, bytes(key), Json.MAPPER.writeValueAsBytes(message), logTime, headers);
    }

    public void send(Topic topic, byte[] key, byte[] value, Instant logTime, RecordHeaders headers) {
        TestInputTopic<byte[], byte[]> input =
                driver.createInputTopic(topic.name(), new ByteArraySerializer(), new ByteArraySerializer());
        input.pipeInput(new TestRecord<>(key, value, headers, logTime));
    }

    public void advanceWallClock(Duration time) {
        driver.advanceWallClockTime(time);
    }

    /** What was written to a topic since the last call. */
    public List<TestRecord<byte[], byte[]>> records(Topic topic) {
        return driver.createOutputTopic(topic.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    /** The messages among them. */
    public <T> List<T> messages(Topic topic, Class<T> type) {
        return records(topic).stream()
                .map(record -> Json.MAPPER.readValue(record.value(), type))
                .toList();
    }

    /** How many entries a store has. */
    public long entries(String store) {
        long entries = 0;
        try (KeyValueIterator<?, ?> all = driver.getKeyValueStore(store).all()) {
            for (; all.hasNext(); all.next()) {
                entries++;
            }
        }
        return entries;
    }

    /** Deletes what a store has, as if all its timers had fired. */
    public void clear(String store) {
        KeyValueStore<Object, Object> entries = driver.getKeyValueStore(store);
        List<Object> keys = new ArrayList<>();
        try (KeyValueIterator<Object, Object> all = entries.all()) {
            all.forEachRemaining(entry -> keys.add(entry.key));
        }
        keys.forEach(entries::delete);
    }

    public static String header(TestRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws Exception {
        driver.close();
        try (var paths = Files.walk(stateDir)) {
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
