package io.flashsale.inventory.config;

import io.flashsale.contracts.Limits;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What only inventory-streams is told.
 *
 * @param holdTtlSeconds of products that do not say it themselves
 * @param currency of products that do not say it themselves, ISO 4217
 * @param maxExtensions how often one hold may be extended; together not longer than the hold itself
 * @param stockInterval how often changed stock goes to {@code product-stock}
 */
@Validated
@ConfigurationProperties("flashsale.inventory")
public record InventorySettings(
        @DefaultValue("120") @Min(1) @Max(Limits.MAX_HOLD_TTL_SECONDS)
        int holdTtlSeconds,

        @DefaultValue("USD") @Pattern(regexp = "[A-Z]{3}") String currency,
        @DefaultValue("1") @Min(0) @Max(100) int maxExtensions,
        @DefaultValue("100ms") Duration stockInterval) {

    @AssertTrue(message = "flashsale.inventory.stock-interval must be 1ms to 1m")
    boolean isStockIntervalInRange() {
        return stockInterval.toMillis() >= 1 && stockInterval.toMillis() <= 60_000;
    }
}
