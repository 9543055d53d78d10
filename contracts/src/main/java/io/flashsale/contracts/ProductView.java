package io.flashsale.contracts;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * A product as reads, replies and the topic {@code product-stock} show it. Quantities are units:
 * {@code total_stock = available_stock + reserved_stock + sold_stock}.
 *
 * @param reservedStock held and pending units together
 * @param holdsCount active holds
 * @param saleStatus at the time of the read, of a reply's decision, or of {@code product-stock}'s publication
 * @param asOf log time of the last decision this shows
 * @param revision counts the product's changes; what the HTTP {@code ETag} says
 */
public record ProductView(
        String id,
        String name,
        BigDecimal price,
        String currency,
        int totalStock,
        int availableStock,
        int reservedStock,
        int soldStock,
        int holdsCount,
        SaleStatus saleStatus,
        int holdTtlSeconds,
        Instant asOf,
        long revision,
        @JsonUnwrapped SaleRules rules) {}
