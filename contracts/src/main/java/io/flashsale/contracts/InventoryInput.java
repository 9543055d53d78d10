package io.flashsale.contracts;

/** Everything inventory-streams decides on, in the order of one product's log. */
public sealed interface InventoryInput permits ProductCommand, HoldCommand, OrderCommand, OrderEvent, InventoryTick {

    /** The product all of it is keyed by. */
    String productId();
}
