package io.flashsale.inventory.domain;

import java.time.Duration;
import java.time.Instant;

/**
 * What holds for all products alike.
 *
 * @param maxExtensions how often one hold may be extended
 * @param keepKeys how long a request is remembered, by its idempotency key or as a hold that became no order
 * @param keepOrders how long order-streams remembers an order that ended
 */
public record InventoryTerms(int maxExtensions, Duration keepKeys, Duration keepOrders) {

    private static final Duration LONGER_THAN_THE_ORDER = Duration.ofDays(1);

    /** Until when a request is remembered that was decided at {@code time}. */
    Instant endOfRequest(Instant time) {
        return time.plusMillis(keepKeys.toMillis());
    }

    /**
     * Until when a hold is remembered whose order ended at {@code time}: longer than order-streams keeps the order. The
     * id of a forgotten hold may come again, and must never meet a living order.
     */
    Instant endOfOrder(Instant time) {
        return time.plusMillis(keepOrders.plus(LONGER_THAN_THE_ORDER).toMillis());
    }
}
