package io.flashsale.local;

import io.flashsale.contracts.Topic;
import io.flashsale.contracts.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates those topics of the contract that a cluster does not have yet. */
final class TopicCreator implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    /**
     * Settings that promises hang on, with Kafka's own defaults for topics that do not name them: log time decides only
     * if the broker stamps commands, and a compacted log of commands or events has forgotten some. A cluster may have
     * other defaults, so they are always named. For topics that are kept for ever, see {@link #neededSettings}.
     */
    private static final Map<String, String> NEEDED_SETTINGS = Map.of(
            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
            "CreateTime",
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_DELETE);

    /** Copies that must be there before a writer is told so; of a topic with fewer Kafka asks for all of them. */
    private static final String IN_SYNC_REPLICAS = "2";

    private static final String FOR_EVER = "-1";

    private final String bootstrapServers;
    private final Admin admin;

    TopicCreator(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        try {
            this.admin = Admin.create(Map.of(
                    AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                    AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis(),
                    AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis()));
        } catch (KafkaException unusable) {
            throw new PipelineException(bootstrapServers + " is not the address of a Kafka cluster.", unusable);
        }
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
        admin.close(Duration.ZERO);
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
        Map<ConfigResource, Topic> resources = topics.stream()
                .collect(Collectors.toMap(
                        topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.name()), Function.identity()));
        get(admin.describeConfigs(resources.keySet()).all()).forEach((resource, actual) -> {
            Map<String, String> found = actual.entries().stream()
                    .filter(entry -> entry.value() != null)
                    .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
            objection(Objects.requireNonNull(resources.get(resource)), found).ifPresent(objection -> {
                throw new PipelineException(objection);
            });
        });
    }

    /** What is wrong with a topic's settings, and what to do; empty if they are as needed. */
    static Optional<String> objection(Topic topic, Map<String, String> actual) {
        return neededSettings(topic).entrySet().stream()
                .filter(needed -> !needed.getValue().equals(actual.get(needed.getKey())))
                .findFirst()
                .map(needed -> "The topic " + topic.name() + " has " + needed.getKey() + "="
                        + actual.getOrDefault(needed.getKey(), "unknown") + ", but " + needed.getValue()
                        + " is needed: change it, or use a cluster without the topic.");
    }

    private static SortedMap<String, String> neededSettings(Topic topic) {
        SortedMap<String, String> needed = new TreeMap<>(NEEDED_SETTINGS);
        needed.replaceAll((name, kafkasDefault) -> topic.settings().getOrDefault(name, kafkasDefault));
        if (FOR_EVER.equals(topic.settings().get(TopicConfig.RETENTION_MS_CONFIG))) {
            // What is kept for ever must not be deleted for its size either.
            needed.put(TopicConfig.RETENTION_MS_CONFIG, FOR_EVER);
            needed.put(TopicConfig.RETENTION_BYTES_CONFIG, FOR_EVER);
        }
        return needed;
    }

    private static Map<String, String> settingsOf(Topic topic) {
        Map<String, String> settings = new HashMap<>(topic.settings());
        settings.putAll(neededSettings(topic));
        // By default one would do: what is answered would be lost with the leader's disk.
        settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, IN_SYNC_REPLICAS);
        return settings;
    }

    private <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException tooLong) {
            throw noAnswer(tooLong);
        } catch (ExecutionException failed) {
            Throwable cause = Objects.requireNonNullElse(failed.getCause(), failed);
            if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
                throw noAnswer(cause);
            }
            throw new PipelineException("Kafka at " + bootstrapServers + " refused: " + cause + ".", cause);
        } catch (InterruptedException interrupted) {
            throw PipelineException.interrupted("talking to Kafka");
        }
    }

    private PipelineException noAnswer(Throwable cause) {
        return new PipelineException(
                "No Kafka answered at " + bootstrapServers + " within " + TIMEOUT.toSeconds() + " s.", cause);
    }
}
