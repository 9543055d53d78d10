package io.flashsale.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class RecordBatchTest {

    @Test
    void joinsWhatWasAppendedInTheSameMillisecond() {
        List<ConsumerRecord<byte[], byte[]>> joined =
                RecordBatch.join(List.of(record(10, 100), record(11, 100), record(12, 101), record(14, 102)));

        assertThat(joined).extracting(ConsumerRecord::offset).containsExactly(10L, 12L, 14L);
        assertThat(joined).extracting(ConsumerRecord::timestamp).containsExactly(100L, 101L, 102L);
        assertThat(offsets(joined)).containsExactly(10L, 11L, 12L, 14L);
    }

    /** Streams takes the partition whose next record is the oldest: a batch may not reach beyond its own time. */
    @Test
    void neverJoinsTimes() {
        List<ConsumerRecord<byte[], byte[]>> joined =
                RecordBatch.join(List.of(record(1, 100), record(2, 99), record(3, 100)));

        assertThat(joined).allMatch(record -> RecordBatch.in(record.headers()) == null);
        assertThat(joined).extracting(ConsumerRecord::timestamp).containsExactly(100L, 99L, 100L);
    }

    @Test
    void letsOthersHaveTheirTurn() {
        List<ConsumerRecord<byte[], byte[]>> joined =
                RecordBatch.join(LongStream.range(0, 2L * RecordBatch.MAX_RECORDS + 1)
                        .mapToObj(offset -> record(offset, 100))
                        .toList());

        assertThat(joined)
                .extracting(ConsumerRecord::offset)
                .containsExactly(0L, (long) RecordBatch.MAX_RECORDS, 2L * RecordBatch.MAX_RECORDS);
        assertThat(offsets(joined)).hasSize(2 * RecordBatch.MAX_RECORDS + 1).isSorted();
    }

    @Test
    void hasNothingToJoinInNothing() {
        assertThat(RecordBatch.join(List.of())).isEmpty();
    }

    @Test
    void isNotWhatSomebodyCallsSo() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("flashsale_record_batch", "forged".getBytes(StandardCharsets.UTF_8));

        assertThat(RecordBatch.in(headers)).isNull();
    }

    private static List<Long> offsets(List<ConsumerRecord<byte[], byte[]>> joined) {
        return joined.stream()
                .flatMap(record -> {
                    RecordBatch batch = RecordBatch.in(record.headers());
                    return batch == null ? Stream.of(record) : batch.records().stream();
                })
                .map(ConsumerRecord::offset)
                .toList();
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, long timestamp) {
        return new ConsumerRecord<>(
                "hold-commands",
                3,
                offset,
                timestamp,
                TimestampType.LOG_APPEND_TIME,
                1,
                1,
                new byte[] {1},
                new byte[] {2},
                new RecordHeaders(),
                Optional.of(7));
    }
}
