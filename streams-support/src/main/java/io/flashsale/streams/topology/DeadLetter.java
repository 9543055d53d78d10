package io.flashsale.streams.topology;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * A record that is not decided, as {@code dead-letters} keeps it: key, value and headers as received; the reason and
 * the origin in headers. It stands in the partition it was received in.
 */
record DeadLetter(int partition, byte @Nullable [] value) {

    static final String REASON_HEADER = "dead_letter_reason";
    static final String DETAIL_HEADER = "dead_letter_detail";
    static final String TOPIC_HEADER = "dead_letter_topic";
    static final String PARTITION_HEADER = "dead_letter_partition";
    static final String OFFSET_HEADER = "dead_letter_offset";

    /** Header that says how long a value was that was cut. */
    static final String VALUE_BYTES_HEADER = "dead_letter_value_bytes";

    /**
     * A value that came compressed may be too long for the producer, which would stop the thread at this record for
     * ever: longer parts are cut. The sum stays below {@code max.request.size}.
     */
    private static final int MAX_VALUE_BYTES = 1_048_576;

    private static final int MAX_KEY_BYTES = 65_536;
    private static final int MAX_HEADERS_BYTES = 262_144;
    private static final int MAX_DETAIL_CHARACTERS = 500;

    static Record<byte[], DeadLetter> of(Record<byte[], byte[]> raw, Origin origin, String reason, String detail) {
        Headers headers = new RecordHeaders();
        if (bytesOf(raw.headers()) <= MAX_HEADERS_BYTES) {
            raw.headers().forEach(headers::add);
        }
        add(headers, REASON_HEADER, reason);
        add(headers, DETAIL_HEADER, detail.substring(0, Math.min(detail.length(), MAX_DETAIL_CHARACTERS)));
        add(headers, TOPIC_HEADER, origin.topic());
        add(headers, PARTITION_HEADER, Integer.toString(origin.partition()));
        add(headers, OFFSET_HEADER, Long.toString(origin.offset()));
        byte[] value = raw.value();
        if (value != null && value.length > MAX_VALUE_BYTES) {
            add(headers, VALUE_BYTES_HEADER, Integer.toString(value.length));
        }
        DeadLetter letter = new DeadLetter(origin.partition(), cut(value, MAX_VALUE_BYTES));
        // A producer's own timestamp may be anything; a negative one would be refused.
        return new Record<>(cut(raw.key(), MAX_KEY_BYTES), letter, Math.max(0, raw.timestamp()), headers);
    }

    static Serializer<DeadLetter> serializer() {
        return (topic, letter) -> letter.value();
    }

    static StreamPartitioner<byte[], DeadLetter> partitioner() {
        return (topic, key, letter, partitions) -> Optional.of(Set.of(letter.partition() % partitions));
    }

    private static long bytesOf(Headers headers) {
        long bytes = 0;
        for (Header header : headers) {
            bytes += header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        return bytes;
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static byte @Nullable [] cut(byte @Nullable [] bytes, int atMost) {
        return bytes == null || bytes.length <= atMost ? bytes : Arrays.copyOf(bytes, atMost);
    }
}
