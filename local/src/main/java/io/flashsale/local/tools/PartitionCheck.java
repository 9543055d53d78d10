package io.flashsale.local.tools;

import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.Topics;
import io.flashsale.local.audit.Coverage;
import io.flashsale.local.audit.PartitionBooks;
import io.flashsale.local.audit.Position;
import io.flashsale.local.audit.Rule;
import io.flashsale.local.audit.StockCount;
import io.flashsale.local.audit.Violation;
import io.flashsale.local.tools.LiveProducts.Read;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * One partition of both event topics: reads it into the books, goes on reading until all owed causes are there and every
 * product could be compared with the store while the logs stood still.
 */
final class PartitionCheck {

    /** A decision waits at most some milliseconds for its followers; quiet for that long, and nobody works on it. */
    private static final Duration QUIET = Duration.ofSeconds(10);

    /** The store shows decisions a moment before they are committed, so a difference must be there twice. */
    private static final Duration CONFIRMATION = Duration.ofSeconds(1);

    private final Topics topics;
    private final int partition;
    private final Optional<String> product;
    private final LogReader log;
    private final LiveProducts live;
    private final Duration patience;
    private final Pause pause;
    private final Findings findings;

    private Map<TopicPartition, Long> read = Map.of();
    private final Map<String, Long> differentSince = new HashMap<>();
    private long events;

    /** How time passes; tests need not wait. */
    interface Pause {

        /** A moment. */
        void brief();

        long nanoTime();
    }

    /**
     * @param ends how far was read
     * @param notCompared products for whose comparison the logs never stood still
     * @param onTheirWay decisions whose followers were not there yet when patience ended
     */
    record Outcome(
            Coverage coverage,
            Map<TopicPartition, Long> begins,
            Map<TopicPartition, Long> ends,
            SortedMap<String, StockCount> stock,
            List<String> productIds,
            List<String> notCompared,
            int onTheirWay,
            long events) {

        /** Nothing was ever written. */
        static Outcome nothing(List<TopicPartition> partitions) {
            Map<TopicPartition, Long> ends = partitions.stream().collect(Collectors.toMap(each -> each, each -> 0L));
            return new Outcome(Coverage.COMPLETE, Map.of(), ends, new TreeMap<>(), List.of(), List.of(), 0, 0);
        }
    }

    PartitionCheck(
            Topics topics,
            int partition,
            Optional<String> product,
            LogReader log,
            LiveProducts live,
            Duration patience,
            Pause pause,
            Findings findings) {
        this.topics = topics;
        this.partition = partition;
        this.product = product;
        this.log = log;
        this.live = live;
        this.patience = patience;
        this.pause = pause;
        this.findings = findings;
    }

    static List<TopicPartition> partitions(Topics topics, int partition) {
        return List.of(
                new TopicPartition(topics.inventoryEvents().name(), partition),
                new TopicPartition(topics.orderEvents().name(), partition));
    }

    Outcome run(Verifier.BooksMaker booksMaker) {
        List<TopicPartition> both = partitions(topics, partition);
        log.begin(both);
        Map<TopicPartition, Long> begins = log.begins();
        Coverage coverage =
                new Coverage(begins.getOrDefault(both.get(0), 0L) == 0, begins.getOrDefault(both.get(1), 0L) == 0);
        PartitionBooks books = booksMaker.make(coverage, findings::add);
        catchUp(books);
        TreeSet<String> toCompare = new TreeSet<>(books.stock().keySet());
        TreeSet<String> known = new TreeSet<>(toCompare);
        long began = pause.nanoTime();
        long lastMove = began;
        while (true) {
            int suspects = books.endOfRound();
            compare(books, toCompare);
            long now = pause.nanoTime();
            boolean atRest = toCompare.isEmpty() && suspects == 0;
            if (atRest && books.unfollowed() > 0 && now - lastMove >= QUIET.toNanos()) {
                books.judgeUnfollowed();
            }
            boolean done = atRest && books.unfollowed() == 0;
            if (done || now - began >= patience.toNanos()) {
                return new Outcome(
                        coverage,
                        begins,
                        read,
                        books.stock(),
                        books.productIds(),
                        List.copyOf(toCompare),
                        books.unfollowed(),
                        events);
            }
            pause.brief();
            if (catchUp(books)) {
                lastMove = now;
                books.stock().keySet().stream().filter(known::add).forEach(toCompare::add);
            }
        }
    }

    /** Whether there was anything new. */
    private boolean catchUp(PartitionBooks books) {
        Map<TopicPartition, Long> ends = log.ends();
        if (ends.equals(read)) {
            return false;
        }
        log.readTo(ends, event -> write(books, event));
        read = ends;
        return true;
    }

    private void compare(PartitionBooks books, TreeSet<String> toCompare) {
        SortedMap<String, StockCount> stock = books.stock();
        for (String id : new ArrayList<>(toCompare)) {
            StockCount expected = stock.get(id);
            String difference = expected == null ? null : difference(expected, live.read(id));
            if (!log.ends().equals(read)) {
                // Whatever was answered, it may be of before or of after.
                differentSince.clear();
                return;
            }
            if (difference == null) {
                continue;
            }
            if (difference.isEmpty()) {
                toCompare.remove(id);
            } else if (pause.nanoTime() - differentSince.computeIfAbsent(id, ignored -> pause.nanoTime())
                    >= CONFIRMATION.toNanos()) {
                findings.add(
                        new Violation(Rule.STORE, id, expected == null ? null : expected.lastChange(), difference));
                toCompare.remove(id);
            }
        }
    }

    /** Empty if there is none, null if that cannot be said now. */
    private @Nullable String difference(StockCount expected, Read answer) {
        return switch (answer) {
            case Read.Found found -> {
                String differences = found.product().differences(expected);
                yield differences.isEmpty() ? "" : "the store shows " + differences + ".";
            }
            case Read.Missing ignored -> "the store has no such product.";
            case Read.Later ignored -> null;
        };
    }

    private void write(PartitionBooks books, ConsumerRecord<byte[], byte[]> event) {
        String key = event.key() == null ? "" : new String(event.key(), StandardCharsets.UTF_8);
        if (product.isPresent() && !product.get().equals(key)) {
            return;
        }
        events++;
        Position at = new Position(event.topic(), event.partition(), event.offset());
        if (event.key() == null || topics.partitionOf(event.key()) != event.partition()) {
            findings.add(new Violation(Rule.READABLE, key, at, "its key belongs into another partition."));
            return;
        }
        if (event.value() == null) {
            findings.add(new Violation(Rule.READABLE, key, at, "it has no value."));
            return;
        }
        try {
            Instant time = Instant.ofEpochMilli(event.timestamp());
            if (event.topic().equals(topics.inventoryEvents().name())) {
                InventoryEvent read = Json.MAPPER.readValue(event.value(), InventoryEvent.class);
                if (isKeyOf(read.productId(), key, at)) {
                    books.inventory(at, time, read);
                }
            } else {
                OrderEvent read = Json.MAPPER.readValue(event.value(), OrderEvent.class);
                if (isKeyOf(read.productId(), key, at)) {
                    books.orders(at, time, read);
                }
            }
        } catch (JacksonException unreadable) {
            findings.add(new Violation(
                    Rule.READABLE, key, at, "it is no event that is known here: " + unreadable.getOriginalMessage()));
        }
    }

    private boolean isKeyOf(@Nullable String productId, String key, Position at) {
        boolean right = key.equals(productId);
        if (!right) {
            findings.add(new Violation(Rule.READABLE, key, at, "it is about " + productId + ", which is not its key."));
        }
        return right;
    }
}
