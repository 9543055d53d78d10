package io.flashsale.local.tools;

import io.flashsale.contracts.Topics;
import io.flashsale.local.Table;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What is in {@code dead-letters}: how many of each reason and topic, and the latest ones. Values are not kept: they may
 * be long, and what is in them is nobody's business here.
 */
final class DeadLetters {

    /** What is no dead letter of the pipeline's. */
    private static final String UNKNOWN = "unknown";

    private static final int MAX_KEY_CHARACTERS = 64;
    private static final int MAX_DETAIL_CHARACTERS = 200;
    private static final int MAX_NAME_CHARACTERS = 64;

    /** There are some twenty reasons and four topics; whatever else somebody wrote there is counted together. */
    private static final int MAX_GROUPS = 200;

    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MILLISECOND =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final Comparator<Letter> BY_TIME =
            Comparator.comparing(Letter::time).thenComparing(Letter::partition).thenComparing(Letter::offset);

    private final String prefix;
    private final int limit;
    private final Map<Group, Count> counts = new TreeMap<>();
    private final PriorityQueue<Letter> latest = new PriorityQueue<>(BY_TIME);
    private long total;

    /** @param limit how many of the latest are kept */
    DeadLetters(String prefix, int limit) {
        this.prefix = prefix;
        this.limit = limit;
    }

    private record Group(String reason, String topic) implements Comparable<Group> {

        @Override
        public int compareTo(Group other) {
            return Comparator.comparing(Group::reason)
                    .thenComparing(Group::topic)
                    .compare(this, other);
        }
    }

    private record Count(long records, Instant first, Instant last) {

        Count plus(Instant time) {
            return new Count(records + 1, time.isBefore(first) ? time : first, time.isAfter(last) ? time : last);
        }
    }

    /**
     * One of them; every text is fit to be shown.
     *
     * @param topic it came from, without the prefix
     * @param partition of that topic, and the offset there
     * @param key null if it had none
     */
    private record Letter(
            Instant time,
            String reason,
            String topic,
            String partition,
            String offset,
            @Nullable String key,
            String detail) {

        String where() {
            return topic + "-" + partition + "@" + offset;
        }

        String shownKey() {
            return key == null ? "no key" : "key \"" + key + "\"";
        }
    }

    void add(ConsumerRecord<byte[], byte[]> record) {
        Letter letter = letterOf(record);
        Group group = new Group(letter.reason(), letter.topic());
        Group counted = counts.containsKey(group) || counts.size() < MAX_GROUPS ? group : new Group(UNKNOWN, UNKNOWN);
        Count before = counts.get(counted);
        counts.put(counted, before == null ? new Count(1, letter.time(), letter.time()) : before.plus(letter.time()));
        total++;
        latest.add(letter);
        if (latest.size() > limit) {
            latest.remove();
        }
    }

    private Letter letterOf(ConsumerRecord<byte[], byte[]> record) {
        String topic = header(record, LetterHeaders.TOPIC, MAX_NAME_CHARACTERS);
        byte[] key = record.key();
        return new Letter(
                Instant.ofEpochMilli(record.timestamp()),
                header(record, LetterHeaders.REASON, MAX_NAME_CHARACTERS),
                topic.startsWith(prefix) ? topic.substring(prefix.length()) : topic,
                header(record, LetterHeaders.PARTITION, MAX_NAME_CHARACTERS),
                header(record, LetterHeaders.OFFSET, MAX_NAME_CHARACTERS),
                key == null ? null : Escaped.bytes(key, MAX_KEY_CHARACTERS),
                header(record, LetterHeaders.DETAIL, MAX_DETAIL_CHARACTERS));
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name, int maxCharacters) {
        String text = LetterHeaders.text(record, name);
        return text.isEmpty() ? UNKNOWN : Escaped.text(text, maxCharacters);
    }

    /** For a person. */
    List<String> lines() {
        if (total == 0) {
            return List.of("No dead letters.");
        }
        Table table = new Table("reason", "topic", "records", "first", "last").numbers(2);
        counts.forEach((group, count) -> table.row(
                group.reason(),
                group.topic(),
                "%,d".formatted(count.records()),
                SECOND.format(count.first()),
                SECOND.format(count.last())));
        List<String> lines = new ArrayList<>(table.lines());
        lines.add("");
        lines.add("%,d dead letter%s.".formatted(total, total == 1 ? "" : "s")
                + (latest.isEmpty() ? "" : " The latest %,d:".formatted(latest.size())));
        for (Letter letter : latestInOrder()) {
            lines.add("");
            lines.add(MILLISECOND.format(letter.time()) + "  " + letter.where() + "  " + letter.reason() + "  "
                    + letter.shownKey());
            lines.add("    " + letter.detail());
        }
        return lines;
    }

    private List<Letter> latestInOrder() {
        return latest.stream().sorted(BY_TIME).toList();
    }

    /** For a program. */
    Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("dead_letters", total);
        document.put(
                "reasons",
                counts.entrySet().stream()
                        .map(entry -> document(entry.getKey(), entry.getValue()))
                        .toList());
        document.put(
                "latest", latestInOrder().stream().map(DeadLetters::document).toList());
        return document;
    }

    private static Map<String, Object> document(Group group, Count count) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("reason", group.reason());
        document.put("topic", group.topic());
        document.put("records", count.records());
        document.put("first", count.first());
        document.put("last", count.last());
        return document;
    }

    private static Map<String, Object> document(Letter letter) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("time", letter.time());
        document.put("reason", letter.reason());
        document.put("topic", letter.topic());
        document.put("partition", numberOf(letter.partition()));
        document.put("offset", numberOf(letter.offset()));
        if (letter.key() != null) {
            document.put("key", letter.key());
        }
        document.put("detail", letter.detail());
        return document;
    }

    /** What is no number stays what it is. */
    private static Object numberOf(String text) {
        return text.matches("[0-9]{1,18}") ? (Object) Long.valueOf(text) : text;
    }

    /** The topic they are in. */
    static String topic(String prefix) {
        return new Topics(prefix, 1).deadLetters().name();
    }
}
