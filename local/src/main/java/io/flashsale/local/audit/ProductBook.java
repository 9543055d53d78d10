package io.flashsale.local.audit;

import org.jspecify.annotations.Nullable;

/** All that is written of one product. */
final class ProductBook {

    final String productId;
    final StockBook stock = new StockBook();
    final Trails trails;

    long events;

    @Nullable
    Position lastChange;

    /** The numbers were wrong before: only the event that made them so is worth a sentence. */
    boolean stockIsWrong;

    ProductBook(String productId, Trails trails) {
        this.productId = productId;
        this.trails = trails;
    }

    StockCount count() {
        return stock.count(productId, events, lastChange);
    }
}
