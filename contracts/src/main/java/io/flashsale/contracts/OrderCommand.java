package io.flashsale.contracts;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/** Commands of the topic {@code order-commands}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface OrderCommand extends Command, InventoryInput, OrderInput {

    /**
     * Turns a hold into an order. Decided by the inventory, which alone knows whether the hold is still good.
     *
     * @param idempotencyKey opaque; the same key again with the same hold is answered as the first time, with another
     *     hold of the product it is refused
     */
    record CreateOrder(
            String productId, String holdId, @Nullable String idempotencyKey) implements OrderCommand {}

    /** Ends an unpaid order; again, it changes nothing. Decided by order-streams alone. */
    record CancelOrder(String productId, String orderId) implements OrderCommand {}
}
