package io.flashsale.contracts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Why a decision said no. The codes are stable: callers and upstream systems program against them. */
public enum RefusalCode {
    PRODUCT_NOT_FOUND("product-not-found"),
    STOCK_BELOW_COMMITTED("stock-below-committed"),
    /** The product's rules ask for a field that the command does not have. */
    VALIDATION_FAILED("validation-failed"),
    SALE_NOT_OPEN("sale-not-open"),
    LIMIT_EXCEEDED("limit-exceeded"),
    INSUFFICIENT_STOCK("insufficient-stock"),
    HOLD_NOT_FOUND("hold-not-found"),
    HOLD_EXPIRED("hold-expired"),
    HOLD_RELEASED("hold-released"),
    HOLD_ALREADY_USED("hold-already-used"),
    ORDER_NOT_FOUND("order-not-found"),
    ORDER_ALREADY_PAID("order-already-paid"),
    IDEMPOTENCY_KEY_REUSED("idempotency-key-reused"),
    /** A fault of ours; the command is a dead letter and changed nothing. */
    INTERNAL_ERROR("internal-error");

    private static final Map<String, RefusalCode> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(RefusalCode::code, Function.identity()));

    private final String code;

    RefusalCode(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    @JsonCreator
    static RefusalCode ofCode(String code) {
        RefusalCode known = BY_CODE.get(code);
        if (known == null) {
            throw new IllegalArgumentException("Not a refusal code: " + code);
        }
        return known;
    }
}
