package io.flashsale.ingress.gateway;

import io.flashsale.contracts.Topic;
import io.flashsale.contracts.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Describes the topics this instance needs: that they are there, and have as many partitions as the settings say, shows
 * more than an answer of the cluster alone and costs the same one request.
 */
final class AdminClusterCheck implements ClusterCheck, AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final Supplier<Admin> admins;
    private final List<Topic> topics;
    private @Nullable Admin admin;

    /** @param admins makes the client at its first use; it is kept, and closed with this */
    AdminClusterCheck(Topics topics, Supplier<Admin> admins) {
        this.admins = admins;
        this.topics = Stream.concat(topics.commands().stream(), Stream.of(topics.replies()))
                .toList();
    }

    @Override
    public void check() throws Exception {
        Map<String, TopicDescription> described;
        try {
            described = admin().describeTopics(topics.stream().map(Topic::name).toList())
                    .allTopicNames()
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof UnknownTopicOrPartitionException
                    ? new IllegalStateException("The topics are not there yet.")
                    : failed;
        }
        for (Topic topic : topics) {
            TopicDescription description = described.get(topic.name());
            int partitions = description == null ? 0 : description.partitions().size();
            if (partitions != topic.partitions()) {
                throw new IllegalStateException("Expected " + topic.partitions() + " partitions of " + topic.name()
                        + " (FLASHSALE_TOPICS_PARTITIONS), but there are " + partitions + ".");
            }
        }
    }

    @Override
    public synchronized void close() {
        if (admin != null) {
            admin.close(CLOSE_TIMEOUT);
        }
    }

    private synchronized Admin admin() {
        Admin present = admin;
        if (present == null) {
            present = admins.get();
            admin = present;
        }
        return present;
    }
}
