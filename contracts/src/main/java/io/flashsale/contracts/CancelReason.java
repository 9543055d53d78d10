package io.flashsale.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why an order was cancelled. */
public enum CancelReason {
    /** The payment provider said that the payment failed. */
    @JsonProperty("payment_failed")
    PAYMENT_FAILED,
    /** Nobody paid before the order's deadline. */
    @JsonProperty("payment_expired")
    PAYMENT_EXPIRED,
    /** Somebody asked for it. */
    @JsonProperty("requested")
    REQUESTED
}
