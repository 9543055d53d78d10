package io.flashsale.orders.domain;

import io.flashsale.contracts.CancelReason;
import io.flashsale.contracts.OrderEvent.OrderCancelled;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.contracts.OrderEvent.PaymentMismatched;
import io.flashsale.contracts.OrderEvent.PaymentUnmatched;
import io.flashsale.contracts.OrderEvent.RefundRequired;
import io.flashsale.contracts.WebhookCommand;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import io.flashsale.orders.domain.OrderFact.Published;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Facts, made of what they are about. */
final class OrderFacts {

    private OrderFacts() {}

    static OrderFact paid(Order order, @Nullable String paymentId, Instant time) {
        return new Published(new OrderPaid(order.productId(), order.orderId(), order.quantity(), paymentId, time));
    }

    static OrderFact cancelled(Order order, CancelReason reason, Instant time) {
        return new Published(new OrderCancelled(order.productId(), order.orderId(), order.quantity(), reason, time));
    }

    static OrderFact mismatched(Order order, WebhookCommand payment) {
        return new Published(new PaymentMismatched(
                order.productId(),
                order.orderId(),
                payment.paymentId(),
                order.amount(),
                order.currency(),
                payment.amount(),
                payment.currency()));
    }

    static OrderFact unmatched(WebhookCommand payment) {
        return new Published(new PaymentUnmatched(
                payment.productId(),
                payment.orderId(),
                payment instanceof PaymentSucceeded,
                payment.paymentId(),
                payment.amount(),
                payment.currency()));
    }

    /** What the provider does not say of the money that was taken is what the order costs. */
    static OrderFact refund(
            Order order, @Nullable String paymentId, @Nullable BigDecimal amount, @Nullable String currency) {
        return new Published(new RefundRequired(
                order.productId(),
                order.orderId(),
                paymentId,
                Objects.requireNonNullElse(amount, order.amount()),
                Objects.requireNonNullElse(currency, order.currency())));
    }
}
