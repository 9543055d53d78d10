package io.flashsale.local.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.contracts.KafkaCluster;
import io.flashsale.local.PipelineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LogReaderTest {

    private static final TopicPartition COMMANDS = partition("hold-commands");
    private static final TopicPartition INVENTORY = partition("inventory-events");
    private static final TopicPartition ORDERS = partition("order-events");

    private final FakeKafka kafka = new FakeKafka();
    private final List<String> read = new ArrayList<>();

    @Test
    void readsByTime() {
        kafka.append("order-events", 0, "k", new byte[0], null);
        append("hold-commands");
        append("inventory-events");
        append("hold-commands");

        readAll(List.of(COMMANDS, INVENTORY, ORDERS));

        assertThat(read).containsExactly("order-events@0", "hold-commands@0", "inventory-events@0", "hold-commands@1");
    }

    @Test
    void putsACauseBeforeWhatFollowsFromItAlthoughBothHaveTheSameTime() {
        // given: order → inventory → order → inventory, all at one time
        kafka.append("inventory-events", 0, "k", new byte[0], "flashsale.order-events-0-0-0");
        kafka.append("inventory-events", 0, "k", new byte[0], "flashsale.order-events-0-1-0");
        kafka.append("order-events", 0, "k", new byte[0], "flashsale.webhook-commands-0-7-1");
        kafka.append("order-events", 0, "k", new byte[0], "flashsale.inventory-events-0-0-0");

        readAll(List.of(INVENTORY, ORDERS));

        assertThat(read)
                .containsExactly("order-events@0", "inventory-events@0", "order-events@1", "inventory-events@1");
    }

    @Test
    void isNotStoppedByCausesThatMakeNoSense() {
        kafka.append("inventory-events", 0, "k", new byte[0], "flashsale.order-events-0-5-0");
        kafka.append("order-events", 0, "k", new byte[0], "flashsale.inventory-events-0-9-0");
        kafka.append("order-events", 0, "k", new byte[0], "nonsense");

        readAll(List.of(INVENTORY, ORDERS));

        assertThat(read).containsExactly("inventory-events@0", "order-events@0", "order-events@1");
    }

    @Test
    void readsOnlyToTheEndItWasToldAndGoesOnFromThere() {
        append("inventory-events");
        append("inventory-events");
        LogReader reader = kafka.reader();
        reader.begin(List.of(INVENTORY));

        reader.readTo(Map.of(INVENTORY, 1L), record -> read.add("first " + record.offset()));
        reader.readTo(Map.of(INVENTORY, 2L), record -> read.add("then " + record.offset()));

        assertThat(read).containsExactly("first 0", "then 1");
    }

    @Test
    void beginsAtWhatIsLeft() {
        append("inventory-events");
        append("inventory-events");
        kafka.deleteBefore(INVENTORY, 1);

        readAll(List.of(INVENTORY));

        assertThat(read).containsExactly("inventory-events@1");
    }

    @Test
    void saysInOneSentenceThatTheAddressIsNone() {
        assertThatThrownBy(() -> LogReader.connect(KafkaCluster.open("no-such-host.invalid:9092")))
                .isInstanceOf(PipelineException.class)
                .hasMessage("no-such-host.invalid:9092 is not the address of a Kafka cluster.");
    }

    private void append(String topic) {
        String product = List.of("a", "b", "c", "d", "e", "f", "g").stream()
                .filter(id -> FakeKafka.TOPICS.partitionOf(id.getBytes()) == 0)
                .findFirst()
                .orElseThrow();
        kafka.append(topic, product, Map.of());
    }

    private void readAll(List<TopicPartition> partitions) {
        LogReader reader = kafka.reader();
        reader.begin(partitions);
        reader.readTo(
                reader.ends(), record -> read.add(record.topic().replace("flashsale.", "") + "@" + record.offset()));
    }

    private static TopicPartition partition(String topic) {
        return new TopicPartition("flashsale." + topic, 0);
    }
}
