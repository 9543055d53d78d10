package io.flashsale.local.tools;

import io.flashsale.local.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What became of the dead letters that were meant. Safe for use by several threads: Kafka answers in one of its own. */
final class ReplayResult {

    private static final int MAX_NAME_CHARACTERS = 64;

    /** There are four command topics; whatever else somebody wrote there is counted together. */
    private static final int MAX_COUNTS = 100;

    enum Outcome {
        REPLAYED("replayed"),
        REPLAYED_BEFORE("replayed before: it is in its topic already"),
        NO_KEY("left: without a key there is no partition for it"),
        TOO_LONG("left: longer than a command may be, and cut if it was very long"),
        NO_COMMAND("left: comes from no command topic"),
        NOT_TAKEN("Kafka did not take it");

        private final String sentence;

        Outcome(String sentence) {
            this.sentence = sentence;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private record Group(Outcome outcome, String topic) implements Comparable<Group> {

        @Override
        public int compareTo(Group other) {
            return Comparator.comparing(Group::outcome)
                    .thenComparing(Group::topic)
                    .compare(this, other);
        }
    }

    private final String prefix;
    private final Selection selection;
    private final Map<Group, Long> counts = new TreeMap<>();
    private @Nullable String firstFailure;

    ReplayResult(String prefix, Selection selection) {
        this.prefix = prefix;
        this.selection = selection;
    }

    synchronized void count(Outcome outcome, String topic) {
        Group group = new Group(outcome, Escaped.text(withoutPrefix(topic), MAX_NAME_CHARACTERS));
        boolean fits = counts.containsKey(group) || counts.size() < MAX_COUNTS;
        counts.merge(fits ? group : new Group(outcome, "other"), 1L, Long::sum);
    }

    synchronized void notTaken(String topic, Exception failed) {
        if (firstFailure == null) {
            firstFailure = failed.toString();
        }
        count(Outcome.NOT_TAKEN, topic);
    }

    private String withoutPrefix(String topic) {
        return topic.startsWith(prefix) ? topic.substring(prefix.length()) : topic;
    }

    private long countOf(Outcome outcome) {
        return counts.entrySet().stream()
                .filter(each -> each.getKey().outcome() == outcome)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private long letters() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    synchronized boolean isGood() {
        return countOf(Outcome.NOT_TAKEN) == 0;
    }

    /** For a person. */
    synchronized List<String> lines() {
        String meant =
                selection.reason().map(reason -> "with the reason " + reason).orElse("of any reason")
                        + selection.topic().map(topic -> " from " + topic).orElse("");
        if (counts.isEmpty()) {
            return List.of("There is no dead letter " + meant + ".");
        }
        Table table = new Table("topic", "letters", "what became of them").numbers(1);
        counts.forEach((group, count) -> table.row(group.topic(), "%,d".formatted(count), group.outcome().sentence));
        List<String> lines = new ArrayList<>(table.lines());
        lines.add("");
        lines.add("%,d of %,d dead letter%s %s replayed."
                .formatted(countOf(Outcome.REPLAYED), letters(), letters() == 1 ? "" : "s", meant));
        if (firstFailure != null) {
            lines.add("Kafka did not take some of them (" + firstFailure
                    + "): run it again, what was replayed will not be replayed twice.");
        }
        return lines;
    }

    /** For a program. */
    synchronized Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        selection.reason().ifPresent(reason -> document.put("reason", reason));
        document.put("letters", letters());
        document.put("replayed", countOf(Outcome.REPLAYED));
        document.put(
                "outcomes",
                counts.entrySet().stream()
                        .map(each -> {
                            Map<String, Object> outcome = new LinkedHashMap<>();
                            outcome.put("outcome", each.getKey().outcome().label());
                            outcome.put("topic", each.getKey().topic());
                            outcome.put("letters", each.getValue());
                            return outcome;
                        })
                        .toList());
        return document;
    }
}
