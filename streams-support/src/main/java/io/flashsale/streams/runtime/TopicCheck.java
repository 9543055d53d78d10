package io.flashsale.streams.runtime;

import io.flashsale.contracts.KafkaCluster;
import io.flashsale.contracts.Topic;
import io.flashsale.contracts.Topics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses to decide on topics that would break a promise: with another number of partitions every product's records would
 * seem to be in the wrong one, and without the broker's append time a client's clock would decide what has expired.
 */
final class TopicCheck {

    private static final Logger LOG = LoggerFactory.getLogger(TopicCheck.class);
    private static final long DEADLINE_SECONDS = 10;

    private final KafkaCluster cluster;
    private final Topics topics;

    TopicCheck(KafkaCluster cluster, Topics topics) {
        this.cluster = cluster;
        this.topics = topics;
    }

    /** @throws IllegalStateException with one sentence that says which topic is unfit */
    void run() {
        List<String> names = topics.all().stream().map(Topic::name).toList();
        try (Admin admin = Admin.create(cluster.client(Map.of()))) {
            Map<String, TopicDescription> found =
                    admin.describeTopics(names).allTopicNames().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            List<ConfigResource> resources = names.stream()
                    .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                    .toList();
            Map<ConfigResource, Config> settings =
                    admin.describeConfigs(resources).all().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            for (Topic topic : topics.all()) {
                checkPartitions(topic, found.get(topic.name()));
                checkTime(topic, settings.get(new ConfigResource(ConfigResource.Type.TOPIC, topic.name())));
            }
        } catch (ExecutionException | TimeoutException notAnswered) {
            // Kafka is away, or a topic is: Streams waits for the one and names the other.
            LOG.warn("The topics could not be checked: {}", notAnswered.toString());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void checkPartitions(Topic topic, @Nullable TopicDescription found) {
        if (found != null && found.partitions().size() != topic.partitions()) {
            throw new IllegalStateException("Expected " + topic.partitions() + " partitions of " + topic.name()
                    + " (flashsale.topics.partitions), but it has "
                    + found.partitions().size() + ".");
        }
    }

    private static void checkTime(Topic topic, @Nullable Config found) {
        String name = TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG;
        String expected = topic.settings().get(name);
        String present = found == null ? expected : found.get(name).value();
        if (expected != null && !expected.equals(present)) {
            throw new IllegalStateException(
                    "Expected " + name + "=" + expected + " of " + topic.name() + ", but it is " + present + ".");
        }
    }
}
