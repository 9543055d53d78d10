package io.flashsale.inventory.domain;

/**
 * What a product gets that does not say it itself. The values that were used are in its {@code ProductDefined} event.
 *
 * @param holdTtlSeconds how long a hold lasts
 * @param currency ISO 4217
 */
public record InventoryDefaults(int holdTtlSeconds, String currency) {}
