package io.flashsale.orders.domain;

/** What becomes of a payment that succeeded after its order failed or passed its deadline. */
public enum LatePaymentPolicy {
    /** The inventory is asked for the stock once more; if it is gone, the money goes back. */
    REACQUIRE,
    /** The money goes back at once. */
    REFUND
}
