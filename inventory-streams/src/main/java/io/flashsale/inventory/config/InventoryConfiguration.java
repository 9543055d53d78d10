package io.flashsale.inventory.config;

import io.flashsale.inventory.domain.InventoryDefaults;
import io.flashsale.inventory.domain.InventoryRules;
import io.flashsale.inventory.domain.InventoryTerms;
import io.flashsale.inventory.topology.InventoryTopology;
import io.flashsale.inventory.topology.OverdueHolds;
import io.flashsale.inventory.topology.Timing;
import io.flashsale.streams.runtime.StreamsConfiguration;
import io.flashsale.streams.runtime.StreamsSettings;
import io.flashsale.tracing.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.apache.kafka.streams.Topology;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Puts settings, rules and topology together; the rest is the same for both applications. */
@Configuration(proxyBeanMethods = false)
@Import(StreamsConfiguration.class)
@EnableConfigurationProperties(InventorySettings.class)
class InventoryConfiguration {

    @Bean
    Topology topology(
            StreamsSettings streams,
            InventorySettings inventory,
            MeterRegistry meters,
            InstantSource clock,
            Tracing tracing) {
        InventoryRules rules = new InventoryRules(
                new InventoryDefaults(inventory.holdTtlSeconds(), inventory.currency()),
                new InventoryTerms(
                        inventory.maxExtensions(),
                        streams.retention().keys(),
                        streams.retention().orders()));
        StreamsSettings.Timing timing = streams.timing();
        return InventoryTopology.build(
                streams.topicNames(),
                rules,
                new Timing(timing.punctuation(), timing.grace(), timing.batch(), inventory.stockInterval()),
                meters,
                new OverdueHolds(meters, clock),
                tracing);
    }

    /** For showing whether a sale is open, and for metrics; nothing is decided on it. */
    @Bean
    InstantSource clock() {
        return InstantSource.system();
    }
}
