package io.flashsale.local.tools;

import io.flashsale.contracts.Topic;
import io.flashsale.local.PipelineException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;

/** A cluster of one broker as a test wants it: each topic of the contract is there, empty, and nobody reads. */
final class FakeFacts implements KafkaFacts {

    private static final Map<String, String> KAFKAS_DEFAULTS = Map.of(
            "cleanup.policy", "delete",
            "message.timestamp.type", "CreateTime",
            "min.insync.replicas", "2",
            "retention.ms", "604800000",
            "retention.bytes", "-1");

    final Map<String, TopicState> topics = new TreeMap<>();
    final Map<String, Long> bytes = new HashMap<>();
    final Map<String, Group> groups = new HashMap<>();
    private final Map<Edge, Map<TopicPartition, Long>> offsets = new HashMap<>();
    int failures;

    FakeFacts() {
        FakeKafka.TOPICS.all().forEach(topic -> topic(topic, topic.partitions()));
    }

    void topic(Topic topic, int partitions) {
        Map<String, String> settings = new HashMap<>(KAFKAS_DEFAULTS);
        settings.putAll(topic.settings());
        topic(topic.name(), partitions, settings);
    }

    void topic(String name, int partitions, Map<String, String> settings) {
        topics.put(
                name,
                new TopicState(
                        name,
                        IntStream.range(0, partitions)
                                .mapToObj(number -> new PartitionState(new TopicPartition(name, number), true, 1, 1))
                                .toList(),
                        settings));
    }

    void setting(String topic, String name, String value) {
        Map<String, String> settings = new HashMap<>(topics.get(topic).settings());
        settings.put(name, value);
        topics.computeIfPresent(topic, (ignored, state) -> new TopicState(topic, state.partitions(), settings));
    }

    /** Replaces one partition of a topic. */
    void partition(String topic, int number, boolean led, int replicas, int inSync) {
        topics.computeIfPresent(
                topic,
                (ignored, state) -> new TopicState(
                        topic,
                        state.partitions().stream()
                                .map(each -> each.partition().partition() == number
                                        ? new PartitionState(each.partition(), led, replicas, inSync)
                                        : each)
                                .toList(),
                        state.settings()));
    }

    /** What is there of a partition, up to where it is committed, and up to its end. */
    void log(TopicPartition partition, long begin, long stableEnd, long end) {
        Map.of(Edge.BEGIN, begin, Edge.STABLE_END, stableEnd, Edge.END, end)
                .forEach((edge, offset) -> offsets.computeIfAbsent(edge, ignored -> new HashMap<>())
                        .put(partition, offset));
    }

    void group(String id, GroupState state, Map<TopicPartition, Long> committed, Member... members) {
        groups.put(id, new Group(state, List.of(members), committed));
    }

    @Override
    public Set<String> topicNames() {
        Set<String> names = new HashSet<>(topics.keySet());
        names.add("somebody-elses");
        return names;
    }

    @Override
    public List<TopicState> topics(Collection<String> names) {
        return names.stream().map(topics::get).toList();
    }

    @Override
    public Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, Edge edge) {
        return partitions.stream()
                .peek(this::requireLeader)
                .collect(Collectors.toMap(
                        each -> each,
                        each -> offsets.getOrDefault(edge, Map.of()).getOrDefault(each, 0L)));
    }

    private void requireLeader(TopicPartition partition) {
        boolean led = topics.get(partition.topic()).partitions().stream()
                .anyMatch(each -> each.partition().equals(partition) && each.led());
        if (!led) {
            throw new PipelineException("No Kafka answered");
        }
    }

    @Override
    public Map<String, Long> bytes() {
        return bytes;
    }

    @Override
    public Group group(String id) {
        if (failures > 0) {
            failures--;
            throw new PipelineException("No Kafka answered at fake:9092 within 10 s.");
        }
        return groups.getOrDefault(id, new Group(GroupState.DEAD, List.of(), Map.of()));
    }

    @Override
    public void close() {}
}
