package io.flashsale.ingress.live;

import io.flashsale.ingress.live.PipelineState.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** The latest dead letters, as their headers describe them. */
final class DeadLetterList {

    private static final int LIMIT = 20;

    /** Of a header, which anybody may have written who may write there. */
    private static final int MAX_CHARACTERS = 64;

    private final String prefix;
    private final PriorityQueue<DeadLetter> latest = new PriorityQueue<>(Comparator.comparing(DeadLetter::time));

    /** @param prefix of the topics' names, which is left out */
    DeadLetterList(String prefix) {
        this.prefix = prefix;
    }

    synchronized void add(ConsumerRecord<String, byte[]> letter) {
        String topic = header(letter, "dead_letter_topic");
        latest.add(new DeadLetter(
                Instant.ofEpochMilli(letter.timestamp()),
                header(letter, "dead_letter_reason"),
                topic.startsWith(prefix) ? topic.substring(prefix.length()) : topic,
                header(letter, "dead_letter_partition"),
                header(letter, "dead_letter_offset")));
        if (latest.size() > LIMIT) {
            latest.remove();
        }
    }

    /** The newest first. */
    synchronized List<DeadLetter> latest() {
        return latest.stream()
                .sorted(Comparator.comparing(DeadLetter::time).reversed())
                .toList();
    }

    private static String header(ConsumerRecord<String, byte[]> letter, String name) {
        // The last of a name is the pipeline's own: earlier ones came with the record.
        Header header = letter.headers().lastHeader(name);
        if (header == null || header.value() == null) {
            return "unknown";
        }
        String text = new String(header.value(), StandardCharsets.UTF_8);
        return text.substring(0, Math.min(text.length(), MAX_CHARACTERS));
    }
}
