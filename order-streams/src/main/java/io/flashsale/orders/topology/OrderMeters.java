package io.flashsale.orders.topology;

import io.flashsale.contracts.CancelReason;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderEvent.OrderCancelled;
import io.flashsale.orders.domain.Decision;
import io.flashsale.orders.domain.OrderState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Counts what the type of an event does not tell: {@code orders.cancelled} by reason, and the notifications of payments
 * that no event tells of: {@code payments.duplicate}, whose key or payment was answered before, and
 * {@code payments.early}, whose order does not exist yet.
 */
final class OrderMeters {

    private final Map<CancelReason, Counter> cancelled;
    private final Counter duplicate;
    private final Counter early;

    OrderMeters(MeterRegistry registry) {
        this.cancelled = Arrays.stream(CancelReason.values())
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(), reason -> registry.counter("orders.cancelled", "reason", codeOf(reason))));
        this.duplicate = registry.counter("payments.duplicate");
        this.early = registry.counter("payments.early");
    }

    /** As the event says it. */
    static String codeOf(CancelReason reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }

    void decided(OrderEvent event) {
        if (event instanceof OrderCancelled order) {
            Counter counter = cancelled.get(order.reason());
            if (counter != null) {
                counter.increment();
            }
        }
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
