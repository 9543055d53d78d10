package io.flashsale.contracts;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Commands of the topic {@code webhook-commands}: what the payment provider says of an order. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface WebhookCommand extends Command, OrderInput {

    String orderId();

    /** The provider's key of this notification; the same key again is the same notification again. */
    String idempotencyKey();

    /** The provider's own id of the payment. */
    @Nullable
    String paymentId();

    /** What was paid; null if the provider does not say. */
    @Nullable
    BigDecimal amount();

    /** ISO 4217; null if the provider does not say. */
    @Nullable
    String currency();

    /** The order is paid. */
    record PaymentSucceeded(
            String productId,
            String orderId,
            String idempotencyKey,
            @Nullable String paymentId,
            @Nullable BigDecimal amount,
            @Nullable String currency)
            implements WebhookCommand {}

    /** The order will not be paid by this payment. */
    record PaymentFailed(
            String productId,
            String orderId,
            String idempotencyKey,
            @Nullable String paymentId,
            @Nullable BigDecimal amount,
            @Nullable String currency)
            implements WebhookCommand {}
}
