package io.flashsale.orders.topology;

import io.flashsale.orders.domain.Decision;
import io.flashsale.orders.domain.OrderState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts the notifications of payments that no event tells of: {@code payments.duplicate}, whose key or payment was
 * answered before, and {@code payments.early}, whose order does not exist yet.
 */
final class PaymentMeters {

    private final Counter duplicate;
    private final Counter early;

    PaymentMeters(MeterRegistry registry) {
        this.duplicate = registry.counter("payments.duplicate");
        this.early = registry.counter("payments.early");
    }

    /** @param before what the decision found */
    void notified(OrderState before, Decision decision) {
        if (decision.refusal().isPresent()) {
            return;
        }
        if (before.webhook() != null || before.payment() != null) {
            duplicate.increment();
        } else if (before.order() == null) {
            early.increment();
        }
    }
}
