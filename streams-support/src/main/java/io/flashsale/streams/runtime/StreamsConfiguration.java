package io.flashsale.streams.runtime;

import io.flashsale.contracts.KafkaCluster;
import io.flashsale.streams.query.QueryRouter;
import io.flashsale.tracing.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Map;
import org.apache.kafka.streams.Topology;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** What both applications are made of; each adds its topology. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StreamsSettings.class)
public class StreamsConfiguration {

    /** @param name {@code spring.application.name}; with the topics' prefix it names the consumer group */
    @Bean
    StreamsService streamsService(
            Topology topology,
            StreamsSettings settings,
            KafkaCluster cluster,
            MeterRegistry meters,
            ApplicationContext context,
            @Value("${spring.application.name}") String name) {
        return new StreamsService(
                topology, settings, cluster, settings.topics().prefix() + name, meters, () -> endProcess(context));
    }

    /** Its security is bound by itself: there are passwords in it, and names that have dots. */
    @Bean
    KafkaCluster kafkaCluster(StreamsSettings settings, Environment environment) {
        return new KafkaCluster(
                settings.kafka(),
                Binder.get(environment)
                        .bind("flashsale.kafka-properties", Bindable.mapOf(String.class, String.class))
                        .orElse(Map.of()));
    }

    @Bean
    Tracing tracing(StreamsSettings settings, MeterRegistry meters, @Value("${spring.application.name}") String name) {
        return Tracing.of(settings.traces(), name, settings.advertised(), meters);
    }

    @Bean
    SpaceWatch spaceWatch(StreamsSettings settings, MeterRegistry meters, ApplicationContext context) {
        return new SpaceWatch(settings.state(), meters, () -> endProcess(context));
    }

    @Bean
    MeterBinder instanceMeters(StreamsService service) {
        return new InstanceMeters(service);
    }

    @Bean
    StreamsReadiness streamsReadiness(StreamsService service) {
        return new StreamsReadiness(service);
    }

    @Bean
    QueryRouter queryRouter(StreamsService service, StreamsSettings settings) {
        return new QueryRouter(service, settings.advertised(), settings.topics().partitions());
    }

    /** Whoever started the process sees that it ended; a topology that stands still and answers would be worse. */
    private static void endProcess(ApplicationContext context) {
        // No daemon, whoever calls: or the process would end with 0 as soon as the context is closed.
        Thread.ofPlatform()
                .name("end-process")
                .daemon(false)
                .start(() -> System.exit(SpringApplication.exit(context, () -> 1)));
    }
}
