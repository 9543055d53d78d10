package io.flashsale.ingress.config;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;

@Configuration(proxyBeanMethods = false)
class SecretsConfiguration {

    @Bean
    Secrets secrets(IngressSettings settings, Environment environment) {
        return Secrets.of(settings, environment.acceptsProfiles(Profiles.of("local")));
    }
}
