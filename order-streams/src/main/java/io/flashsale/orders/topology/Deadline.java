package io.flashsale.orders.topology;

import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.OrderTick;
import io.flashsale.contracts.OrderTick.ExpireParkedPayments;
import io.flashsale.contracts.OrderTick.ExpirePayment;

/** What a timer of this application is about. */
enum Deadline {
    PAYMENT("pay:"),
    PARKING("park:");

    private final String prefix;

    Deadline(String prefix) {
        this.prefix = prefix;
    }

    String timerOf(String orderId) {
        return prefix + orderId;
    }

    static OrderTick tickOf(String timer) {
        Deadline kind = timer.startsWith(PAYMENT.prefix) ? PAYMENT : PARKING;
        String orderId = timer.substring(kind.prefix.length());
        String productId = OrderId.productOf(orderId).orElseThrow();
        return switch (kind) {
            case PAYMENT -> new ExpirePayment(productId, orderId);
            case PARKING -> new ExpireParkedPayments(productId, orderId);
        };
    }
}
