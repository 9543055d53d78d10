package io.flashsale.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a payment left its order, as a webhook's answer says it. */
public enum PaymentStatus {
    @JsonProperty("awaiting_order")
    AWAITING_ORDER,
    @JsonProperty("pending_payment")
    PENDING_PAYMENT,
    @JsonProperty("paid")
    PAID,
    @JsonProperty("cancelled")
    CANCELLED
}
