package io.flashsale.contracts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A decision's no: a value, not an exception.
 *
 * @param detail one sentence for a person: "Expected …, but …"
 * @param available units that could still be had, with {@link RefusalCode#INSUFFICIENT_STOCK}
 * @param limit what was exceeded, with {@link RefusalCode#LIMIT_EXCEEDED}: units, extensions or seconds
 * @param orderId the order the hold became, with {@link RefusalCode#HOLD_ALREADY_USED}
 * @param saleStartsAt with {@link RefusalCode#SALE_NOT_OPEN}, if the sale has a beginning
 * @param saleEndsAt with {@link RefusalCode#SALE_NOT_OPEN}, if the sale has an end
 * @param field that is missing, with {@link RefusalCode#VALIDATION_FAILED}
 */
public record Refusal(
        RefusalCode code,
        String detail,
        @Nullable Integer available,
        @Nullable Integer limit,
        @Nullable String orderId,
        @Nullable Instant saleStartsAt,
        @Nullable Instant saleEndsAt,
        @Nullable String field) {

    public static Refusal of(RefusalCode code, String detail) {
        return new Refusal(code, detail, null, null, null, null, null, null);
    }

    public static Refusal insufficientStock(int wanted, int available) {
        return new Refusal(
                RefusalCode.INSUFFICIENT_STOCK,
                "Expected at least " + wanted + " available, but there are " + available + ".",
                available,
                null,
                null,
                null,
                null,
                null);
    }

    /** @param limit what was exceeded */
    public static Refusal limitExceeded(int limit, String detail) {
        return new Refusal(RefusalCode.LIMIT_EXCEEDED, detail, null, limit, null, null, null, null);
    }

    public static Refusal saleNotOpen(SaleRules rules, Instant time) {
        String detail = rules.isBeforeSale(time)
                ? "Expected a sale that is open, but it starts at " + rules.saleStartsAt() + "."
                : "Expected a sale that is open, but it ended at " + rules.saleEndsAt() + ".";
        return new Refusal(
                RefusalCode.SALE_NOT_OPEN, detail, null, null, null, rules.saleStartsAt(), rules.saleEndsAt(), null);
    }

    public static Refusal missing(String field, String detail) {
        return new Refusal(RefusalCode.VALIDATION_FAILED, detail, null, null, null, null, null, field);
    }

    public static Refusal alreadyUsed(String holdId, String orderId) {
        return new Refusal(
                RefusalCode.HOLD_ALREADY_USED,
                "Expected an active hold, but " + holdId + " already became order " + orderId + ".",
                null,
                null,
                orderId,
                null,
                null,
                null);
    }
}
