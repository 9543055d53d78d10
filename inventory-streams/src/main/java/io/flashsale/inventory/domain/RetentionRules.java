package io.flashsale.inventory.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is forgotten when. A record says itself how long it is kept, so a changed setting counts from its next end on. */
final class RetentionRules {

    private RetentionRules() {}

    static InventoryState forget(InventoryState state, Instant time) {
        return forgetRequest(forgetHold(state, time), time);
    }

    private static InventoryState forgetHold(InventoryState state, Instant time) {
        HoldRecord record = state.hold();
        if (record == null || !isOver(record.keptUntil(), time)) {
            return state;
        }
        // The units of a paid order count for its customer as long as the order is remembered.
        return record instanceof Hold hold && hold.stage() == Hold.Stage.SOLD
                ? state.withoutHold().withUnitsOf(hold.customerId(), -hold.quantity())
                : state.withoutHold();
    }

    private static InventoryState forgetRequest(InventoryState state, Instant time) {
        RequestRecord request = state.request();
        return request != null && isOver(request.keptUntil(), time) ? state.withoutRequest() : state;
    }

    private static boolean isOver(@Nullable Instant keptUntil, Instant time) {
        return keptUntil != null && !time.isBefore(keptUntil);
    }
}
