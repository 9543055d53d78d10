package io.flashsale.inventory.domain;

import io.flashsale.contracts.Refusal;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is remembered under a hold's id, so that the same request again gets the same answer. */
public sealed interface HoldRecord permits Hold, HoldRecord.Refused {

    String holdId();

    int quantity();

    @Nullable
    String customerId();

    /** In log time; null as long as there may be more to decide on it. */
    @Nullable
    Instant keptUntil();

    /** Whether a request under this record's id asks for the same as the first one did. */
    default boolean isSameRequest(int quantity, @Nullable String customerId) {
        return quantity == quantity() && Objects.equals(customerId, customerId());
    }

    /** A hold that was asked for and refused. */
    record Refused(String holdId, int quantity, @Nullable String customerId, Refusal refusal, Instant keptUntil)
            implements HoldRecord {}
}
