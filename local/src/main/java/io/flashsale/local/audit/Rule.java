package io.flashsale.local.audit;

import java.util.Locale;

/** What a history of events can break. */
public enum Rule {
    /** A record of an event topic is no event, or stands under another key or partition than its product's. */
    READABLE,
    /** Units appear, vanish or become fewer than none: total = available + held + pending + sold. */
    CONSERVATION,
    /** A hold that is not active is redeemed, released, expired or extended, or one id is placed twice. */
    HOLD_ENDS_ONCE,
    /** A hold is redeemed at or after its end or expires before it; an order likewise with its payment deadline. */
    LOG_TIME,
    /** An order is created, paid or cancelled twice, or none of it is possible where it stands. */
    ORDER_ENDS_ONCE,
    /** A paid order is cancelled. */
    PAID_STAYS_PAID,
    /** Units of an order are sold, returned or taken again although they are not where they would have to be. */
    STOCK_MOVES_ONCE,
    /** Something follows from a decision of the other application that is not in its log. */
    CAUSE,
    /** What a decision asks of the other application has not followed although the logs are quiet. */
    FOLLOWED,
    /** An event says a number, price or id that is not so where it stands. */
    CLAIM,
    /** A hold is granted against the product's own rules, or refused although it was to be had. */
    SALE_RULES,
    /** What the running pipeline shows is not what its events say. */
    STORE;

    /** Its stable name, {@code hold-ends-once}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
