package io.flashsale.local.audit;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is not as it must be.
 *
 * @param position of the event that shows it; null if there is none
 * @param what one sentence for a person
 */
public record Violation(
        Rule rule, String productId, @Nullable Position position, String what) {}
