package io.flashsale.inventory.domain;

import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.BackInStock;
import io.flashsale.contracts.InventoryEvent.LowStock;
import io.flashsale.contracts.InventoryEvent.SoldOut;
import java.time.Instant;
import java.util.List;

/** What a shop wants to hear of a product's stock, seen by comparing it before and after a decision. */
final class StockSignals {

    private StockSignals() {}

    static List<InventoryEvent> between(Product before, Product after, Instant time) {
        int available = after.stock().available();
        boolean wasThere = before.stock().available() > 0;
        if (wasThere && available == 0) {
            return List.of(new SoldOut(after.productId(), time));
        }
        if (!wasThere && available > 0) {
            return List.of(new BackInStock(after.productId(), available, time));
        }
        Integer threshold = after.rules().lowStockThreshold();
        return threshold != null && isLow(after) && !isLow(before)
                ? List.of(new LowStock(after.productId(), available, threshold, time))
                : List.of();
    }

    private static boolean isLow(Product product) {
        Integer threshold = product.rules().lowStockThreshold();
        int available = product.stock().available();
        return threshold != null && available > 0 && available <= threshold;
    }
}
