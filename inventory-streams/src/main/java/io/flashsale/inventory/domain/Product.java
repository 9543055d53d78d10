package io.flashsale.inventory.domain;

import io.flashsale.contracts.InventoryEvent.ProductDefined;
import io.flashsale.contracts.ProductView;
import io.flashsale.contracts.SaleStatus;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A product and its stock.
 *
 * @param activeHolds how many holds have their units in {@link Stock#held()}
 * @param changedAt log time of the last change
 * @param revision counts the changes
 */
public record Product(
        String productId,
        String name,
        BigDecimal price,
        String currency,
        int holdTtlSeconds,
        Stock stock,
        int activeHolds,
        Instant changedAt,
        long revision) {

    static Product defined(@Nullable Product before, ProductDefined event, Instant time) {
        Stock stock =
                before == null ? new Stock(event.totalStock(), 0, 0, 0) : before.stock.resizedTo(event.totalStock());
        return new Product(
                event.productId(),
                event.name(),
                event.price(),
                event.currency(),
                event.holdTtlSeconds(),
                stock,
                before == null ? 0 : before.activeHolds,
                time,
                before == null ? 1 : before.revision + 1);
    }

    Product moved(UnaryOperator<Stock> movement, int holdsMore, Instant time) {
        return new Product(
                productId,
                name,
                price,
                currency,
                holdTtlSeconds,
                movement.apply(stock),
                activeHolds + holdsMore,
                time,
                revision + 1);
    }

    /** This product as callers see it. */
    public ProductView toView() {
        return new ProductView(
                productId,
                name,
                price,
                currency,
                stock.total(),
                stock.available(),
                stock.reserved(),
                stock.sold(),
                activeHolds,
                stock.available() > 0 ? SaleStatus.OPEN : SaleStatus.SOLD_OUT,
                holdTtlSeconds,
                changedAt,
                revision);
    }
}
