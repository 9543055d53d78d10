package io.flashsale.streams.topology;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.flashsale.contracts.Json;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import tools.jackson.databind.json.JsonMapper;

/** JSON for messages and state records. */
public final class JsonSerde {

    private JsonSerde() {}

    /** A message or record whose type says all. */
    public static <T> Serde<T> of(Class<T> type) {
        return of(type, Json.MAPPER);
    }

    /** A family of records that the domain leaves unmarked: the name of the one is written as {@code type}. */
    public static <T> Serde<T> ofFamily(Class<T> sealedType) {
        return of(
                sealedType,
                Json.MAPPER.rebuild().addMixIn(sealedType, Named.class).build());
    }

    private static <T> Serde<T> of(Class<T> type, JsonMapper mapper) {
        return Serdes.serdeFrom(
                (topic, value) -> value == null ? null : mapper.writeValueAsBytes(value),
                (topic, bytes) -> bytes == null ? null : mapper.readValue(bytes, type));
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
    private interface Named {}

    static <T> Serializer<T> serializer() {
        return (topic, value) -> value == null ? null : Json.MAPPER.writeValueAsBytes(value);
    }
}
