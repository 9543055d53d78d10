package io.flashsale.ingress.http;

import io.flashsale.contracts.FieldError;
import io.flashsale.contracts.Fields;
import io.flashsale.contracts.Limits;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /api/holds}, with its idempotency key. */
record HoldRequest(
        String productId,
        int quantity,
        @Nullable String customerId,
        @Nullable String idempotencyKey) {

    static HoldRequest read(HttpServletRequest request) {
        Fields fields = new Fields(JsonBody.read(request));
        HoldRequest hold = new HoldRequest(
                fields.requiredProductId("product_id"),
                quantity(fields),
                fields.optionalText("customer_id", Limits.MAX_CUSTOMER_ID_LENGTH),
                IdempotencyKey.read(request, IdempotencyKey.HEADER, fields));
        List<FieldError> errors = fields.errors();
        if (!errors.isEmpty()) {
            throw ProblemException.invalid(errors);
        }
        return hold;
    }

    private static int quantity(Fields fields) {
        Integer alias = fields.optionalInteger("qty", 1, Limits.MAX_QUANTITY);
        if (alias == null) {
            return fields.requiredInteger("quantity", 1, Limits.MAX_QUANTITY);
        }
        Integer quantity = fields.optionalInteger("quantity", 1, Limits.MAX_QUANTITY);
        if (quantity != null && !quantity.equals(alias)) {
            fields.error("qty", "must be the same as quantity, which it is an alias of");
        }
        return alias;
    }
}
