package io.flashsale.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a hold is in its life. It ends once. */
public enum HoldStatus {
    @JsonProperty("active")
    ACTIVE,
    @JsonProperty("redeemed")
    REDEEMED,
    @JsonProperty("released")
    RELEASED,
    @JsonProperty("expired")
    EXPIRED
}
