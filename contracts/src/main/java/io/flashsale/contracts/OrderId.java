package io.flashsale.contracts;

import java.util.Optional;

/**
 * Ids of orders: {@code o_} and the rest of the hold's id. An order's id is a function of its hold's, so a payment that
 * arrives before its order already has the right key.
 */
public final class OrderId {

    private static final String PREFIX = "o_";

    private OrderId() {}

    /** The order a hold becomes: one hold, one order. */
    public static String ofHold(String holdId) {
        return PREFIX + RoutedId.body(holdId);
    }

    /** The product an id belongs to, or empty if the text is no id of an order. */
    public static Optional<String> productOf(String orderId) {
        return RoutedId.productOf(PREFIX, orderId);
    }
}
