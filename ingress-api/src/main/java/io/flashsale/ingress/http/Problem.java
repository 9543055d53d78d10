package io.flashsale.ingress.http;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.flashsale.contracts.FieldError;
import io.flashsale.contracts.Refusal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/**
 * The body of every error (RFC 9457). It names neither the request nor the time, and its fields have a fixed order, so
 * that a recorded refusal is the same byte for byte.
 *
 * @param instance the path of the request
 * @param available with {@code insufficient-stock}
 * @param limit with {@code limit-exceeded}
 * @param orderId with {@code hold-already-used}
 * @param saleStartsAt with {@code sale-not-open}, if the sale has a beginning
 * @param saleEndsAt with {@code sale-not-open}, if the sale has an end
 * @param errors with {@code validation-failed}
 */
@JsonPropertyOrder({
    "type",
    "title",
    "status",
    "detail",
    "instance",
    "code",
    "available",
    "limit",
    "order_id",
    "sale_starts_at",
    "sale_ends_at",
    "errors"
})
record Problem(
        String type,
        String title,
        int status,
        String detail,
        String instance,
        String code,
        @Nullable Integer available,
        @Nullable Integer limit,
        @Nullable String orderId,
        @Nullable Instant saleStartsAt,
        @Nullable Instant saleEndsAt,
        @Nullable List<FieldError> errors) {

    static final MediaType MEDIA_TYPE = MediaType.APPLICATION_PROBLEM_JSON;

    /** Of an error that only its status is known of. */
    static Problem ofStatus(int status, String instance) {
        ProblemType type = ProblemType.ofStatus(status);
        return of(type, status, type.title() + ".", instance, null, List.of());
    }

    static Problem of(ProblemException exception, String instance) {
        ProblemType type = exception.type();
        return of(type, type.status(), exception.detail(), instance, exception.refusal(), exception.errors());
    }

    private static Problem of(
            ProblemType type,
            int status,
            String detail,
            String instance,
            @Nullable Refusal refusal,
            List<FieldError> errors) {
        return new Problem(
                uri(type),
                type.title(),
                status,
                detail,
                instance,
                type.code(),
                refusal == null ? null : refusal.available(),
                refusal == null ? null : refusal.limit(),
                refusal == null ? null : refusal.orderId(),
                refusal == null ? null : refusal.saleStartsAt(),
                refusal == null ? null : refusal.saleEndsAt(),
                errors.isEmpty() ? null : errors);
    }

    private static String uri(ProblemType type) {
        return "/problems/" + type.code();
    }
}
