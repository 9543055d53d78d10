package io.flashsale.local.tools;

import io.flashsale.contracts.Topic;
import io.flashsale.contracts.Topics;
import io.flashsale.local.Amounts;
import io.flashsale.local.Table;
import io.flashsale.local.TopicRules;
import io.flashsale.local.tools.KafkaFacts.Edge;
import io.flashsale.local.tools.KafkaFacts.PartitionState;
import io.flashsale.local.tools.KafkaFacts.TopicState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The topics of a pipeline, and what is not with them as it must be.
 *
 * @param warnings one sentence each
 */
record TopicsReport(List<Row> rows, List<String> warnings) {

    private static final String FOR_EVER = "-1";
    private static final String UNKNOWN = "unknown";

    /**
     * One topic.
     *
     * @param replicas of the partition that has the fewest
     * @param neededInSync copies without which Kafka takes no record
     * @param worstInSync copies that are up to date, of the partition where they are the fewest
     * @param kept for how long, for a person
     * @param records by their offsets; empty if it cannot be asked for
     * @param bytes of all copies together
     */
    record Row(
            String name,
            int partitions,
            int replicas,
            int neededInSync,
            int worstInSync,
            String kept,
            OptionalLong records,
            long bytes) {}

    static TopicsReport of(KafkaFacts kafka, String prefix) {
        List<String> names = kafka.topicNames().stream()
                .filter(name -> name.startsWith(prefix))
                .sorted()
                .toList();
        List<TopicState> topics = kafka.topics(names).stream()
                .sorted(Comparator.comparing(TopicState::name))
                .toList();
        List<TopicPartition> led =
                topics.stream().flatMap(topic -> topic.led().stream()).toList();
        Map<TopicPartition, Long> begins = kafka.offsets(led, Edge.BEGIN);
        Map<TopicPartition, Long> ends = kafka.offsets(led, Edge.END);
        Map<String, Long> bytes = kafka.bytes();
        List<Row> rows = topics.stream()
                .map(topic -> row(topic, recordsOf(topic, begins, ends), bytes.getOrDefault(topic.name(), 0L)))
                .toList();
        return new TopicsReport(rows, warnings(topics, prefix));
    }

    private static Row row(TopicState topic, OptionalLong records, long bytes) {
        return new Row(
                topic.name(),
                topic.partitions().size(),
                smallest(topic, PartitionState::replicas),
                needed(topic, smallest(topic, PartitionState::replicas)),
                smallest(topic, PartitionState::inSync),
                keptFor(topic.settings()),
                records,
                bytes);
    }

    private static int smallest(TopicState topic, ToIntFunction<PartitionState> of) {
        return topic.partitions().stream().mapToInt(of).min().orElse(0);
    }

    /** Of a topic with fewer copies than are asked for Kafka asks for all of them. */
    private static int needed(TopicState topic, int replicas) {
        String setting = topic.settings().getOrDefault(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "1");
        return Math.min(Integer.parseInt(setting), replicas);
    }

    private static OptionalLong recordsOf(
            TopicState topic, Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) {
        if (!topic.isLedEverywhere()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(topic.led().stream()
                .mapToLong(partition -> ends.getOrDefault(partition, 0L) - begins.getOrDefault(partition, 0L))
                .sum());
    }

    private static String keptFor(Map<String, String> settings) {
        List<String> policies = Arrays.asList(settings.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, UNKNOWN)
                .split(" *, *"));
        List<String> kept = new ArrayList<>();
        if (policies.contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            kept.add("compacted");
        }
        if (policies.contains(TopicConfig.CLEANUP_POLICY_DELETE)) {
            String time = settings.getOrDefault(TopicConfig.RETENTION_MS_CONFIG, FOR_EVER);
            String size = settings.getOrDefault(TopicConfig.RETENTION_BYTES_CONFIG, FOR_EVER);
            kept.add(time.equals(FOR_EVER) && size.equals(FOR_EVER) ? "for ever" : bounds(time, size));
        }
        return kept.isEmpty() ? String.join(", ", policies) : String.join(", ", kept);
    }

    private static String bounds(String time, String size) {
        List<String> bounds = new ArrayList<>();
        if (!time.equals(FOR_EVER)) {
            bounds.add(Amounts.time(Long.parseLong(time)));
        }
        if (!size.equals(FOR_EVER)) {
            bounds.add(Amounts.bytes(Long.parseLong(size)) + " a partition");
        }
        return String.join(" or ", bounds);
    }

    private static List<String> warnings(List<TopicState> topics, String prefix) {
        Map<String, TopicState> present =
                topics.stream().collect(Collectors.toMap(TopicState::name, Function.identity()));
        List<Topic> contract = new Topics(prefix, 1).all();
        List<String> warnings = new ArrayList<>();
        for (Topic topic : contract) {
            TopicState found = present.get(topic.name());
            if (found == null) {
                warnings.add("The topic " + topic.name() + " is missing: ./flashsale up creates it when it starts.");
            } else {
                TopicRules.objection(topic, found.settings()).ifPresent(warnings::add);
            }
        }
        Set<String> names = contract.stream().map(Topic::name).collect(Collectors.toSet());
        warnings.addAll(warningsOfPartitions(topics, names, prefix));
        topics.forEach(topic -> warnings.addAll(warningsOfCopies(topic)));
        return warnings;
    }

    private static List<String> warningsOfPartitions(List<TopicState> topics, Set<String> contract, String prefix) {
        int usual = usualPartitions(topics, contract);
        return topics.stream()
                .filter(topic -> contract.contains(topic.name()) || isInternal(topic.name(), prefix))
                .filter(topic -> topic.partitions().size() != usual)
                .map(topic -> "The topic " + topic.name() + " has "
                        + topic.partitions().size() + " partitions, but the others have " + usual
                        + ": a product must have the same number everywhere.")
                .toList();
    }

    /** What most of them have is what is needed: how many that is, only the services' own settings say. */
    private static int usualPartitions(List<TopicState> topics, Set<String> contract) {
        Map<Integer, Long> counts = topics.stream()
                .filter(topic -> contract.contains(topic.name()))
                .collect(Collectors.groupingBy(topic -> topic.partitions().size(), Collectors.counting()));
        return counts.entrySet().stream()
                .max(Map.Entry.<Integer, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElse(0);
    }

    private static boolean isInternal(String name, String prefix) {
        return Arrays.stream(Application.values())
                .anyMatch(
                        application -> name.startsWith(application.group(prefix) + "-") && name.endsWith("-changelog"));
    }

    private static List<String> warningsOfCopies(TopicState topic) {
        List<String> warnings = new ArrayList<>();
        List<PartitionState> withoutLeader = topic.partitions().stream()
                .filter(partition -> !partition.led())
                .toList();
        List<PartitionState> closed = topic.partitions().stream()
                .filter(PartitionState::led)
                .filter(partition -> partition.inSync() < needed(topic, partition.replicas()))
                .toList();
        List<PartitionState> weak = topic.partitions().stream()
                .filter(PartitionState::led)
                .filter(partition -> partition.inSync() < partition.replicas() && !closed.contains(partition))
                .toList();
        if (!withoutLeader.isEmpty()) {
            warnings.add(named(withoutLeader) + " no leader: nothing can be read or written there.");
        }
        if (!closed.isEmpty()) {
            warnings.add(named(closed) + " fewer copies in sync than are needed: nothing can be written there.");
        }
        if (!weak.isEmpty()) {
            warnings.add(named(weak) + " copies that are not in sync: a broker is away or behind.");
        }
        return warnings;
    }

    /** The first of them, and how many more there are: all may be hundreds. */
    private static String named(List<PartitionState> partitions) {
        String first = partitions.getFirst().partition().toString();
        int more = partitions.size() - 1;
        return more == 0 ? first + " has" : first + " and " + more + " more of the topic have";
    }

    boolean isGood() {
        return warnings.isEmpty();
    }

    /** For a person. */
    List<String> lines() {
        Table table = new Table(
                        "topic", "partitions", "replicas", "needed in sync", "worst", "kept", "records", "bytes")
                .numbers(1, 2, 3, 4, 6, 7);
        rows.forEach(row -> table.row(
                row.name(),
                Integer.toString(row.partitions()),
                Integer.toString(row.replicas()),
                Integer.toString(row.neededInSync()),
                Integer.toString(row.worstInSync()),
                row.kept(),
                row.records().isPresent() ? "%,d".formatted(row.records().getAsLong()) : UNKNOWN,
                Amounts.bytes(row.bytes())));
        List<String> lines = new ArrayList<>(table.lines());
        lines.add("");
        if (isGood()) {
            lines.add("All " + rows.size() + " topics are as they must be.");
        }
        lines.addAll(warnings);
        return lines;
    }

    /** For a program. */
    Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("topics", rows.stream().map(TopicsReport::document).toList());
        document.put("warnings", warnings);
        return document;
    }

    private static Map<String, Object> document(Row row) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("topic", row.name());
        document.put("partitions", row.partitions());
        document.put("replicas", row.replicas());
        document.put("needed_in_sync", row.neededInSync());
        document.put("worst_in_sync", row.worstInSync());
        document.put("kept", row.kept());
        row.records().ifPresent(records -> document.put("records", records));
        document.put("bytes", row.bytes());
        return document;
    }
}
