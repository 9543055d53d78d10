package io.flashsale.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a product can be held at this moment. */
public enum SaleStatus {
    /** The sale has not begun. */
    @JsonProperty("scheduled")
    SCHEDULED,
    @JsonProperty("open")
    OPEN,
    /** Nothing is available now; holds that expire may bring some back. */
    @JsonProperty("sold_out")
    SOLD_OUT,
    /** The sale is over. */
    @JsonProperty("ended")
    ENDED
}
