package io.flashsale.ingress.security;

import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ClockConfiguration {

    /** Says how old a signature is; nothing else in this service asks what time it is. */
    @Bean
    InstantSource clock() {
        return InstantSource.system();
    }
}
