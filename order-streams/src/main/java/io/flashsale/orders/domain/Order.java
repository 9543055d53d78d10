package io.flashsale.orders.domain;

import io.flashsale.contracts.CancelReason;
import io.flashsale.contracts.OrderEvent.OrderCreated;
import io.flashsale.contracts.OrderStatus;
import io.flashsale.contracts.OrderView;
import io.flashsale.contracts.PaymentStatus;
import io.flashsale.contracts.Reply.PaymentAnswer;
import io.flashsale.contracts.WebhookCommand;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An order.
 *
 * @param firstStatus the status its creation was answered with
 * @param cancelReason with status cancelled
 * @param refundRequired a payment of the cancelled order has to go back
 * @param paymentId the payment that paid it or has to go back; null if there is none, or if it has no id
 * @param endedAt when it was last paid or cancelled, or its late payment refused; null while it is unpaid
 * @param keptUntil from when on it may be forgotten, in log time; null as long as it may still change by itself
 * @param latePayment a late payment that waits for the inventory, or null
 */
public record Order(
        String orderId,
        String holdId,
        String productId,
        int quantity,
        BigDecimal unitPrice,
        BigDecimal amount,
        String currency,
        Instant paymentDueAt,
        OrderStatus firstStatus,
        OrderStatus status,
        @Nullable CancelReason cancelReason,
        boolean refundRequired,
        @Nullable String paymentId,
        @Nullable Instant endedAt,
        @Nullable Instant keptUntil,
        @Nullable LatePayment latePayment) {

    static Order created(OrderCreated event) {
        return new Order(
                event.orderId(),
                event.holdId(),
                event.productId(),
                event.quantity(),
                event.unitPrice(),
                event.amount(),
                event.currency(),
                event.paymentDueAt(),
                OrderStatus.PENDING_PAYMENT,
                OrderStatus.PENDING_PAYMENT,
                null,
                false,
                null,
                null,
                null,
                null);
    }

    Order answeredAs(OrderStatus first) {
        return with(first, status, cancelReason, refundRequired, paymentId, endedAt, latePayment);
    }

    Order paid(@Nullable String payment, Instant at) {
        return with(firstStatus, OrderStatus.PAID, null, false, payment, at, null);
    }

    Order cancelled(CancelReason reason, Instant at) {
        return with(firstStatus, OrderStatus.CANCELLED, reason, false, null, at, null);
    }

    Order paidLate(LatePayment late) {
        return with(firstStatus, status, cancelReason, refundRequired, paymentId, endedAt, late);
    }

    Order refunding(@Nullable String payment, Instant at) {
        return with(firstStatus, status, cancelReason, true, payment, at, null);
    }

    private Order with(
            OrderStatus first,
            OrderStatus now,
            @Nullable CancelReason reason,
            boolean refund,
            @Nullable String payment,
            @Nullable Instant ended,
            @Nullable LatePayment late) {
        return new Order(
                orderId,
                holdId,
                productId,
                quantity,
                unitPrice,
                amount,
                currency,
                paymentDueAt,
                first,
                now,
                reason,
                refund,
                payment,
                ended,
                late == null && Objects.equals(ended, endedAt) ? keptUntil : null,
                late);
    }

    /** Its end was timed once and stays what it was, whatever the setting is then. */
    Order kept(OrderRetention retention) {
        return endedAt == null || latePayment != null || keptUntil != null
                ? this
                : new Order(
                        orderId,
                        holdId,
                        productId,
                        quantity,
                        unitPrice,
                        amount,
                        currency,
                        paymentDueAt,
                        firstStatus,
                        status,
                        cancelReason,
                        refundRequired,
                        paymentId,
                        endedAt,
                        endedAt.plus(retention.orders()),
                        null);
    }

    /**
     * Whether it may be forgotten at this log time, which is a time it was kept until. One that ended before ends were
     * timed is over then.
     */
    public boolean isOver(Instant time) {
        return !isPending() && latePayment == null && (keptUntil == null || !time.isBefore(keptUntil));
    }

    boolean isPending() {
        return status == OrderStatus.PENDING_PAYMENT;
    }

    /** Unpaid, and a command of this log time comes too late to pay it. */
    boolean isOverdueAt(Instant time) {
        return isPending() && !time.isBefore(paymentDueAt);
    }

    /** Whether a payment is what this order costs; what the provider does not say is not held against it. */
    boolean costs(WebhookCommand payment) {
        BigDecimal paidAmount = payment.amount();
        String paidCurrency = payment.currency();
        return (paidAmount == null || paidAmount.compareTo(amount) == 0)
                && (paidCurrency == null || paidCurrency.equals(currency));
    }

    /**
     * Whether another payment paid it, waits for its stock or goes back already, so that this one's money was taken once
     * too often. Without both ids nobody can tell.
     */
    boolean hasAnotherPaymentThan(PaymentSucceeded payment) {
        String first = latePayment == null ? paymentId : latePayment.paymentId();
        String second = payment.paymentId();
        return first != null && second != null && !first.equals(second);
    }

    /** The answer to the request that created it, whatever became of it since. */
    OrderView toAnswer() {
        CancelReason firstReason = firstStatus == OrderStatus.CANCELLED ? CancelReason.PAYMENT_FAILED : null;
        return toView(firstStatus, firstReason, false);
    }

    /** This order as callers see it now. */
    public OrderView toView() {
        return toView(status, cancelReason, refundRequired);
    }

    /** What a payment is told that finds the order as it is. */
    PaymentAnswer toPaymentAnswer(@Nullable String code) {
        PaymentStatus told = switch (status) {
            case PENDING_PAYMENT -> PaymentStatus.PENDING_PAYMENT;
            case PAID -> PaymentStatus.PAID;
            case CANCELLED -> PaymentStatus.CANCELLED;
        };
        return new PaymentAnswer(orderId, told, cancelReason, refundRequired ? true : null, code, false);
    }

    private OrderView toView(OrderStatus shown, @Nullable CancelReason reason, boolean refund) {
        return new OrderView(
                orderId,
                holdId,
                productId,
                quantity,
                unitPrice,
                amount,
                currency,
                shown,
                paymentDueAt,
                reason,
                refund ? true : null);
    }
}
