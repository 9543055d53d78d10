package io.flashsale.ingress.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Of several partitions; what it does after faults: {@link ReplyListenerTest}. */
class TopicTailTest {

    private static final TopicPartition ONE = new TopicPartition("flashsale.dead-letters", 0);
    private static final TopicPartition OTHER = new TopicPartition("flashsale.dead-letters", 1);

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
    private TopicTail tail = tail(0);

    @AfterEach
    void stop() {
        tail.stop();
    }

    @Test
    void hearsEveryPartitionFromItsEndOn() {
        start(0);

        assertThat(consumer.position(ONE)).isEqualTo(40);
        assertThat(consumer.position(OTHER)).isEqualTo(3);
        add(ONE, 40, "one");
        add(OTHER, 3, "other");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(heard).containsExactlyInAnyOrder("one", "other"));
    }

    @Test
    void beginsBeforeTheEndWhereItIsToldTo() {
        start(10);

        assertThat(consumer.position(ONE)).isEqualTo(30);
        assertThat(consumer.position(OTHER)).as("there are only three").isZero();
    }

    private void start(long back) {
        consumer.updateBeginningOffsets(Map.of(ONE, 0L, OTHER, 0L));
        consumer.updateEndOffsets(Map.of(ONE, 40L, OTHER, 3L));
        tail = tail(back);
        tail.start();
        await().atMost(Duration.ofSeconds(20)).until(() -> tail.problem().isEmpty());
    }

    private TopicTail tail(long back) {
        return new TopicTail(
                "test-tail", List.of(ONE, OTHER), back, () -> consumer, received -> heard.add(received.key()));
    }

    private void add(TopicPartition partition, long offset, String key) {
        consumer.addRecord(new ConsumerRecord<>(partition.topic(), partition.partition(), offset, key, new byte[0]));
    }
}
