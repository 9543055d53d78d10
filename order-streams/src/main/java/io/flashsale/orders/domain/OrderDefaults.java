package io.flashsale.orders.domain;

import java.time.Duration;

/**
 * The deadlines.
 *
 * @param paymentWindow from an order's creation to the end of its payment
 * @param parkingTime how long a payment is kept whose order does not exist
 */
public record OrderDefaults(Duration paymentWindow, Duration parkingTime) {}
