package io.flashsale.local.tools;

import io.flashsale.contracts.Topics;
import io.flashsale.local.Main;
import io.flashsale.local.PipelineException;
import io.flashsale.local.SubCommand;
import io.flashsale.local.UsageException;
import io.flashsale.local.tools.HistoryOptions.Subject;
import io.flashsale.local.tools.Story.Sentence;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** {@code ./flashsale history}: what happened to one product, hold or order, in the order of the log. */
public final class HistoryCommand implements SubCommand {

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final PrintStream out;

    public HistoryCommand(PrintStream out) {
        this.out = out;
    }

    private record Line(Instant time, String where, Sentence sentence) {}

    @Override
    public int run(List<String> arguments) throws UsageException {
        HistoryOptions options = HistoryOptions.parse(arguments);
        Target target = options.where().target();
        try (LogReader log = LogReader.connect(target.kafka())) {
            tell(log, Topics.DEFAULT_PREFIX, options.subject(), options.limit());
        }
        return Main.OK;
    }

    /** Reads the one partition in which all of it stands. */
    void tell(LogReader log, String prefix, Subject subject, int limit) {
        Topics topics = new Topics(
                prefix, log.partitionsOf(new Topics(prefix, 1).inventoryEvents().name()));
        byte[] key = subject.productId().getBytes(StandardCharsets.UTF_8);
        int partition = topics.partitionOf(key);
        Story story = new Story(topics);
        log.begin(story.topics().stream()
                .map(topic -> new TopicPartition(topic, partition))
                .toList());
        Deque<Line> lines = new ArrayDeque<>();
        long[] count = {0};
        Map<TopicPartition, Long> begins = log.begins();
        log.readTo(log.ends(), event -> {
            Sentence sentence = Arrays.equals(event.key(), key) ? story.tell(event.topic(), event.value()) : null;
            if (sentence != null && subject.concerns(sentence.id())) {
                count[0]++;
                lines.add(line(event, prefix, sentence));
                if (lines.size() > limit) {
                    lines.remove();
                }
            }
        });
        if (lines.isEmpty()) {
            throw new PipelineException("The log has nothing of the " + subject.kind() + " " + subject.name() + ".");
        }
        print(subject, prefix, begins, count[0] - lines.size(), lines);
    }

    private static Line line(ConsumerRecord<byte[], byte[]> event, String prefix, Sentence sentence) {
        String topic = event.topic().substring(prefix.length());
        return new Line(
                Instant.ofEpochMilli(event.timestamp()),
                topic + "-" + event.partition() + "@" + event.offset(),
                sentence);
    }

    private void print(
            Subject subject, String prefix, Map<TopicPartition, Long> begins, long leftOut, Deque<Line> lines) {
        out.println("History of " + subject.kind() + " " + subject.name()
                + (subject.trail() == null ? "" : " of product " + subject.productId()));
        out.println("Times are UTC; the names of the topics begin with " + prefix);
        begins.forEach((partition, offset) -> {
            if (offset > 0) {
                out.println("What was before offset " + offset + " of " + partition + " is deleted.");
            }
        });
        if (leftOut > 0) {
            out.println("… " + leftOut + " earlier lines; --limit shows more");
        }
        int width = lines.stream().mapToInt(line -> line.where().length()).max().orElse(0);
        String day = "";
        for (Line line : lines) {
            if (!day.equals(DAY.format(line.time()))) {
                day = DAY.format(line.time());
                out.println();
                out.println(day);
            }
            String id = subject.trail() == null && !line.sentence().id().isEmpty()
                    ? "  " + line.sentence().id()
                    : "";
            out.println(TIME.format(line.time()) + "  "
                    + " ".repeat(width - line.where().length()) + line.where() + "  "
                    + line.sentence().what() + id);
        }
    }
}
