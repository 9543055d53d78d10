package io.flashsale.inventory.domain;

import io.flashsale.contracts.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of an order request with an idempotency key.
 *
 * @param refusal the recorded no, or null if the hold became an order
 */
public record OrderRequest(String holdId, @Nullable Refusal refusal) {}
