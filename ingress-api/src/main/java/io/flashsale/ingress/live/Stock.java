package io.flashsale.ingress.live;

import io.flashsale.contracts.Json;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/**
 * A product as it was once.
 *
 * @param revision counts the product's changes
 * @param json as the application that owns it wrote it
 */
record Stock(String productId, long revision, String json) {

    /** @throws tools.jackson.core.JacksonException if it is none */
    static Stock of(byte[] product) {
        JsonNode fields = Json.MAPPER.readTree(product);
        return new Stock(
                fields.path("id").asString(),
                fields.path("revision").asLong(),
                new String(product, StandardCharsets.UTF_8));
    }

    Event event() {
        return new Event("stock", json);
    }
}
