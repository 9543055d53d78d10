package io.flashsale.streams.topology;

import io.flashsale.contracts.Json;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/** JSON for messages and state records. */
public final class JsonSerde {

    private JsonSerde() {}

    /** A message or record whose type says all. */
    public static <T> Serde<T> of(Class<T> type) {
        return Serdes.serdeFrom(
                serializer(), (topic, bytes) -> bytes == null ? null : Json.MAPPER.readValue(bytes, type));
    }

    static <T> Serializer<T> serializer() {
        return (topic, value) -> value == null ? null : Json.MAPPER.writeValueAsBytes(value);
    }
}
