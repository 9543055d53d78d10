package io.flashsale.inventory.domain;

import org.jspecify.annotations.Nullable;

/**
 * The part of the state that one decision may look at and change.
 *
 * @param product the input's product
 * @param hold what is remembered under the input's hold
 * @param request what is remembered under the input's idempotency key
 */
public record InventoryState(
        @Nullable Product product,
        @Nullable HoldRecord hold,
        @Nullable OrderRequest request) {

    InventoryState with(Product changed) {
        return new InventoryState(changed, hold, request);
    }

    InventoryState with(HoldRecord changed) {
        return new InventoryState(product, changed, request);
    }

    InventoryState with(OrderRequest changed) {
        return new InventoryState(product, hold, changed);
    }
}
