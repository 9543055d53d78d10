package io.flashsale.orders.config;

import io.flashsale.orders.domain.LatePaymentPolicy;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What only order-streams is told.
 *
 * @param paymentWindow from an order's creation to the end of its payment, if its product does not say it
 * @param parkingTime how long a payment is kept whose order does not exist
 * @param latePayments what becomes of a payment that succeeds after its order failed or passed its deadline
 */
@Validated
@ConfigurationProperties("flashsale.orders")
public record OrderSettings(
        @DefaultValue("15m") Duration paymentWindow,
        @DefaultValue("24h") Duration parkingTime,
        @DefaultValue("reacquire") LatePaymentPolicy latePayments) {

    public OrderSettings {
        if (!paymentWindow.isPositive() || !parkingTime.isPositive()) {
            throw new IllegalArgumentException("payment-window and parking-time must be longer than nothing");
        }
    }
}
