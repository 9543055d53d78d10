package io.flashsale.streams.topology;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.Reply;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;

/** A reply on its way to the partition its caller's ingress instance reads. */
record AddressedReply(int partition, Reply reply) {

    static Serializer<AddressedReply> serializer() {
        return (topic, addressed) -> Json.MAPPER.writeValueAsBytes(addressed.reply());
    }

    static StreamPartitioner<String, AddressedReply> partitioner() {
        return (topic, correlationId, addressed, partitions) -> Optional.of(Set.of(addressed.partition()));
    }
}
