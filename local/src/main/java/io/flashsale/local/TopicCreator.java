package io.flashsale.local;

import io.flashsale.contracts.KafkaCluster;
import io.flashsale.contracts.Topic;
import io.flashsale.contracts.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates those topics of the contract that a cluster does not have yet. */
final class TopicCreator implements AutoCloseable {

    /** Copies that must be there before a writer is told so; of a topic with fewer Kafka asks for all of them. */
    private static final String IN_SYNC_REPLICAS = "2";

    private final AdminConnection kafka;
    private final Admin admin;

    TopicCreator(KafkaCluster cluster) {
        this.kafka = AdminConnection.open(cluster, AdminConnection.CHANGE_TIMEOUT);
        this.admin = kafka.admin();
    }

    /** The cluster's own id, which also shows that it answers. */
    String clusterId() {
        return get(admin.describeCluster().clusterId());
    }

    /**
     * Creates the missing topics and returns their names. One that exists with other partitions, or with another setting
     * that a promise hangs on, is an error.
     */
    List<String> createMissing(Topics topics) {
        var names = get(admin.listTopics().names());
        List<Topic> existing = topics.all().stream()
                .filter(topic -> names.contains(topic.name()))
                .toList();
        requirePartitions(existing);
        requireSettings(existing);
        List<Topic> missing = topics.all().stream()
                .filter(topic -> !names.contains(topic.name()))
                .toList();
        create(missing);
        return missing.stream().map(Topic::name).toList();
    }

    @Override
    public void close() {
        kafka.close();
    }

    private void create(List<Topic> missing) {
        // How often a record is stored is the cluster's decision.
        Optional<Short> brokerDefault = Optional.empty();
        List<NewTopic> wanted = missing.stream()
                .map(topic -> new NewTopic(topic.name(), Optional.of(topic.partitions()), brokerDefault)
                        .configs(settingsOf(topic)))
                .toList();
        admin.createTopics(wanted).values().values().forEach(this::awaitCreated);
    }

    private void awaitCreated(KafkaFuture<Void> created) {
        try {
            get(created);
        } catch (PipelineException failed) {
            // Someone else was quicker: there it is.
            if (!(failed.getCause() instanceof TopicExistsException)) {
                throw failed;
            }
        }
    }

    private void requirePartitions(List<Topic> topics) {
        Map<String, TopicDescription> actual =
                get(admin.describeTopics(topics.stream().map(Topic::name).collect(Collectors.toSet()))
                        .allTopicNames());
        for (Topic topic : topics) {
            TopicDescription description = actual.get(topic.name());
            int partitions = description == null
                    ? topic.partitions()
                    : description.partitions().size();
            if (partitions != topic.partitions()) {
                throw new PipelineException("The topic " + topic.name() + " has " + partitions + " partitions, but "
                        + topic.partitions() + " are needed, and that cannot be changed: use a cluster without it.");
            }
        }
    }

    private void requireSettings(List<Topic> topics) {
        Map<String, Map<String, String>> actual =
                kafka.topicSettings(topics.stream().map(Topic::name).toList());
        for (Topic topic : topics) {
            TopicRules.objection(topic, actual.getOrDefault(topic.name(), Map.of()))
                    .ifPresent(objection -> {
                        throw new PipelineException(objection);
                    });
        }
    }

    private static Map<String, String> settingsOf(Topic topic) {
        Map<String, String> settings = new HashMap<>(topic.settings());
        settings.putAll(TopicRules.neededSettings(topic));
        // By default one would do: what is answered would be lost with the leader's disk.
        settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, IN_SYNC_REPLICAS);
        return settings;
    }

    private <T> T get(KafkaFuture<T> future) {
        return kafka.get(future);
    }
}
