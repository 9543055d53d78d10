package io.flashsale.streams.topology;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Records that follow each other in a partition and have the same timestamp, which Kafka Streams handles as one. For
 * each record that it handles it looks at every input partition of the task, and formats a sentence on each empty one
 * (4.3.1, {@code PartitionGroup.readyToProcess}): several times the work of a decision.
 *
 * <p>What is decided in which order does not change. Streams takes the partition whose next record has the lowest
 * timestamp, so records of one timestamp were decided one after the other before, too. Offsets do not change either: the
 * batch has the offset of its first record, and what follows the batch has that of the record after its last.
 *
 * <p>It travels as a header of the record that stands for it, because Streams passes headers on as they are.
 */
public final class RecordBatch implements Header {

    /** Enough that what Streams does for each one hardly counts; few enough that punctuators and commits get their turn. */
    public static final int MAX_RECORDS = 100;

    private static final String KEY = "flashsale_record_batch";

    private final List<ConsumerRecord<byte[], byte[]>> records;

    private RecordBatch(List<ConsumerRecord<byte[], byte[]>> records) {
        this.records = records;
    }

    /**
     * Joins what can be joined.
     *
     * @param records of one partition, in order
     */
    public static List<ConsumerRecord<byte[], byte[]>> join(List<ConsumerRecord<byte[], byte[]>> records) {
        List<ConsumerRecord<byte[], byte[]>> joined = new ArrayList<>();
        int from = 0;
        for (int to = 1; to <= records.size(); to++) {
            boolean ends = to == records.size()
                    || to - from == MAX_RECORDS
                    || records.get(to).timestamp() != records.get(from).timestamp();
            if (ends) {
                joined.add(to - from == 1 ? records.get(from) : standIn(records.subList(from, to)));
                from = to;
            }
        }
        return joined;
    }

    /** The batch that a record stands for, or null if it stands for itself. */
    static @Nullable RecordBatch in(Headers headers) {
        // Whoever writes to a topic may call a header like this one, but cannot make it an object of this class.
        return headers.lastHeader(KEY) instanceof RecordBatch batch ? batch : null;
    }

    private static ConsumerRecord<byte[], byte[]> standIn(List<ConsumerRecord<byte[], byte[]>> records) {
        ConsumerRecord<byte[], byte[]> first = records.getFirst();
        return new ConsumerRecord<>(
                first.topic(),
                first.partition(),
                first.offset(),
                first.timestamp(),
                TimestampType.NO_TIMESTAMP_TYPE,
                ConsumerRecord.NULL_SIZE,
                ConsumerRecord.NULL_SIZE,
                null,
                null,
                new RecordHeaders(List.of(new RecordBatch(records))),
                first.leaderEpoch());
    }

    List<ConsumerRecord<byte[], byte[]>> records() {
        return records;
    }

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public byte @Nullable [] value() {
        return null;
    }
}
