package io.flashsale.orders.domain;

import io.flashsale.contracts.Limits;
import io.flashsale.contracts.ReplyTo;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A payment of a cancelled order, while the inventory decides whether the stock is still there.
 *
 * @param amount what was paid, if the provider said so
 * @param waiters the callers that are told the outcome, at most {@link Limits#MAX_LATE_PAYMENT_WAITERS}
 */
public record LatePayment(
        @Nullable String paymentId,
        @Nullable BigDecimal amount,
        @Nullable String currency,
        List<Waiter> waiters) {

    /** @param replayed the caller repeats a notification that was taken before */
    public record Waiter(ReplyTo caller, boolean replayed) {}

    LatePayment joinedBy(Waiter waiter) {
        if (waiters.size() >= Limits.MAX_LATE_PAYMENT_WAITERS) {
            return this;
        }
        List<Waiter> all = new ArrayList<>(waiters);
        all.add(waiter);
        return new LatePayment(paymentId, amount, currency, List.copyOf(all));
    }
}
