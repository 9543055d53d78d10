package io.flashsale.inventory.domain;

import static io.flashsale.contracts.RefusalCode.HOLD_EXPIRED;
import static io.flashsale.contracts.RefusalCode.HOLD_NOT_FOUND;
import static io.flashsale.contracts.RefusalCode.HOLD_RELEASED;

import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.Refusal;

/** Why a hold cannot be used: the same words, whatever it was wanted for. */
final class HoldRefusals {

    private HoldRefusals() {}

    static Refusal notFound(String holdId) {
        return Refusal.of(HOLD_NOT_FOUND, "Expected a hold, but there is no " + holdId + ".");
    }

    static Refusal expired(Hold hold) {
        return Refusal.of(
                HOLD_EXPIRED,
                "Expected an active hold, but " + hold.holdId() + " expired at " + hold.expiresAt() + ".");
    }

    static Refusal released(Hold hold) {
        return Refusal.of(HOLD_RELEASED, "Expected an active hold, but " + hold.holdId() + " was released.");
    }

    static Refusal alreadyUsed(Hold hold) {
        return Refusal.alreadyUsed(hold.holdId(), OrderId.ofHold(hold.holdId()));
    }
}
