package io.flashsale.orders.domain;

import io.flashsale.contracts.Reply.PaymentAnswer;
import io.flashsale.contracts.WebhookCommand;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered under a webhook's idempotency key, and once more under its payment's id and status: a provider may
 * tell one payment under several keys.
 *
 * @param fingerprint what the notification said
 * @param recordedAt log time of its first notification
 * @param answer the recorded answer, or null if it is what becomes of the order's late payment
 * @param keptUntil from when on it may be forgotten, in log time; null if it was recorded before ends were timed
 */
public record WebhookRecord(
        String fingerprint,
        Instant recordedAt,
        @Nullable PaymentAnswer answer,
        @Nullable Instant keptUntil) {

    static WebhookRecord of(WebhookCommand payment, Instant time, @Nullable PaymentAnswer answer) {
        return new WebhookRecord(fingerprintOf(payment), time, answer, null);
    }

    WebhookRecord kept(OrderRetention retention) {
        return new WebhookRecord(fingerprint, recordedAt, answer, recordedAt.plus(retention.webhooks()));
    }

    /** Whether it may be forgotten at this log time, which is a time it was kept until. */
    public boolean isOver(Instant time) {
        return keptUntil == null || !time.isBefore(keptUntil);
    }

    boolean isSameNotification(WebhookCommand payment) {
        return fingerprint.equals(fingerprintOf(payment));
    }

    /**
     * Everything of a notification that can change its effect; 10.0 and 10.00 are the same amount. What is absent is
     * the empty text, which no field that is there can be.
     */
    private static String fingerprintOf(WebhookCommand payment) {
        BigDecimal amount = payment.amount();
        return String.join(
                "\n",
                payment.getClass().getSimpleName(),
                payment.orderId(),
                Objects.requireNonNullElse(payment.paymentId(), ""),
                amount == null ? "" : amount.stripTrailingZeros().toPlainString(),
                Objects.requireNonNullElse(payment.currency(), ""));
    }
}
