package io.flashsale.local.audit;

import org.jspecify.annotations.Nullable;

/**
 * What the events say of one product's stock, in units.
 *
 * @param activeHolds holds that are neither redeemed, released nor expired
 * @param lastChange the last event that moved units; null before the first
 */
public record StockCount(
        String productId,
        long total,
        long available,
        long held,
        long pending,
        long sold,
        long activeHolds,
        long events,
        @Nullable Position lastChange) {

    /** What the API calls reserved. */
    public long reserved() {
        return held + pending;
    }
}
