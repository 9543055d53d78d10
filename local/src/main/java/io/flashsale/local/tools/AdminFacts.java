package io.flashsale.local.tools;

import io.flashsale.contracts.KafkaCluster;
import io.flashsale.local.AdminConnection;
import io.flashsale.local.PipelineException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

/** Asks a cluster; changes nothing there. */
final class AdminFacts implements KafkaFacts {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final AdminConnection kafka;
    private final Admin admin;

    private AdminFacts(AdminConnection kafka) {
        this.kafka = kafka;
        this.admin = kafka.admin();
    }

    static AdminFacts connect(KafkaCluster kafka) {
        return new AdminFacts(AdminConnection.open(kafka, TIMEOUT));
    }

    @Override
    public Set<String> topicNames() {
        return kafka.get(admin.listTopics().names());
    }

    @Override
    public List<TopicState> topics(Collection<String> names) {
        Map<String, TopicDescription> descriptions =
                kafka.get(admin.describeTopics(names).allTopicNames());
        Map<String, Map<String, String>> settings = kafka.topicSettings(names);
        return descriptions.values().stream()
                .map(topic -> new TopicState(
                        topic.name(),
                        topic.partitions().stream()
                                .map(partition -> stateOf(topic.name(), partition))
                                .toList(),
                        settings.getOrDefault(topic.name(), Map.of())))
                .toList();
    }

    private static PartitionState stateOf(String topic, TopicPartitionInfo info) {
        @Nullable Node leader = info.leader();
        return new PartitionState(
                new TopicPartition(topic, info.partition()),
                leader != null && !leader.isEmpty(),
                info.replicas().size(),
                info.isr().size());
    }

    @Override
    public Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, Edge edge) {
        OffsetSpec which = edge == Edge.BEGIN ? OffsetSpec.earliest() : OffsetSpec.latest();
        IsolationLevel isolation =
                edge == Edge.STABLE_END ? IsolationLevel.READ_COMMITTED : IsolationLevel.READ_UNCOMMITTED;
        Map<TopicPartition, Long> offsets = new HashMap<>();
        kafka.get(admin.listOffsets(
                                partitions.stream().collect(Collectors.toMap(Function.identity(), each -> which)),
                                new ListOffsetsOptions(isolation))
                        .all())
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    @Override
    public Map<String, Long> bytes() {
        List<Integer> brokers = kafka.get(admin.describeCluster().nodes()).stream()
                .map(Node::id)
                .toList();
        Map<String, Long> bytes = new HashMap<>();
        kafka.get(admin.describeLogDirs(brokers).allDescriptions()).values().stream()
                .flatMap(directories -> directories.values().stream())
                .flatMap(directory -> directory.replicaInfos().entrySet().stream())
                .forEach(copy ->
                        bytes.merge(copy.getKey().topic(), copy.getValue().size(), Long::sum));
        return bytes;
    }

    @Override
    public Group group(String id) {
        ConsumerGroupDescription description;
        try {
            description = Objects.requireNonNull(
                    kafka.get(admin.describeConsumerGroups(List.of(id)).all()).get(id));
        } catch (PipelineException failed) {
            if (failed.getCause() instanceof GroupIdNotFoundException) {
                return new Group(GroupState.DEAD, List.of(), Map.of());
            }
            throw failed;
        }
        List<Member> members = new ArrayList<>();
        description
                .members()
                .forEach(member -> members.add(
                        new Member(member.clientId(), member.assignment().topicPartitions())));
        return new Group(description.groupState(), members, committedBy(id));
    }

    private Map<TopicPartition, Long> committedBy(String group) {
        Map<TopicPartition, Long> committed = new HashMap<>();
        kafka.get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((TopicPartition partition, @Nullable OffsetAndMetadata offset) -> {
                    if (offset != null) {
                        committed.put(partition, offset.offset());
                    }
                });
        return committed;
    }

    @Override
    public void close() {
        kafka.close();
    }
}
