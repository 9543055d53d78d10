package io.flashsale.inventory.domain;

import org.jspecify.annotations.Nullable;

/**
 * The part of the state that one decision may look at and change.
 *
 * @param product the input's product
 * @param hold what is remembered under the input's hold
 * @param request what is remembered under the input's idempotency key
 * @param customerUnits units of the product that the customer of the hold, or of the command that places one, has in
 *     active holds, unpaid and paid orders together; 0 without a customer
 */
public record InventoryState(
        @Nullable Product product,
        @Nullable HoldRecord hold,
        @Nullable RequestRecord request,
        int customerUnits) {

    InventoryState with(Product changed) {
        return new InventoryState(changed, hold, request, customerUnits);
    }

    InventoryState with(HoldRecord changed) {
        return new InventoryState(product, changed, request, customerUnits);
    }

    InventoryState with(RequestRecord changed) {
        return new InventoryState(product, hold, changed, customerUnits);
    }

    InventoryState withoutHold() {
        return new InventoryState(product, null, request, customerUnits);
    }

    InventoryState withoutRequest() {
        return new InventoryState(product, hold, null, customerUnits);
    }

    /** Counted whether or not the product limits its customers now: it may do so later. */
    InventoryState withUnitsOf(@Nullable String customerId, int more) {
        if (customerId == null) {
            return this;
        }
        // What was held before customers were counted is missing in the count.
        return new InventoryState(product, hold, request, Math.max(0, customerUnits + more));
    }
}
