package io.flashsale.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class TopicsTest {

    @Test
    void theTopicsAreThoseOfTheContract() {
        assertThat(settings(Topics.defaults()))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("flashsale.product-commands", "message.timestamp.type=LogAppendTime"),
                        Map.entry("flashsale.hold-commands", "message.timestamp.type=LogAppendTime"),
                        Map.entry("flashsale.order-commands", "message.timestamp.type=LogAppendTime"),
                        Map.entry("flashsale.webhook-commands", "message.timestamp.type=LogAppendTime"),
                        Map.entry("flashsale.inventory-events", "retention.ms=-1"),
                        Map.entry("flashsale.order-events", "retention.ms=-1"),
                        Map.entry("flashsale.product-stock", "cleanup.policy=compact"),
                        Map.entry("flashsale.inventory-ticks", "message.timestamp.type=LogAppendTime"),
                        Map.entry("flashsale.order-ticks", "message.timestamp.type=LogAppendTime"),
                        Map.entry("flashsale.replies", "retention.ms=3600000"),
                        Map.entry("flashsale.dead-letters", "max.message.bytes=2097152")));
    }

    @Test
    void allHaveTheSamePartitionsAndPrefix() {
        assertThat(Topics.defaults().all()).extracting(Topic::partitions).containsOnly(12);
        Topics others = new Topics("test.", 5);
        assertThat(others.all()).hasSize(11).extracting(Topic::partitions).containsOnly(5);
        assertThat(others.all()).extracting(Topic::name).allMatch(name -> name.startsWith("test."));
    }

    @Test
    void failure18_aKeysPartitionIsTheOneOfKafkasOwnPartitioner() {
        Random random = new Random(42);
        for (int partitions : new int[] {1, 2, 7, 12, 64}) {
            Topics topics = new Topics("t.", partitions);
            for (int i = 0; i < 2_000; i++) {
                byte[] key = ("p" + random.nextLong()).getBytes(StandardCharsets.UTF_8);
                assertThat(topics.partitionOf(key))
                        .isEqualTo(BuiltInPartitioner.partitionForKey(key, partitions))
                        .isBetween(0, partitions - 1);
            }
            assertThat(topics.partitionOf(new byte[0]))
                    .isEqualTo(BuiltInPartitioner.partitionForKey(new byte[0], partitions));
        }
    }

    private static Map<String, String> settings(Topics topics) {
        return topics.all().stream()
                .collect(Collectors.toMap(
                        Topic::name,
                        topic -> new TreeMap<>(topic.settings())
                                .entrySet().stream()
                                        .map(setting -> setting.getKey() + "=" + setting.getValue())
                                        .collect(Collectors.joining(" "))));
    }
}
