package io.flashsale.local.audit;

import io.flashsale.contracts.InventoryEvent.ProductDefined;
import io.flashsale.contracts.InventoryEvent.StockAdjusted;
import org.jspecify.annotations.Nullable;

/** One product's units, moved by events from one place to another. */
final class StockBook {

    private @Nullable ProductDefined definition;
    private long total;
    private long available;
    private long held;
    private long pending;
    private long sold;
    private long activeHolds;

    /** The definition that counts now; null before the first. */
    @Nullable
    ProductDefined definition() {
        return definition;
    }

    long total() {
        return total;
    }

    long available() {
        return available;
    }

    void define(ProductDefined event) {
        available += event.totalStock() - total;
        total = event.totalStock();
        definition = event;
    }

    /** The event says both the change and the result; {@link #objection} sees whether they agree. */
    void adjust(StockAdjusted event) {
        available += event.delta();
        total = event.totalStock();
    }

    void place(int quantity) {
        available -= quantity;
        held += quantity;
        activeHolds++;
    }

    void giveUpHold(int quantity) {
        held -= quantity;
        available += quantity;
        activeHolds--;
    }

    void redeem(int quantity) {
        held -= quantity;
        pending += quantity;
        activeHolds--;
    }

    void sell(int quantity) {
        pending -= quantity;
        sold += quantity;
    }

    void giveBack(int quantity) {
        pending -= quantity;
        available += quantity;
    }

    void takeAgain(int quantity) {
        available -= quantity;
        pending += quantity;
    }

    /** What is wrong with the numbers, or null. */
    @Nullable
    String objection() {
        boolean negative = available < 0 || held < 0 || pending < 0 || sold < 0 || total < 0;
        return negative || available + held + pending + sold != total || sold > total ? toString() : null;
    }

    StockCount count(String productId, long events, @Nullable Position lastChange) {
        return new StockCount(productId, total, available, held, pending, sold, activeHolds, events, lastChange);
    }

    @Override
    public String toString() {
        return "available %d + held %d + pending %d + sold %d of %d".formatted(available, held, pending, sold, total);
    }
}
