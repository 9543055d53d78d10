package io.flashsale.orders.config;

import io.flashsale.orders.domain.OrderDefaults;
import io.flashsale.orders.domain.OrderRetention;
import io.flashsale.orders.domain.OrderRules;
import io.flashsale.orders.topology.OrderTopology;
import io.flashsale.orders.topology.Timing;
import io.flashsale.streams.runtime.StreamsConfiguration;
import io.flashsale.streams.runtime.StreamsSettings;
import io.flashsale.tracing.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.streams.Topology;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Puts settings, rules and topology together; the rest is the same for both applications. */
@Configuration(proxyBeanMethods = false)
@Import(StreamsConfiguration.class)
@EnableConfigurationProperties(OrderSettings.class)
class OrderConfiguration {

    @Bean
    Topology topology(StreamsSettings streams, OrderSettings orders, MeterRegistry meters, Tracing tracing) {
        OrderRules rules = new OrderRules(
                new OrderDefaults(orders.paymentWindow(), orders.parkingTime(), orders.latePayments()),
                retention(streams.retention(), orders));
        StreamsSettings.Timing timing = streams.timing();
        return OrderTopology.build(
                streams.topicNames(),
                rules,
                new Timing(timing.punctuation(), timing.grace(), timing.batch(), orders.parkingTime()),
                meters,
                tracing);
    }

    private static OrderRetention retention(StreamsSettings.RetentionTimes times, OrderSettings orders) {
        if (orders.parkingTime().compareTo(times.webhookKeys()) > 0) {
            // A parked payment whose key is forgotten would be parked twice, and told twice.
            throw new IllegalArgumentException(
                    "flashsale.orders.parking-time must not be longer than flashsale.retention.webhook-keys");
        }
        return new OrderRetention(times.webhookKeys(), times.orders());
    }
}
