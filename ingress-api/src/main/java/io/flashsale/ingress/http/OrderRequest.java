package io.flashsale.ingress.http;

import io.flashsale.contracts.FieldError;
import io.flashsale.contracts.Fields;
import io.flashsale.contracts.Limits;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /api/orders}, with its idempotency key. */
record OrderRequest(String holdId, @Nullable String idempotencyKey) {

    static OrderRequest read(HttpServletRequest request) {
        Fields fields = new Fields(JsonBody.read(request));
        OrderRequest order = new OrderRequest(
                // Longer than any id, so that what is too long is answered "not found" like every other wrong id.
                fields.requiredText("hold_id", Limits.MAX_COMMAND_BYTES),
                IdempotencyKey.read(request, IdempotencyKey.HEADER, fields));
        List<FieldError> errors = fields.errors();
        if (!errors.isEmpty()) {
            throw ProblemException.invalid(errors);
        }
        return order;
    }
}
