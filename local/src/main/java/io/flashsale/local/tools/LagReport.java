package io.flashsale.local.tools;

import io.flashsale.local.Table;
import io.flashsale.local.tools.KafkaFacts.Edge;
import io.flashsale.local.tools.KafkaFacts.Group;
import io.flashsale.local.tools.KafkaFacts.Member;
import io.flashsale.local.tools.KafkaFacts.TopicState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the applications are behind what was written for them.
 *
 * @param partitions in the order of applications, topics and numbers
 * @param warnings one sentence each
 */
record LagReport(List<Row> partitions, List<String> warnings) {

    /**
     * One partition of one application's input.
     *
     * @param next the offset from which the application reads on
     * @param end behind the last record it may read
     * @param open records behind that, which a transaction that is open holds back
     */
    record Row(Application application, TopicPartition partition, long next, long end, long open) {

        long behind() {
            return Math.max(0, end - next);
        }
    }

    /** All partitions of one topic. */
    private record Sum(Application application, String topic, List<Row> rows) {

        long behind() {
            return rows.stream().mapToLong(Row::behind).sum();
        }

        long open() {
            return rows.stream().mapToLong(Row::open).sum();
        }

        Row worst() {
            return rows.stream().max(Comparator.comparingLong(Row::behind)).orElseThrow();
        }
    }

    static LagReport of(KafkaFacts kafka, String prefix) {
        List<Row> rows = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        Set<String> present = kafka.topicNames();
        for (Application application : Application.values()) {
            // First what was committed: what is written meanwhile counts as behind rather than not at all.
            Group group = kafka.group(application.group(prefix));
            if (group.members().isEmpty()) {
                warnings.add("Nobody runs " + application.label() + ": what is behind stays behind.");
            }
            List<TopicState> inputs = kafka.topics(inputsOf(group, present)).stream()
                    .sorted(Comparator.comparing(TopicState::name))
                    .toList();
            inputs.stream()
                    .filter(topic -> !topic.isLedEverywhere())
                    .map(topic -> "The topic " + topic.name() + " has partitions without a leader, so it is not known"
                            + " how far " + application.label() + " is behind there.")
                    .forEach(warnings::add);
            rows.addAll(rows(
                    kafka,
                    application,
                    group,
                    inputs.stream().flatMap(topic -> topic.led().stream()).toList()));
        }
        return new LagReport(rows, warnings);
    }

    /** What it was ever committed for and is still there, and what it is to read. */
    private static Set<String> inputsOf(Group group, Set<String> present) {
        Stream<TopicPartition> assigned =
                group.members().stream().map(Member::partitions).flatMap(Collection::stream);
        return Stream.concat(group.committed().keySet().stream(), assigned)
                .map(TopicPartition::topic)
                .filter(present::contains)
                .collect(Collectors.toSet());
    }

    /**
     * The end is the stable one: with read_committed nobody may read on behind the first open transaction, and counting
     * what lies there would show a lag that no application can do anything about. It is shown beside it, because a
     * transaction that is never ended looks like an idle pipeline otherwise.
     */
    private static List<Row> rows(
            KafkaFacts kafka, Application application, Group group, List<TopicPartition> partitions) {
        Map<TopicPartition, Long> begins = kafka.offsets(partitions, Edge.BEGIN);
        Map<TopicPartition, Long> stableEnds = kafka.offsets(partitions, Edge.STABLE_END);
        Map<TopicPartition, Long> ends = kafka.offsets(partitions, Edge.END);
        return partitions.stream()
                .map(partition -> {
                    long begin = begins.getOrDefault(partition, 0L);
                    long stableEnd = stableEnds.getOrDefault(partition, 0L);
                    long end = ends.getOrDefault(partition, 0L);
                    // Where nothing was committed yet, and where that was deleted, it begins with what is there.
                    long next = Math.max(begin, group.committed().getOrDefault(partition, begin));
                    return new Row(application, partition, next, stableEnd, Math.max(0, end - stableEnd));
                })
                .toList();
    }

    boolean isGood() {
        return warnings.isEmpty();
    }

    /**
     * For a person.
     *
     * @param each one line a partition instead of one a topic
     */
    List<String> lines(boolean each) {
        List<String> lines = new ArrayList<>(each ? linesOfPartitions() : linesOfTopics());
        if (!isGood()) {
            lines.add("");
            lines.addAll(warnings);
        }
        return lines;
    }

    private List<String> linesOfTopics() {
        Table table = new Table("application", "topic", "partitions", "behind", "worst", "its lag", "open")
                .numbers(2, 3, 4, 5, 6);
        sums().forEach(sum -> table.row(
                sum.application().label(),
                sum.topic(),
                Integer.toString(sum.rows().size()),
                "%,d".formatted(sum.behind()),
                sum.behind() == 0
                        ? ""
                        : Integer.toString(sum.worst().partition().partition()),
                sum.behind() == 0 ? "" : "%,d".formatted(sum.worst().behind()),
                "%,d".formatted(sum.open())));
        return table.lines();
    }

    private List<String> linesOfPartitions() {
        Table table =
                new Table("application", "topic", "partition", "next", "end", "behind", "open").numbers(2, 3, 4, 5, 6);
        partitions.forEach(row -> table.row(
                row.application().label(),
                row.partition().topic(),
                Integer.toString(row.partition().partition()),
                Long.toString(row.next()),
                Long.toString(row.end()),
                "%,d".formatted(row.behind()),
                "%,d".formatted(row.open())));
        return table.lines();
    }

    private List<Sum> sums() {
        Map<Application, Map<String, List<Row>>> grouped = partitions.stream()
                .collect(Collectors.groupingBy(
                        Row::application,
                        TreeMap::new,
                        Collectors.groupingBy(row -> row.partition().topic(), TreeMap::new, Collectors.toList())));
        List<Sum> sums = new ArrayList<>();
        grouped.forEach(
                (application, topics) -> topics.forEach((topic, rows) -> sums.add(new Sum(application, topic, rows))));
        return sums;
    }

    /**
     * For a program.
     *
     * @param each with each partition
     */
    Map<String, Object> document(boolean each) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("inputs", sums().stream().map(LagReport::document).toList());
        if (each) {
            document.put(
                    "partitions", partitions.stream().map(LagReport::document).toList());
        }
        document.put("warnings", warnings);
        return document;
    }

    private static Map<String, Object> document(Sum sum) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("application", sum.application().label());
        document.put("topic", sum.topic());
        document.put("partitions", sum.rows().size());
        document.put("behind", sum.behind());
        document.put("worst_partition", sum.worst().partition().partition());
        document.put("worst_behind", sum.worst().behind());
        document.put("open", sum.open());
        return document;
    }

    private static Map<String, Object> document(Row row) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("application", row.application().label());
        document.put("topic", row.partition().topic());
        document.put("partition", row.partition().partition());
        document.put("next", row.next());
        document.put("end", row.end());
        document.put("behind", row.behind());
        document.put("open", row.open());
        return document;
    }
}
