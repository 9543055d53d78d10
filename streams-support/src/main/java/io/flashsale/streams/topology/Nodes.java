package io.flashsale.streams.topology;

import io.flashsale.contracts.Topic;
import io.flashsale.contracts.Topics;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;

/** The nodes both topologies have. */
public final class Nodes {

    static final String WRITE_REPLIES = "write-replies";
    static final String WRITE_DEAD_LETTERS = "write-dead-letters";

    private Nodes() {}

    /** Adds a source of bytes, because what cannot be read must become a dead letter and not an exception. */
    public static void source(Topology topology, String node, Topic topic) {
        topology.addSource(node, new ByteArrayDeserializer(), new ByteArrayDeserializer(), topic.name());
    }

    /** Adds a sink of JSON values, keyed by product. */
    public static void messages(Topology topology, String node, Topic topic, String parent) {
        topology.addSink(node, topic.name(), new StringSerializer(), JsonSerde.serializer(), parent);
    }

    /** Adds the sink of replies to HTTP callers. */
    public static void replies(Topology topology, Topics topics, String parent) {
        topology.addSink(
                WRITE_REPLIES,
                topics.replies().name(),
                new StringSerializer(),
                AddressedReply.serializer(),
                AddressedReply.partitioner(),
                parent);
    }

    /** Adds the sink of records that are not decided. */
    public static void deadLetters(Topology topology, Topics topics, String... parents) {
        topology.addSink(
                WRITE_DEAD_LETTERS,
                topics.deadLetters().name(),
                new ByteArraySerializer(),
                DeadLetter.serializer(),
                DeadLetter.partitioner(),
                parents);
    }
}
