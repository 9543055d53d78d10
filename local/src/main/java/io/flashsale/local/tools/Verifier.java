package io.flashsale.local.tools;

import io.flashsale.contracts.Topics;
import io.flashsale.local.PipelineException;
import io.flashsale.local.audit.AuditTerms;
import io.flashsale.local.audit.BooksFullException;
import io.flashsale.local.audit.Coverage;
import io.flashsale.local.audit.PartitionBooks;
import io.flashsale.local.audit.Position;
import io.flashsale.local.audit.Rule;
import io.flashsale.local.audit.StockCount;
import io.flashsale.local.audit.Violation;
import io.flashsale.local.tools.LiveProducts.LiveProduct;
import io.flashsale.local.tools.PartitionCheck.Outcome;
import io.flashsale.local.tools.PartitionCheck.Pause;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds products from their events and compares them with the running pipeline. One partition after the other, so that
 * only one partition's holds are in memory; nothing is written anywhere, so a second run finds the same.
 */
final class Verifier {

    /** Of one partition: long enough for what is on its way, short enough for a person. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration LIST_CONFIRMATION = Duration.ofSeconds(1);

    private final String prefix;
    private final LogReader log;
    private final LiveProducts live;
    private final AuditTerms terms;
    private final Duration patience;
    private final Pause pause;
    private final Findings findings = new Findings();
    private final Map<Integer, Outcome> outcomes = new TreeMap<>();

    /** Makes the books of a partition. */
    interface BooksMaker {
        PartitionBooks make(Coverage coverage, Consumer<Violation> findings);
    }

    Verifier(String prefix, LogReader log, LiveProducts live, AuditTerms terms, Duration patience, Pause pause) {
        this.prefix = prefix;
        this.log = log;
        this.live = live;
        this.terms = terms;
        this.patience = patience;
        this.pause = pause;
    }

    /** Checks all products, or one. Can be used once. */
    VerifyResult verify(Optional<String> product) {
        Topics topics = topics();
        List<Integer> partitions = product.map(id -> List.of(topics.partitionOf(id.getBytes(StandardCharsets.UTF_8))))
                .orElseGet(() -> IntStream.range(0, topics.partitions()).boxed().toList());
        Map<TopicPartition, Long> ends = endsOf(topics, partitions);
        for (int partition : partitions) {
            List<TopicPartition> both = PartitionCheck.partitions(topics, partition);
            boolean empty = both.stream().allMatch(each -> ends.getOrDefault(each, 0L) == 0);
            outcomes.put(partition, empty ? Outcome.nothing(both) : check(topics, partition, product));
        }
        if (product.isPresent()) {
            requireKnown(product.get());
            return VerifyResult.of(outcomes.values(), true, findings);
        }
        boolean listCompared = compareList(topics);
        return VerifyResult.of(outcomes.values(), listCompared, findings);
    }

    private Topics topics() {
        String inventoryEvents = new Topics(prefix, 1).inventoryEvents().name();
        String orderEvents = new Topics(prefix, 1).orderEvents().name();
        int partitions = log.partitionsOf(inventoryEvents);
        if (log.partitionsOf(orderEvents) != partitions) {
            throw new PipelineException(inventoryEvents + " and " + orderEvents
                    + " have different numbers of partitions: they are not of one pipeline.");
        }
        return new Topics(prefix, partitions);
    }

    private Map<TopicPartition, Long> endsOf(Topics topics, List<Integer> partitions) {
        List<TopicPartition> all = new ArrayList<>();
        partitions.forEach(partition -> all.addAll(PartitionCheck.partitions(topics, partition)));
        log.begin(all);
        return log.ends();
    }

    private Outcome check(Topics topics, int partition, Optional<String> product) {
        try {
            return new PartitionCheck(topics, partition, product, log, live, patience, pause, findings)
                    .run((coverage, found) -> new PartitionBooks(coverage, terms, found));
        } catch (BooksFullException full) {
            throw new PipelineException("Partition " + partition + " has " + full.getMessage()
                    + ", which is more than fits into the memory of this command.");
        }
    }

    private void requireKnown(String product) {
        Outcome outcome = outcomes.values().iterator().next();
        if (!outcome.productIds().contains(product)) {
            throw new PipelineException("There is no event of a product " + product + ".");
        }
    }

    // ---- the list of all products

    /**
     * Each product was compared by itself; the list must show the same ones, and the same of those that stood still. Only
     * the list shows a product that no event defined, so one that cannot be read says nothing.
     *
     * @return whether that was found out before patience ended
     */
    private boolean compareList(Topics topics) {
        endsOf(topics, List.copyOf(outcomes.keySet()));
        long end = pause.nanoTime() + patience.toNanos();
        Map<String, String> before = Map.of();
        long since = pause.nanoTime();
        do {
            Optional<Map<String, LiveProduct>> list = live.list();
            if (list.isPresent()) {
                Map<String, String> differences = listDifferences(topics, list.get(), log.ends());
                if (differences.isEmpty()) {
                    return true;
                }
                if (!differences.equals(before)) {
                    before = differences;
                    since = pause.nanoTime();
                } else if (pause.nanoTime() - since >= LIST_CONFIRMATION.toNanos()) {
                    report(topics, differences);
                    return true;
                }
            }
            pause.brief();
        } while (pause.nanoTime() < end);
        return false;
    }

    private void report(Topics topics, Map<String, String> differences) {
        differences.forEach(
                (id, what) -> findings.add(new Violation(Rule.STORE, id, position(topics, id), "in the list " + what)));
    }

    private Map<String, String> listDifferences(
            Topics topics, Map<String, LiveProduct> list, Map<TopicPartition, Long> ends) {
        Map<String, String> differences = new TreeMap<>();
        TreeSet<String> ids = new TreeSet<>(list.keySet());
        outcomes.values().forEach(outcome -> ids.addAll(outcome.stock().keySet()));
        for (String id : ids) {
            Outcome outcome = outcomeOf(topics, id);
            // One that was found different by itself is not told twice.
            boolean stoodStill = outcome.ends().entrySet().stream()
                    .allMatch(end -> Objects.equals(end.getValue(), ends.get(end.getKey())));
            if (stoodStill && outcome.coverage().inventory() && findings.countOf(id) == 0) {
                String what = listDifference(list.get(id), outcome.stock().get(id));
                if (!what.isEmpty()) {
                    differences.put(id, what);
                }
            }
        }
        return differences;
    }

    private static String listDifference(@Nullable LiveProduct row, @Nullable StockCount expected) {
        if (row == null) {
            return "the product is missing.";
        }
        if (expected == null) {
            return "is a product that no event defined.";
        }
        String differences = row.differences(expected);
        return differences.isEmpty() ? "" : "it has " + differences + ".";
    }

    private @Nullable Position position(Topics topics, String id) {
        StockCount count = outcomeOf(topics, id).stock().get(id);
        return count == null ? null : count.lastChange();
    }

    private Outcome outcomeOf(Topics topics, String id) {
        int partition = topics.partitionOf(id.getBytes(StandardCharsets.UTF_8));
        return Objects.requireNonNull(outcomes.get(partition), "all partitions were checked");
    }
}
