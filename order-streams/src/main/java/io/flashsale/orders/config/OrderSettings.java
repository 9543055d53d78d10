package io.flashsale.orders.config;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What only order-streams is told.
 *
 * @param paymentWindow from an order's creation to the end of its payment
 * @param parkingTime how long a payment is kept whose order does not exist
 */
@Validated
@ConfigurationProperties("flashsale.orders")
public record OrderSettings(
        @DefaultValue("15m") Duration paymentWindow,
        @DefaultValue("24h") Duration parkingTime) {

    public OrderSettings {
        if (!paymentWindow.isPositive() || !parkingTime.isPositive()) {
            throw new IllegalArgumentException("payment-window and parking-time must be longer than nothing");
        }
    }
}
