package io.flashsale.ingress.http;

import io.flashsale.contracts.CommandReader;
import io.flashsale.contracts.FieldError;
import io.flashsale.contracts.Fields;
import io.flashsale.contracts.ProductCommand.AdjustStock;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The bodies of the admin calls. The product is the path's; a body that names one must name the same. */
final class ProductRequest {

    private static final String PRODUCT_ID = "product_id";

    private ProductRequest() {}

    /** The body of {@code PUT /api/products/{id}}. */
    static DefineProduct definition(String productId, HttpServletRequest request) {
        Fields fields = fields(productId, JsonBody.read(request));
        DefineProduct command = CommandReader.defineProduct(fields);
        requireNone(fields.errors());
        return command;
    }

    /**
     * The body of {@code POST /api/products/{id}/stock-adjustments}.
     *
     * @param travelling makes of the caller's idempotency key the one of the command
     */
    static AdjustStock adjustment(String productId, HttpServletRequest request, UnaryOperator<String> travelling) {
        ObjectNode body = JsonBody.read(request);
        // Upstream systems make theirs themselves; a caller's is in the header.
        body.remove("idempotency_key");
        Fields fields = fields(productId, body);
        AdjustStock command = CommandReader.adjustStock(fields);
        String key = IdempotencyKey.read(request, IdempotencyKey.HEADER, fields);
        requireNone(fields.errors());
        return new AdjustStock(
                productId, command.delta(), command.reason(), key == null ? null : travelling.apply(key));
    }

    private static Fields fields(String productId, ObjectNode body) {
        JsonNode inBody = body.get(PRODUCT_ID);
        Fields fields = new Fields(body.put(PRODUCT_ID, productId));
        if (inBody != null && !inBody.isNull() && !inBody.asString("").equals(productId)) {
            fields.error(PRODUCT_ID, "must be the product of the path, if it is given");
        }
        return fields;
    }

    private static void requireNone(List<FieldError> errors) {
        if (!errors.isEmpty()) {
            throw ProblemException.invalid(errors);
        }
    }
}
