package io.flashsale.ingress.http;

import io.flashsale.contracts.CommandReader;
import io.flashsale.contracts.FieldError;
import io.flashsale.contracts.Fields;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The body of {@code PUT /api/products/{id}}. */
final class ProductRequest {

    private static final String PRODUCT_ID = "product_id";

    private ProductRequest() {}

    static DefineProduct read(String productId, HttpServletRequest request) {
        ObjectNode body = JsonBody.read(request);
        JsonNode inBody = body.get(PRODUCT_ID);
        body.put(PRODUCT_ID, productId);
        Fields fields = new Fields(body);
        DefineProduct command = CommandReader.defineProduct(fields);
        if (inBody != null && !inBody.isNull() && !inBody.asString("").equals(productId)) {
            fields.error(PRODUCT_ID, "must be the product of the path, if it is given");
        }
        List<FieldError> errors = fields.errors();
        if (!errors.isEmpty()) {
            throw ProblemException.invalid(errors);
        }
        return command;
    }
}
