package io.flashsale.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where an order is in its life. */
public enum OrderStatus {
    @JsonProperty("pending_payment")
    PENDING_PAYMENT,
    @JsonProperty("paid")
    PAID,
    @JsonProperty("cancelled")
    CANCELLED
}
