package io.flashsale.contracts;

/** Everything order-streams decides on, in the order of one product's log. */
public sealed interface OrderInput permits InventoryEvent, OrderCommand, WebhookCommand, OrderTick {

    /** The product all of it is keyed by. */
    String productId();
}
