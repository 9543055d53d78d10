package io.flashsale.local.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.ReplyTo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ReplayTest {

    private static final byte[] COMMAND = bytes("{\"type\":\"PlaceHold\"}");

    private final FakeKafka kafka = new FakeKafka();

    @Test
    void putsARecordBackAsItWasButIntoItsKeysOwnPartition() {
        Headers received = new RecordHeaders();
        received.add("trace", bytes("t-1"));
        new ReplyTo("call-1", 2).writeTo(received);
        letter(wrongPartition("lamp"), bytes("lamp"), COMMAND, "wrong-partition", "hold-commands", received);

        List<ProducerRecord<byte[], byte[]>> sent = replay("wrong-partition");

        assertThat(sent).singleElement().satisfies(record -> {
            assertThat(record.topic()).isEqualTo("flashsale.hold-commands");
            assertThat(record.partition()).isNull();
            assertThat(record.timestamp()).isNull();
            assertThat(record.key()).isEqualTo(bytes("lamp"));
            assertThat(record.value()).isEqualTo(COMMAND);
            assertThat(headersOf(record))
                    .containsExactly(
                            "trace=t-1", "replayed_from=flashsale.dead-letters-" + wrongPartition("lamp") + "@0");
        });
    }

    @Test
    void replaysOneReasonAndIfAskedOneTopic() {
        letter("lamp", "wrong-partition", "hold-commands");
        letter("lamp", "wrong-partition", "order-commands");
        letter("lamp", "not-json", "hold-commands");

        assertThat(replay("wrong-partition")).hasSize(2);
        assertThat(new FakeReplay(Optional.of("order-commands")).run("wrong-partition"))
                .extracting(ProducerRecord::topic)
                .containsExactly("flashsale.order-commands");
    }

    @Test
    void leavesWhatCannotBeDecidedAnyBetter() {
        letter("lamp", "wrong-partition", "hold-commands");
        letter(0, null, COMMAND, "wrong-partition", "hold-commands", new RecordHeaders());
        letter(0, new byte[0], COMMAND, "wrong-partition", "hold-commands", new RecordHeaders());
        letter(0, bytes("lamp"), new byte[65_537], "wrong-partition", "hold-commands", new RecordHeaders());
        letter(0, new byte[65_536], COMMAND, "wrong-partition", "hold-commands", new RecordHeaders());
        letter("lamp", "wrong-partition", "order-events");
        letter("lamp", "wrong-partition", "nonsense");

        FakeReplay replay = new FakeReplay(Optional.empty());

        assertThat(replay.run("wrong-partition")).hasSize(1);
        assertThat(replay.result.isGood()).isTrue();
        assertThat(replay.result.lines())
                .containsExactly(
                        "topic           letters   what became of them",
                        "-------------   -------   ---------------------------------------------------------------",
                        "hold-commands         1   replayed",
                        "hold-commands         2   left: without a key there is no partition for it",
                        "hold-commands         2   left: longer than a command may be, and cut if it was very long",
                        "nonsense              1   left: comes from no command topic",
                        "order-events          1   left: comes from no command topic",
                        "",
                        "1 of 7 dead letters with the reason wrong-partition replayed.");
    }

    @Test
    void putsBackEachLetterOnce() {
        letter("lamp", "wrong-partition", "hold-commands");
        replay("wrong-partition").forEach(kafka::append);
        letter("sofa", "wrong-partition", "hold-commands");

        FakeReplay again = new FakeReplay(Optional.empty());

        assertThat(again.run("wrong-partition"))
                .extracting(record -> text(record.key()))
                .containsExactly("sofa");
        assertThat(again.result.lines())
                .contains("hold-commands         1   replayed before: it is in its topic already");
    }

    @Test
    void whatFailsAgainIsALetterOfItsOwnThatNamesTheLastOne() {
        // given: a letter, its copy, and the copy's own letter, which has the headers of both
        letter("lamp", "not-json", "hold-commands");
        ProducerRecord<byte[], byte[]> copy = replay("not-json").getFirst();
        kafka.append(copy);
        letter(
                2,
                copy.key(),
                copy.value(),
                "not-json",
                "hold-commands",
                new RecordHeaders(copy.headers().toArray()));

        List<ProducerRecord<byte[], byte[]>> sent = replay("not-json");

        assertThat(sent)
                .singleElement()
                .satisfies(record ->
                        assertThat(headersOf(record)).containsExactly("replayed_from=flashsale.dead-letters-2@0"));
    }

    @Test
    void whatFailsAgainAtOnceIsNotReplayedForEver() {
        letter("lamp", "not-json", "hold-commands");
        FakeReplay replay = new FakeReplay(Optional.empty());
        replay.whenSent = record -> {
            kafka.append(record);
            letter(2, record.key(), record.value(), "not-json", "hold-commands", record.headers());
        };

        assertThat(replay.run("not-json")).hasSize(1);
    }

    @Test
    void saysWhatKafkaDidNotTake() {
        letter("lamp", "not-json", "hold-commands");
        FakeReplay replay = new FakeReplay(Optional.empty());
        replay.producer.sendException = new TimeoutException("too late");

        replay.run("not-json");

        assertThat(replay.result.isGood()).isFalse();
        assertThat(replay.result.lines())
                .contains("hold-commands         1   Kafka did not take it")
                .endsWith(
                        "0 of 1 dead letter with the reason not-json replayed.",
                        "Kafka did not take some of them (org.apache.kafka.common.errors.TimeoutException: too late):"
                                + " run it again, what was replayed will not be replayed twice.");
    }

    @Test
    void saysThatThereAreNone() {
        letter("lamp", "not-json", "hold-commands");
        FakeReplay replay = new FakeReplay(Optional.of("order-commands"));

        assertThat(replay.run("wrong-partition")).isEmpty();
        assertThat(replay.result.lines())
                .containsExactly("There is no dead letter with the reason wrong-partition from order-commands.");
    }

    @Test
    void tellsAProgramTheSame() {
        letter("lamp", "not-json", "hold-commands");
        letter("lamp", "not-json", "inventory-events");
        FakeReplay replay = new FakeReplay(Optional.empty());
        replay.run("not-json");

        JsonNode document = Json.readTree(bytes(Json.MAPPER.writeValueAsString(replay.result.document())));

        assertThat(document.toString())
                .isEqualTo("{\"reason\":\"not-json\",\"letters\":2,\"replayed\":1,\"outcomes\":["
                        + "{\"outcome\":\"replayed\",\"topic\":\"hold-commands\",\"letters\":1},"
                        + "{\"outcome\":\"no-command\",\"topic\":\"inventory-events\",\"letters\":1}]}");
    }

    private List<ProducerRecord<byte[], byte[]>> replay(String reason) {
        return new FakeReplay(Optional.empty()).run(reason);
    }

    /** One run, and what it sent. */
    private final class FakeReplay {

        private final MockProducer<byte[], byte[]> producer =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                    @Override
                    public synchronized Future<RecordMetadata> send(
                            ProducerRecord<byte[], byte[]> record, Callback callback) {
                        var sent = super.send(record, callback);
                        whenSent.accept(record);
                        return sent;
                    }
                };
        private final Optional<String> topic;
        private Consumer<ProducerRecord<byte[], byte[]>> whenSent = record -> {};
        private ReplayResult result;

        FakeReplay(Optional<String> topic) {
            this.topic = topic;
        }

        List<ProducerRecord<byte[], byte[]>> run(String reason) {
            result = new Replay(kafka.reader(), producer, FakeKafka.TOPICS, new Selection(Optional.of(reason), topic))
                    .run();
            return new ArrayList<>(producer.history());
        }
    }

    private void letter(String key, String reason, String topic) {
        letter(0, bytes(key), COMMAND, reason, topic, new RecordHeaders());
    }

    private void letter(int partition, byte[] key, byte[] value, String reason, String topic, Headers received) {
        Headers headers = new RecordHeaders(received.toArray());
        headers.add("dead_letter_reason", bytes(reason));
        headers.add("dead_letter_detail", bytes("it is so"));
        headers.add("dead_letter_topic", bytes("flashsale." + topic));
        headers.add("dead_letter_partition", bytes(Integer.toString(partition)));
        headers.add("dead_letter_offset", bytes("7"));
        kafka.appendLetter(partition, key, value, headers);
    }

    private static int wrongPartition(String key) {
        return (FakeKafka.TOPICS.partitionOf(bytes(key)) + 1) % FakeKafka.TOPICS.partitions();
    }

    private static List<String> headersOf(ProducerRecord<byte[], byte[]> record) {
        List<String> headers = new ArrayList<>();
        record.headers().forEach(header -> headers.add(header.key() + "=" + text(header.value())));
        return headers;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
