package io.flashsale.contracts;

import org.jspecify.annotations.Nullable;

/**
 * A decision's no: a value, not an exception.
 *
 * @param detail one sentence for a person: "Expected …, but …"
 * @param available units that could still be had, with {@link RefusalCode#INSUFFICIENT_STOCK}
 * @param orderId the order the hold became, with {@link RefusalCode#HOLD_ALREADY_USED}
 */
public record Refusal(
        RefusalCode code,
        String detail,
        @Nullable Integer available,
        @Nullable String orderId) {

    public static Refusal of(RefusalCode code, String detail) {
        return new Refusal(code, detail, null, null);
    }

    public static Refusal insufficientStock(int wanted, int available) {
        return new Refusal(
                RefusalCode.INSUFFICIENT_STOCK,
                "Expected at least " + wanted + " available, but there are " + available + ".",
                available,
                null);
    }

    public static Refusal alreadyUsed(String holdId, String orderId) {
        return new Refusal(
                RefusalCode.HOLD_ALREADY_USED,
                "Expected an active hold, but " + holdId + " already became order " + orderId + ".",
                null,
                orderId);
    }
}
