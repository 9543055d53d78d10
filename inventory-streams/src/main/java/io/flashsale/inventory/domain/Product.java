package io.flashsale.inventory.domain;

import io.flashsale.contracts.InventoryEvent.ProductDefined;
import io.flashsale.contracts.InventoryEvent.StockAdjusted;
import io.flashsale.contracts.ProductView;
import io.flashsale.contracts.SaleRules;
import io.flashsale.contracts.SaleStatus;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Objects;
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
        SaleRules rules,
        Stock stock,
        int activeHolds,
        Instant changedAt,
        long revision) {

    /** A product that was stored before there were rules has none. */
    public Product {
        rules = Objects.requireNonNullElse(rules, SaleRules.NONE);
    }

    static Product defined(@Nullable Product before, ProductDefined event, Instant time) {
        Stock stock =
                before == null ? new Stock(event.totalStock(), 0, 0, 0) : before.stock.resizedTo(event.totalStock());
        return new Product(
                event.productId(),
                event.name(),
                event.price(),
                event.currency(),
                event.holdTtlSeconds(),
                event.rules(),
                stock,
                before == null ? 0 : before.activeHolds,
                time,
                before == null ? 1 : before.revision + 1);
    }

    Product adjusted(StockAdjusted event, Instant time) {
        return moved(stock -> stock.resizedTo(event.totalStock()), 0, time);
    }

    Product moved(UnaryOperator<Stock> movement, int holdsMore, Instant time) {
        return new Product(
                productId,
                name,
                price,
                currency,
                holdTtlSeconds,
                rules,
                movement.apply(stock),
                activeHolds + holdsMore,
                time,
                revision + 1);
    }

    /**
     * This product as callers see it.
     *
     * @param at when they look: a sale opens and ends without a change of the product
     */
    public ProductView toView(Instant at) {
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
                saleStatus(at),
                holdTtlSeconds,
                changedAt,
                revision,
                rules);
    }

    private SaleStatus saleStatus(Instant at) {
        if (rules.isBeforeSale(at)) {
            return SaleStatus.SCHEDULED;
        }
        if (rules.isAfterSale(at)) {
            return SaleStatus.ENDED;
        }
        return stock.available() > 0 ? SaleStatus.OPEN : SaleStatus.SOLD_OUT;
    }
}
