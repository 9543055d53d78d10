package io.flashsale.contracts;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
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
     */
    record DefineProduct(
            String productId,
            String name,
            BigDecimal price,
            @Nullable String currency,
            int totalStock,
            @Nullable Integer holdTtlSeconds)
            implements ProductCommand {}
}
