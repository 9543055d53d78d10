package io.flashsale.contracts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a product's sale may be bound by; what is null does not bind. In JSON these fields stand beside the product's
 * own. They are stated as a whole: a definition that leaves one out takes it away.
 *
 * @param maxQuantityPerHold units one hold may take
 * @param maxPerCustomer units one {@code customer_id} may have in active holds, unpaid and paid orders together; holds
 *     without a {@code customer_id} are refused
 * @param saleStartsAt holds appended before it are refused
 * @param saleEndsAt holds appended at or after it are refused; those taken in time may still be ordered and paid
 * @param lowStockThreshold units available from which on the stock is low
 * @param paymentWindowSeconds from an order's creation to its payment deadline; null for the pipeline's default
 */
public record SaleRules(
        @Nullable Integer maxQuantityPerHold,
        @Nullable Integer maxPerCustomer,
        @Nullable Instant saleStartsAt,
        @Nullable Instant saleEndsAt,
        @Nullable Integer lowStockThreshold,
        @Nullable Integer paymentWindowSeconds) {

    /** Nothing binds. */
    public static final SaleRules NONE = new SaleRules(null, null, null, null, null, null);

    /** Whether {@code time} is before the sale. */
    public boolean isBeforeSale(Instant time) {
        return saleStartsAt != null && time.isBefore(saleStartsAt);
    }

    /** Whether {@code time} is at the end of the sale or after it. */
    public boolean isAfterSale(Instant time) {
        return saleEndsAt != null && !time.isBefore(saleEndsAt);
    }
}
