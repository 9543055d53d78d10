package io.flashsale.orders.topology;

import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderEvent.LatePaymentReceived;
import io.flashsale.contracts.OrderEvent.OrderCancelled;
import io.flashsale.contracts.OrderEvent.OrderCreated;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.contracts.OrderEvent.PaymentMismatched;
import io.flashsale.contracts.OrderEvent.PaymentUnmatched;
import io.flashsale.contracts.OrderEvent.RefundRequired;
import io.flashsale.contracts.OrderInput;
import io.flashsale.contracts.Refusal;
import io.flashsale.streams.topology.DecisionLog;
import io.flashsale.streams.topology.Screened;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** How an event of an order is told in the log: money that a person has to look at always, the rest if it is asked for. */
final class OrderLog {

    private OrderLog() {}

    static void decided(Screened<OrderInput> screened, OrderEvent event) {
        if (DecisionLog.tellsAll() || isForAPerson(event)) {
            tell(screened, event);
        }
    }

    private static boolean isForAPerson(OrderEvent event) {
        return event instanceof RefundRequired
                || event instanceof PaymentUnmatched
                || event instanceof PaymentMismatched;
    }

    private static void tell(Screened<OrderInput> screened, OrderEvent event) {
        switch (event) {
            case RefundRequired e ->
                line(Level.INFO, screened, e)
                        .addKeyValue("payment", DecisionLog.masked(e.paymentId()))
                        .addKeyValue("amount", e.amount())
                        .addKeyValue("currency", e.currency())
                        .log("RefundRequired");
            case PaymentUnmatched e ->
                line(Level.INFO, screened, e)
                        .addKeyValue("payment", DecisionLog.masked(e.paymentId()))
                        .addKeyValue("succeeded", e.succeeded())
                        .addKeyValue("amount", e.amount())
                        .addKeyValue("currency", e.currency())
                        .log("PaymentUnmatched");
            case PaymentMismatched e ->
                line(Level.INFO, screened, e)
                        .addKeyValue("payment", DecisionLog.masked(e.paymentId()))
                        .addKeyValue("expected_amount", e.expectedAmount())
                        .addKeyValue("expected_currency", e.expectedCurrency())
                        .addKeyValue("amount", e.amount())
                        .addKeyValue("currency", e.currency())
                        .log("PaymentMismatched");
            case OrderCancelled e ->
                line(Level.DEBUG, screened, e)
                        .addKeyValue("reason", OrderMeters.codeOf(e.reason()))
                        .log("OrderCancelled");
            case OrderPaid e ->
                line(Level.DEBUG, screened, e)
                        .addKeyValue("payment", DecisionLog.masked(e.paymentId()))
                        .log("OrderPaid");
            case LatePaymentReceived e ->
                line(Level.DEBUG, screened, e)
                        .addKeyValue("payment", DecisionLog.masked(e.paymentId()))
                        .log("LatePaymentReceived");
            case OrderCreated e ->
                line(Level.DEBUG, screened, e).addKeyValue("hold", e.holdId()).log("OrderCreated");
        }
    }

    static void refused(Screened<OrderInput> screened, Refusal refusal) {
        DecisionLog.line(Level.DEBUG, screened, screened.input().productId())
                .addKeyValue("reason", refusal.code().code())
                .log("Refused");
    }

    private static LoggingEventBuilder line(Level level, Screened<OrderInput> screened, OrderEvent event) {
        return DecisionLog.line(level, screened, event.productId()).addKeyValue("order", event.orderId());
    }
}
