package io.flashsale.endtoend;

import io.flashsale.contracts.Topics;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.common.TopicPartition;

/** Of nobody, when nobody buys any more: an open one would hold up every reader behind it for ever. */
final class OpenTransactions {

    private static final long DEADLINE_SECONDS = 30;

    private OpenTransactions() {}

    /** Where they begin, by partition. */
    static Map<String, Long> in(String bootstrapServers) throws Exception {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            Set<String> topics = admin
                    .listTopics(new ListTopicsOptions().listInternal(true))
                    .names()
                    .get(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .stream()
                    .filter(name -> name.equals("__consumer_offsets") || name.startsWith(Topics.DEFAULT_PREFIX))
                    .collect(Collectors.toSet());
            Set<TopicPartition> partitions =
                    admin
                            .describeTopics(topics)
                            .allTopicNames()
                            .get(DEADLINE_SECONDS, TimeUnit.SECONDS)
                            .values()
                            .stream()
                            .flatMap(topic -> topic.partitions().stream()
                                    .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                            .collect(Collectors.toSet());
            Map<String, Long> open = new TreeMap<>();
            admin.describeProducers(partitions)
                    .all()
                    .get(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .forEach((partition, state) -> state.activeProducers()
                            .forEach(producer -> producer.currentTransactionStartOffset()
                                    .ifPresent(offset ->
                                            open.put(partition + " of producer " + producer.producerId(), offset))));
            return open;
        }
    }
}
