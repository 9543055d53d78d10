package io.flashsale.contracts;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Where a caller waits for the reply to its command. Travels in the command's headers; a command without it gets no
 * reply, its answer is the event.
 *
 * @param correlationId the call, 1 to {@value #MAX_CORRELATION_ID_LENGTH} bytes of UTF-8; becomes the reply's key
 * @param partition the partition of {@code replies} that the caller's ingress instance reads
 */
public record ReplyTo(String correlationId, int partition) {

    /** Header with the correlation id, as UTF-8. */
    public static final String CORRELATION_ID_HEADER = "reply_correlation_id";

    /** Header with the partition, as 4 bytes, big-endian. */
    public static final String PARTITION_HEADER = "reply_partition";

    static final int MAX_CORRELATION_ID_LENGTH = 64;

    /** Writes this address into the headers of a command, or of an event that another application answers. */
    public void writeTo(Headers headers) {
        headers.add(CORRELATION_ID_HEADER, correlationId.getBytes(StandardCharsets.UTF_8));
        headers.add(
                PARTITION_HEADER,
                ByteBuffer.allocate(Integer.BYTES).putInt(partition).array());
    }

    /**
     * Reads an address, or empty if there is none.
     *
     * @param partitions of the topic {@code replies}; an address outside of it is none
     */
    public static Optional<ReplyTo> readFrom(Headers headers, int partitions) {
        Header correlationId = headers.lastHeader(CORRELATION_ID_HEADER);
        Header partition = headers.lastHeader(PARTITION_HEADER);
        if (!hasLength(correlationId, 1, MAX_CORRELATION_ID_LENGTH)
                || !hasLength(partition, Integer.BYTES, Integer.BYTES)) {
            return Optional.empty();
        }
        int number = ByteBuffer.wrap(partition.value()).getInt();
        return number >= 0 && number < partitions
                ? Optional.of(new ReplyTo(new String(correlationId.value(), StandardCharsets.UTF_8), number))
                : Optional.empty();
    }

    private static boolean hasLength(Header header, int atLeast, int atMost) {
        return header != null
                && header.value() != null
                && header.value().length >= atLeast
                && header.value().length <= atMost;
    }
}
