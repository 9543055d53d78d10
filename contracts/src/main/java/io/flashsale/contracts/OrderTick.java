package io.flashsale.contracts;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What order-streams' punctuator tells itself through {@code order-ticks}, to be decided in log order. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface OrderTick extends OrderInput {

    /** An unpaid order seems to be due. */
    record ExpirePayment(String productId, String orderId) implements OrderTick {}

    /** Payments whose order never came seem to be due. */
    record ExpireParkedPayments(String productId, String orderId) implements OrderTick {}

    /** What ended long ago seems to be due for leaving the stores. The product only names the partition. */
    record SweepOrders(String productId) implements OrderTick {}
}
