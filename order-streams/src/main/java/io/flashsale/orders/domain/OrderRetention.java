package io.flashsale.orders.domain;

import java.time.Duration;

/**
 * How long what ends from now on is remembered; a record says itself until when. A webhook of an order that is forgotten
 * is like one whose order never came: it is parked, and unmatched in the end.
 *
 * @param webhooks idempotency keys and payments, from when they were first answered
 * @param orders from their last end
 */
public record OrderRetention(Duration webhooks, Duration orders) {}
