package io.flashsale.ingress.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.ingress.live.PipelineState.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class DeadLetterListTest {

    private final DeadLetterList letters = new DeadLetterList("flashsale.");

    @Test
    void saysWhereTheLatestCameFrom() {
        letters.add(letter(1_000, "malformed"));
        letters.add(letter(3_000, "wrong-partition"));
        letters.add(letter(2_000, "x".repeat(500)));

        assertThat(letters.latest())
                .containsExactly(
                        new DeadLetter(Instant.ofEpochSecond(3), "wrong-partition", "hold-commands", "3", "17"),
                        new DeadLetter(Instant.ofEpochSecond(2), "x".repeat(64), "hold-commands", "3", "17"),
                        new DeadLetter(Instant.ofEpochSecond(1), "malformed", "hold-commands", "3", "17"));
    }

    @Test
    void forgetsTheOldest() {
        for (int second = 1; second <= 100; second++) {
            letters.add(letter(second * 1_000L, "malformed"));
        }

        assertThat(letters.latest()).hasSize(20);
        assertThat(letters.latest().getLast().time()).isEqualTo(Instant.ofEpochSecond(81));
    }

    @Test
    void whatIsNoneOfThePipelinesIsShownToo() {
        letters.add(new ConsumerRecord<>("flashsale.dead-letters", 0, 0, null, null));

        assertThat(letters.latest())
                .singleElement()
                .extracting(DeadLetter::reason)
                .isEqualTo("unknown");
    }

    private static ConsumerRecord<String, byte[]> letter(long timestamp, String reason) {
        RecordHeaders headers = new RecordHeaders();
        // What came with the record is not the pipeline's word.
        add(headers, "dead_letter_reason", "its sender's");
        add(headers, "dead_letter_reason", reason);
        add(headers, "dead_letter_topic", "flashsale.hold-commands");
        add(headers, "dead_letter_partition", "3");
        add(headers, "dead_letter_offset", "17");
        return new ConsumerRecord<>(
                "flashsale.dead-letters",
                3,
                0,
                timestamp,
                TimestampType.CREATE_TIME,
                0,
                0,
                null,
                null,
                headers,
                Optional.empty());
    }

    private static void add(RecordHeaders headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
