package io.flashsale.local.audit;

import io.flashsale.contracts.CancelReason;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderEvent.LatePaymentReceived;
import io.flashsale.contracts.OrderEvent.OrderCancelled;
import io.flashsale.contracts.OrderEvent.OrderCreated;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.contracts.OrderEvent.PaymentMismatched;
import io.flashsale.contracts.OrderEvent.PaymentUnmatched;
import io.flashsale.contracts.OrderEvent.RefundRequired;
import java.math.BigDecimal;
import java.util.Optional;

/** What the orders say of one partition, judged event by event. What is not possible is reported and not booked. */
final class OrderAudit {

    private final Coverage coverage;

    OrderAudit(Coverage coverage) {
        this.coverage = coverage;
    }

    void write(ProductBook book, OrderEvent event, Entry entry) {
        Optional<TrailKey> key = TrailKey.ofOrder(entry.productId(), event.orderId());
        if (!entry.require(key.isPresent(), Rule.READABLE, event.orderId() + " is no order's id of this product.")) {
            return;
        }
        Trail trail = book.trails.findOrNew(key.orElseThrow());
        switch (event) {
            case OrderCreated e -> create(trail, e, entry);
            case OrderPaid e -> pay(trail, e, entry);
            case OrderCancelled e -> cancel(trail, e, entry);
            case LatePaymentReceived e -> receiveLate(trail, e, entry);
            case RefundRequired e -> trail.refunded = requireOrder(trail, e, entry);
            case PaymentMismatched e -> requireOrder(trail, e, entry);
            case PaymentUnmatched ignored -> {
                // Of an order that never came: there is no trail to keep.
                return;
            }
        }
        trail.lastOfOrders = entry.at();
        book.trails.keep(key.orElseThrow(), trail, entry.time());
    }

    private void create(Trail trail, OrderCreated e, Entry entry) {
        if (trail.created) {
            entry.report(
                    Rule.ORDER_ENDS_ONCE,
                    "expected a new order, but " + e.orderId() + " was created before and is " + trail.orderState()
                            + ".");
            return;
        }
        entry.require(
                e.holdId().equals(HoldId.ofOrder(e.orderId())),
                Rule.CLAIM,
                e.orderId() + " was made of " + e.holdId() + ", which is another order's hold.");
        entry.require(
                e.amount().compareTo(e.unitPrice().multiply(BigDecimal.valueOf(e.quantity()))) == 0
                        && (trail.unitPrice == null || trail.unitPrice.compareTo(e.unitPrice()) == 0),
                Rule.CLAIM,
                e.orderId() + " costs " + e.amount() + " for " + e.quantity() + " units at " + e.unitPrice()
                        + (trail.unitPrice == null ? "." : ", the hold's price is " + trail.unitPrice + "."));
        requireQuantity(trail, e.quantity(), e.orderId(), entry);
        trail.created = true;
        trail.paymentDueAt = e.paymentDueAt();
    }

    private void pay(Trail trail, OrderPaid e, Entry entry) {
        if (!requireOrder(trail, e, entry)) {
            return;
        }
        if (trail.paid) {
            entry.report(Rule.ORDER_ENDS_ONCE, e.orderId() + " was paid again.");
            return;
        }
        if (trail.cancelled) {
            entry.require(
                    trail.latePayments > 0 || !coverage.orders(),
                    Rule.ORDER_ENDS_ONCE,
                    e.orderId() + " was paid after its cancellation without a LatePaymentReceived.");
        } else if (trail.paymentDueAt != null) {
            entry.require(
                    e.paidAt().isBefore(trail.paymentDueAt),
                    Rule.LOG_TIME,
                    e.orderId() + " was paid at " + e.paidAt() + ", but was due at " + trail.paymentDueAt + ".");
        }
        requireQuantity(trail, e.quantity(), e.orderId(), entry);
        trail.paid = true;
    }

    private void cancel(Trail trail, OrderCancelled e, Entry entry) {
        if (!requireOrder(trail, e, entry)) {
            return;
        }
        if (trail.paid) {
            entry.report(
                    Rule.PAID_STAYS_PAID,
                    e.orderId() + " was cancelled (" + reason(e.reason()) + ") although it is paid.");
            return;
        }
        if (trail.cancelled) {
            entry.report(Rule.ORDER_ENDS_ONCE, e.orderId() + " was cancelled again.");
            return;
        }
        if (e.reason() == CancelReason.PAYMENT_EXPIRED && trail.paymentDueAt != null) {
            entry.require(
                    !e.cancelledAt().isBefore(trail.paymentDueAt),
                    Rule.LOG_TIME,
                    e.orderId() + " was cancelled for its deadline at " + e.cancelledAt() + ", but was due at "
                            + trail.paymentDueAt + ".");
        }
        requireQuantity(trail, e.quantity(), e.orderId(), entry);
        trail.cancelled = true;
    }

    private void receiveLate(Trail trail, LatePaymentReceived e, Entry entry) {
        if (!requireOrder(trail, e, entry)) {
            return;
        }
        boolean late = (trail.cancelled || !coverage.orders()) && !trail.paid;
        if (entry.require(
                late,
                Rule.ORDER_ENDS_ONCE,
                "a payment of " + e.orderId() + " is called late, but the order is " + trail.orderState() + ".")) {
            requireQuantity(trail, e.quantity(), e.orderId(), entry);
            trail.cancelled = true;
            trail.latePayments++;
        }
    }

    /** Whether there is an order to speak of. */
    private boolean requireOrder(Trail trail, OrderEvent event, Entry entry) {
        return entry.require(
                trail.created || !coverage.orders(),
                Rule.ORDER_ENDS_ONCE,
                event.getClass().getSimpleName() + " of " + event.orderId() + ", which was never created.");
    }

    private static void requireQuantity(Trail trail, int claimed, String orderId, Entry entry) {
        if (trail.quantity == 0) {
            trail.quantity = claimed;
        }
        entry.require(
                trail.quantity == claimed,
                Rule.CLAIM,
                "expected " + trail.quantity + " units, but the event of " + orderId + " has " + claimed + ".");
    }

    private static String reason(CancelReason reason) {
        return switch (reason) {
            case PAYMENT_FAILED -> "payment failed";
            case PAYMENT_EXPIRED -> "payment expired";
            case REQUESTED -> "requested";
        };
    }
}
