package io.flashsale.benchmarks.peer;

import java.math.BigDecimal;

/** A product and its stock. */
public record ProductAnswer(
        String id,
        String name,
        BigDecimal price,
        String currency,
        int totalStock,
        int availableStock,
        int reservedStock) {}
