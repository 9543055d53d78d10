package io.flashsale.local.tools;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;

/**
 * What Kafka knows of its topics and groups at this moment. Each question that is not answered is a
 * {@link io.flashsale.local.PipelineException}.
 */
interface KafkaFacts extends AutoCloseable {

    /** A place in a partition. */
    enum Edge {
        /** The first offset that is still there. */
        BEGIN,
        /** Behind the last record before which no transaction is open: how far a reader of committed records gets. */
        STABLE_END,
        /** Behind the last record. */
        END
    }

    /** @param settings all of them, defaults too */
    record TopicState(String name, List<PartitionState> partitions, Map<String, String> settings) {

        /** Those that can be asked for offsets. */
        List<TopicPartition> led() {
            return partitions.stream()
                    .filter(PartitionState::led)
                    .map(PartitionState::partition)
                    .toList();
        }

        boolean isLedEverywhere() {
            return partitions.stream().allMatch(PartitionState::led);
        }
    }

    /**
     * @param led whether there is a broker that can be asked
     * @param replicas how often it is stored
     * @param inSync how many of these are up to date
     */
    record PartitionState(TopicPartition partition, boolean led, int replicas, int inSync) {}

    /**
     * One consumer group; {@link GroupState#DEAD} if there is none of this name.
     *
     * @param members none has partitions while they change hands
     * @param committed the offset from which each partition is read on; those where nothing was committed are missing
     */
    record Group(GroupState state, List<Member> members, Map<TopicPartition, Long> committed) {}

    record Member(String clientId, Set<TopicPartition> partitions) {}

    Set<String> topicNames();

    List<TopicState> topics(Collection<String> names);

    Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, Edge edge);

    /** Bytes that each topic takes on the disks of all brokers, all copies together. */
    Map<String, Long> bytes();

    Group group(String id);

    @Override
    void close();
}
