package io.flashsale.ingress.http;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.flashsale.contracts.FieldError;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/**
 * The body of every error (RFC 9457). It names neither the request nor the time, and its fields have a fixed order, so
 * that a recorded refusal is the same byte for byte.
 *
 * @param instance the path of the request
 * @param available with {@code insufficient-stock}
 * @param orderId with {@code hold-already-used}
 * @param errors with {@code validation-failed}
 */
@JsonPropertyOrder({"type", "title", "status", "detail", "instance", "code", "available", "order_id", "errors"})
record Problem(
        String type,
        String title,
        int status,
        String detail,
        String instance,
        String code,
        @Nullable Integer available,
        @Nullable String orderId,
        @Nullable List<FieldError> errors) {

    static final MediaType MEDIA_TYPE = MediaType.APPLICATION_PROBLEM_JSON;

    /** Of an error that only its status is known of. */
    static Problem ofStatus(int status, String instance) {
        ProblemType type = ProblemType.ofStatus(status);
        return new Problem(
                uri(type), type.title(), status, type.title() + ".", instance, type.code(), null, null, null);
    }

    static Problem of(ProblemException exception, String instance) {
        ProblemType type = exception.type();
        List<FieldError> errors = exception.errors();
        return new Problem(
                uri(type),
                type.title(),
                type.status(),
                exception.detail(),
                instance,
                type.code(),
                exception.available(),
                exception.orderId(),
                errors.isEmpty() ? null : errors);
    }

    private static String uri(ProblemType type) {
        return "/problems/" + type.code();
    }
}
