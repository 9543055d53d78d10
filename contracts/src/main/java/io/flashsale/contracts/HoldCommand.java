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

    /** Gives a hold's stock back before it expires; again, it changes nothing. */
    record ReleaseHold(String productId, String holdId) implements HoldCommand {}

    /**
     * Makes an active hold last longer, as often and as long as the pipeline allows.
     *
     * @param seconds by which it lasts longer; null for all that it may still be extended by
     * @param idempotencyKey opaque; the same key again with the same seconds is the same extension again
     */
    record ExtendHold(
            String productId,
            String holdId,
            @Nullable Integer seconds,
            @Nullable String idempotencyKey) implements HoldCommand {}
}
