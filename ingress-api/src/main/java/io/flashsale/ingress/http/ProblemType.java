package io.flashsale.ingress.http;

import io.flashsale.contracts.RefusalCode;

/** Every no that this service can answer: the one place that gives a code its status and title. */
enum ProblemType {
    BAD_REQUEST("bad-request", 400, "Bad request"),
    MALFORMED_JSON("malformed-json", 400, "Not a JSON object"),
    UNAUTHORIZED("unauthorized", 401, "Not authorized"),
    INVALID_SIGNATURE("invalid-signature", 401, "Invalid signature"),
    NOT_FOUND("not-found", 404, "Not found"),
    PRODUCT_NOT_FOUND("product-not-found", 404, "Product not found"),
    HOLD_NOT_FOUND("hold-not-found", 404, "Hold not found"),
    ORDER_NOT_FOUND("order-not-found", 404, "Order not found"),
    METHOD_NOT_ALLOWED("method-not-allowed", 405, "Method not allowed"),
    NOT_ACCEPTABLE("not-acceptable", 406, "Not acceptable"),
    REQUEST_TIMEOUT("request-timeout", 408, "Request timeout"),
    INSUFFICIENT_STOCK("insufficient-stock", 409, "Insufficient stock"),
    SALE_NOT_OPEN("sale-not-open", 409, "Sale not open"),
    LIMIT_EXCEEDED("limit-exceeded", 409, "Limit exceeded"),
    HOLD_ALREADY_USED("hold-already-used", 409, "Hold already used"),
    STOCK_BELOW_COMMITTED("stock-below-committed", 409, "Stock below what is committed"),
    ORDER_ALREADY_PAID("order-already-paid", 409, "Order already paid"),
    HOLD_EXPIRED("hold-expired", 410, "Hold expired"),
    HOLD_RELEASED("hold-released", 410, "Hold released"),
    BODY_TOO_LARGE("body-too-large", 413, "Body too large"),
    UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", 415, "Unsupported media type"),
    VALIDATION_FAILED("validation-failed", 422, "Validation failed"),
    IDEMPOTENCY_KEY_REUSED("idempotency-key-reused", 422, "Idempotency key reused"),
    RATE_LIMITED("rate-limited", 429, "Too many requests"),
    INTERNAL_ERROR("internal-error", 500, "Internal error"),
    NOT_IMPLEMENTED("not-implemented", 501, "Not implemented"),
    KAFKA_UNAVAILABLE("kafka-unavailable", 503, "Temporarily unavailable"),
    READS_UNAVAILABLE("reads-unavailable", 503, "Temporarily unavailable"),
    TOO_MANY_REQUESTS_IN_FLIGHT("too-many-requests-in-flight", 503, "Too many requests in flight"),
    TOO_MANY_WATCHERS("too-many-watchers", 503, "Too many watchers");

    private final String code;
    private final int status;
    private final String title;

    ProblemType(String code, int status, String title) {
        this.code = code;
        this.status = status;
        this.title = title;
    }

    static ProblemType of(RefusalCode code) {
        return switch (code) {
            case PRODUCT_NOT_FOUND -> PRODUCT_NOT_FOUND;
            case STOCK_BELOW_COMMITTED -> STOCK_BELOW_COMMITTED;
            case VALIDATION_FAILED -> VALIDATION_FAILED;
            case SALE_NOT_OPEN -> SALE_NOT_OPEN;
            case LIMIT_EXCEEDED -> LIMIT_EXCEEDED;
            case INSUFFICIENT_STOCK -> INSUFFICIENT_STOCK;
            case HOLD_NOT_FOUND -> HOLD_NOT_FOUND;
            case HOLD_EXPIRED -> HOLD_EXPIRED;
            case HOLD_RELEASED -> HOLD_RELEASED;
            case HOLD_ALREADY_USED -> HOLD_ALREADY_USED;
            case ORDER_NOT_FOUND -> ORDER_NOT_FOUND;
            case ORDER_ALREADY_PAID -> ORDER_ALREADY_PAID;
            case IDEMPOTENCY_KEY_REUSED -> IDEMPOTENCY_KEY_REUSED;
            case INTERNAL_ERROR -> INTERNAL_ERROR;
        };
    }

    /** What an error of the web server or the framework is to a caller. */
    static ProblemType ofStatus(int status) {
        return switch (status) {
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 408 -> REQUEST_TIMEOUT;
            case 413 -> BODY_TOO_LARGE;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 429 -> RATE_LIMITED;
            // 505 is a version of HTTP that nobody has implemented here either.
            case 501, 505 -> NOT_IMPLEMENTED;
            default -> status >= 500 ? INTERNAL_ERROR : BAD_REQUEST;
        };
    }

    String code() {
        return code;
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }
}
