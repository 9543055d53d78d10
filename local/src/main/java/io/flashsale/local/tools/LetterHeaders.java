package io.flashsale.local.tools;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** What the pipeline says of a dead letter in its headers. */
final class LetterHeaders {

    /** All of them begin with this. */
    static final String PREFIX = "dead_letter_";

    static final String REASON = PREFIX + "reason";
    static final String DETAIL = PREFIX + "detail";
    static final String TOPIC = PREFIX + "topic";
    static final String PARTITION = PREFIX + "partition";
    static final String OFFSET = PREFIX + "offset";

    /** On a record that was put back: topic, partition and offset of its dead letter, as {@code topic-3@17}. */
    static final String REPLAYED_FROM = "replayed_from";

    private LetterHeaders() {}

    /** As it was written, by anybody; empty if there is none. */
    static String text(ConsumerRecord<byte[], byte[]> record, String name) {
        // The last of a name is the pipeline's own: earlier ones came with the record.
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
