package io.flashsale.ingress.http;

import io.flashsale.contracts.FieldError;
import io.flashsale.contracts.Fields;
import io.flashsale.contracts.Limits;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /api/holds/{hold_id}/extend}, with its idempotency key.
 *
 * @param seconds null for all that the hold may still be extended by
 */
record ExtensionRequest(@Nullable Integer seconds, @Nullable String idempotencyKey) {

    static ExtensionRequest read(HttpServletRequest request) {
        Fields fields = new Fields(JsonBody.readOptional(request));
        ExtensionRequest extension = new ExtensionRequest(
                fields.optionalInteger("seconds", 1, Limits.MAX_HOLD_TTL_SECONDS),
                IdempotencyKey.read(request, IdempotencyKey.HEADER, fields));
        List<FieldError> errors = fields.errors();
        if (!errors.isEmpty()) {
            throw ProblemException.invalid(errors);
        }
        return extension;
    }
}
