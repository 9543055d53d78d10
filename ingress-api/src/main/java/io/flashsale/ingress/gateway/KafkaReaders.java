package io.flashsale.ingress.gateway;

import io.flashsale.contracts.KafkaCluster;
import io.flashsale.contracts.Topic;
import io.flashsale.contracts.Topics;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Makes what reads from the cluster. All of it fails while the brokers' names are unknown. */
public final class KafkaReaders {

    private final KafkaCluster cluster;
    private final Topics topics;

    KafkaReaders(KafkaCluster cluster, Topics topics) {
        this.cluster = cluster;
        this.topics = topics;
    }

    public Topics topics() {
        return topics;
    }

    Consumer<String, byte[]> forReplies() {
        return new KafkaConsumer<>(
                KafkaClients.replyConsumer(cluster), new StringDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * A tail of a whole topic, not started yet; only what is committed.
     *
     * @param back offsets before the end of each partition, to begin there
     */
    public TopicTail tail(Topic topic, long back, TopicTail.Listener listener) {
        return tail(topic, back, new ByteArrayDeserializer(), listener);
    }

    /** The same without the records' values, which may be long and are nobody's business: they are null. */
    public TopicTail tailWithoutValues(Topic topic, long back, TopicTail.Listener listener) {
        return tail(topic, back, (ignored, value) -> null, listener);
    }

    /** A client that asks the cluster. Whoever gets it closes it. */
    public Admin admin(String clientId) {
        return Admin.create(KafkaClients.admin(cluster, clientId));
    }

    private TopicTail tail(Topic topic, long back, Deserializer<byte[]> values, TopicTail.Listener listener) {
        String name = topic.name().substring(topics.prefix().length());
        List<TopicPartition> partitions = IntStream.range(0, topic.partitions())
                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                .toList();
        return new TopicTail(
                name + "-tail",
                partitions,
                back,
                () -> new KafkaConsumer<>(
                        KafkaClients.reader(cluster, "flashsale-ingress-" + name), new StringDeserializer(), values),
                listener);
    }
}
