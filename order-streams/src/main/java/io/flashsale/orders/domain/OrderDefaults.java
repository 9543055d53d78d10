package io.flashsale.orders.domain;

import java.time.Duration;

/**
 * What binds every order.
 *
 * @param paymentWindow from an order's creation to the end of its payment, if its product does not say it
 * @param parkingTime how long a payment is kept whose order does not exist
 * @param latePayments what becomes of payments after their order's end
 */
public record OrderDefaults(Duration paymentWindow, Duration parkingTime, LatePaymentPolicy latePayments) {}
