package io.flashsale.local.audit;

import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.HoldRejected;
import io.flashsale.contracts.InventoryEvent.RedeemRejected;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderEvent.PaymentUnmatched;
import io.flashsale.local.audit.Trail.Debt;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The books of one partition: of all products whose key lies in it. Give it the events of each of the two topics in
 * their order; how the topics are interleaved does not matter, because what one application owes the other is judged
 * only at the end of a round, see {@link #endOfRound()}. Not thread-safe.
 */
public final class PartitionBooks {

    private final Coverage coverage;
    private final AuditTerms terms;
    private final Consumer<Violation> findings;
    private final InventoryAudit inventoryAudit;
    private final OrderAudit orderAudit;
    private final SortedMap<String, ProductBook> products = new TreeMap<>();
    private int live;
    private int ended;

    /** @param findings is told each violation as it is found */
    public PartitionBooks(Coverage coverage, AuditTerms terms, Consumer<Violation> findings) {
        this.coverage = coverage;
        this.terms = terms;
        this.findings = findings;
        this.inventoryAudit = new InventoryAudit(coverage);
        this.orderAudit = new OrderAudit(coverage);
    }

    /**
     * Writes an event of {@code inventory-events}.
     *
     * @param time the record's timestamp, which is log time
     * @throws BooksFullException if there is more than the books may keep
     */
    public void inventory(Position at, Instant time, InventoryEvent event) {
        boolean changesNothing = event instanceof HoldRejected || event instanceof RedeemRejected;
        ProductBook book = book(event.productId(), !changesNothing);
        write(book, () -> inventoryAudit.write(book, event, new Entry(event.productId(), at, time, findings)));
    }

    /** Writes an event of {@code order-events}; otherwise like {@link #inventory}. */
    public void orders(Position at, Instant time, OrderEvent event) {
        ProductBook book = book(event.productId(), !(event instanceof PaymentUnmatched));
        write(book, () -> orderAudit.write(book, event, new Entry(event.productId(), at, time, findings)));
    }

    /** Anybody can ask for products that do not exist, so being asked for is no reason to be kept. */
    private ProductBook book(String productId, boolean keep) {
        ProductBook known = products.get(productId);
        if (known != null) {
            return known;
        }
        ProductBook made = new ProductBook(productId, new Trails(coverage, terms));
        if (keep) {
            products.put(productId, made);
        }
        return made;
    }

    private void write(ProductBook book, Runnable audit) {
        int liveBefore = book.trails.liveCount();
        int endedBefore = book.trails.endedCount();
        book.events++;
        audit.run();
        live += book.trails.liveCount() - liveBefore;
        ended += book.trails.endedCount() - endedBefore;
        requireRoom(live, terms.maxLive(), "holds and orders under way");
        requireRoom(ended, terms.maxEnded(), "ended holds");
    }

    private static void requireRoom(int count, int max, String what) {
        if (count > max) {
            throw new BooksFullException("more than %,d %s".formatted(max, what));
        }
    }

    /**
     * Both topics were read to their present ends. What follows from a decision becomes readable only after the decision
     * itself. So what lacked its cause at the end of one round, and still does at the end of the next, never had one.
     *
     * @return how many are under suspicion now: at least one more round will tell
     */
    public int endOfRound() {
        int suspects = 0;
        for (ProductBook book : products.values()) {
            for (Map.Entry<TrailKey, Trail> each : book.trails.live().entrySet()) {
                suspects += each.getValue().condemned ? 0 : judgeCause(book.productId, each.getKey(), each.getValue());
            }
        }
        return suspects;
    }

    private int judgeCause(String productId, TrailKey key, Trail trail) {
        Debt debt = trail.withoutCause(coverage);
        if (debt == null || !debt.what().equals(trail.suspicion)) {
            trail.suspicion = debt == null ? null : debt.what();
            return debt == null ? 0 : 1;
        }
        condemn(productId, key, trail, Rule.CAUSE, debt);
        return 0;
    }

    /** How many decisions wait for the other application to follow. Normally for some milliseconds. */
    public int unfollowed() {
        return (int) trailsUnderWay()
                .filter(trail -> !trail.condemned && trail.unfollowed(coverage) != null)
                .count();
    }

    /** The logs are quiet and stay so: what has not followed by now is reported. */
    public void judgeUnfollowed() {
        for (ProductBook book : products.values()) {
            book.trails.live().forEach((key, trail) -> {
                Debt debt = trail.condemned ? null : trail.unfollowed(coverage);
                if (debt != null) {
                    condemn(book.productId, key, trail, Rule.FOLLOWED, debt);
                }
            });
        }
    }

    private void condemn(String productId, TrailKey key, Trail trail, Rule rule, Debt debt) {
        trail.condemned = true;
        findings.accept(
                new Violation(rule, productId, debt.event(), key.orderId(productId) + ": " + debt.what() + "."));
    }

    /** What the stock of each defined product is, by product id. Empty if the beginning of the log is deleted. */
    public SortedMap<String, StockCount> stock() {
        SortedMap<String, StockCount> counts = new TreeMap<>();
        if (coverage.inventory()) {
            products.forEach((id, book) -> {
                if (book.stock.definition() != null) {
                    counts.put(id, book.count());
                }
            });
        }
        return counts;
    }

    /** Ids of all products that some event named. */
    public List<String> productIds() {
        return List.copyOf(products.keySet());
    }

    private Stream<Trail> trailsUnderWay() {
        return products.values().stream().flatMap(book -> book.trails.live().values().stream());
    }
}
