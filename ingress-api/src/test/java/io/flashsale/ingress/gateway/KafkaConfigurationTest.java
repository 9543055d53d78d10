package io.flashsale.ingress.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.ingress.config.IngressSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** How the clients get into a cluster that asks, as an operator may say it. */
class KafkaConfigurationTest {

    private final StandardEnvironment environment = new StandardEnvironment();

    @Test
    void aVariableNamesASetting() {
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        Map.of(
                                "FLASHSALE_KAFKAPROPERTIES_SECURITY_PROTOCOL", "SASL_SSL",
                                "FLASHSALE_KAFKAPROPERTIES_SSL_TRUSTSTORE_LOCATION", "/ca.pem")));

        assertThat(KafkaConfiguration.security(attached()))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("security.protocol", "SASL_SSL", "ssl.truststore.location", "/ca.pem"));
    }

    @Test
    void aPropertyNamesASetting() {
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "file of secrets", Map.of("flashsale.kafka-properties.sasl.jaas.config", "secret")));

        assertThat(KafkaConfiguration.security(attached())).containsOnly(Map.entry("sasl.jaas.config", "secret"));
    }

    @Test
    void aClusterThatLetsEverybodyInNeedsNone() {
        assertThat(KafkaConfiguration.security(attached())).isEmpty();
    }

    @Test
    void whatPromisesHangOnStopsTheStart() {
        new ApplicationContextRunner()
                .withUserConfiguration(Settings.class, KafkaConfiguration.class)
                .withPropertyValues("flashsale.kafka-properties.isolation.level=read_uncommitted")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("isolation.level"));
    }

    private StandardEnvironment attached() {
        ConfigurationPropertySources.attach(environment);
        return environment;
    }

    @EnableConfigurationProperties(IngressSettings.class)
    static class Settings {}
}
