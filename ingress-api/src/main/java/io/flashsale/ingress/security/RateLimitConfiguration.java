package io.flashsale.ingress.security;

import io.flashsale.ingress.config.IngressSettings;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RateLimitConfiguration {

    /** Never steps back, as a wall clock may. */
    @Bean
    TimeMeter rateLimitTime() {
        return TimeMeter.SYSTEM_NANOTIME;
    }

    @Bean
    RateLimits rateLimits(IngressSettings settings, TimeMeter rateLimitTime, MeterRegistry meters) {
        return new RateLimits(settings.ratelimit(), rateLimitTime, meters);
    }

    @Bean
    Clients clients(AdminKey adminKey, IngressSettings settings) {
        return new Clients(adminKey, settings.ratelimit().trustedProxies());
    }
}
