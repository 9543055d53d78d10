package io.flashsale.contracts;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/** Commands of the topic {@code hold-commands}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface HoldCommand extends Command, InventoryInput {

    /**
     * Takes stock for a short time.
     *
     * @param holdId made by the sender, see {@link HoldId}; the same id again is the same request again
     * @param quantity units, at least 1
     * @param customerId the shop's own id of the customer
     */
    record PlaceHold(
            String productId,
            String holdId,
            int quantity,
            @Nullable String customerId) implements HoldCommand {}
}
