package io.flashsale.inventory.domain;

import io.flashsale.contracts.HoldView;
import io.flashsale.contracts.ProductView;
import io.flashsale.contracts.Refusal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is remembered of a request with an idempotency key. A key belongs to its call and product. */
public sealed interface RequestRecord {

    /** In log time. */
    Instant keptUntil();

    /**
     * An order.
     *
     * @param refusal the recorded no, or null if the hold became an order
     */
    record Ordered(String holdId, @Nullable Refusal refusal, Instant keptUntil) implements RequestRecord {}

    /**
     * An extension of a hold.
     *
     * @param seconds by which the hold was extended
     * @param allowedSeconds that were allowed then: what a request got that named none
     */
    record Extended(String holdId, int seconds, int allowedSeconds, HoldView answer, Instant keptUntil)
            implements RequestRecord {

        boolean isSameRequest(String holdId, @Nullable Integer seconds) {
            return holdId.equals(this.holdId) && (seconds == null ? allowedSeconds : seconds) == this.seconds;
        }
    }

    /** An adjustment of a product's stock. */
    record Adjusted(int delta, String reason, ProductView answer, Instant keptUntil) implements RequestRecord {

        boolean isSameRequest(int delta, String reason) {
            return delta == this.delta && reason.equals(this.reason);
        }
    }
}
