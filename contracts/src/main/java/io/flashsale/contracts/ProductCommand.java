package io.flashsale.contracts;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Commands of the topic {@code product-commands}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface ProductCommand extends Command, InventoryInput {

    /**
     * Creates a product or changes one.
     *
     * @param price of one unit, in {@code currency}
     * @param currency ISO 4217; null for the product's present one, or the default for a new product
     * @param totalStock units, sold and committed ones included; refused below what is committed
     * @param holdTtlSeconds how long a hold lasts; null for the product's present value, or the default
     * @param rules all of them: one that is not named binds no longer
     */
    record DefineProduct(
            String productId,
            String name,
            BigDecimal price,
            @Nullable String currency,
            int totalStock,
            @Nullable Integer holdTtlSeconds,
            @JsonUnwrapped SaleRules rules)
            implements ProductCommand {}

    /**
     * Adds units to a product or takes some away; refused below what is committed.
     *
     * @param delta units, negative to take away, never 0
     * @param reason for the people who read the log
     * @param idempotencyKey opaque; the same key again with the same delta and reason is the same adjustment again
     */
    record AdjustStock(
            String productId,
            int delta,
            String reason,
            @Nullable String idempotencyKey) implements ProductCommand {}
}
