package io.flashsale.ingress.gateway;

import io.flashsale.ingress.config.IngressSettings;
import io.flashsale.tracing.Tracing;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What needs no broker. */
@Configuration(proxyBeanMethods = false)
class GatewayConfiguration {

    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);

    @Bean
    Tracing tracing(IngressSettings settings, MeterRegistry meters, @Value("${spring.application.name}") String name) {
        return Tracing.of(settings.traces(), name, Integer.toString(settings.instance()), meters);
    }

    @Bean
    PendingReplies pendingReplies(IngressSettings settings, MeterRegistry meters) {
        return new PendingReplies(settings.reply().inflight(), settings.reply().limitPerProduct(), meters);
    }

    @Bean
    DecisionTimes decisionTimes() {
        return new DecisionTimes();
    }

    @Bean
    CommandGateway commandGateway(
            CommandPublisher publisher,
            PendingReplies pending,
            KafkaStatus kafkaStatus,
            ProductReads productReads,
            DecisionTimes decisionTimes,
            IngressSettings settings,
            MeterRegistry meters) {
        return new CommandGateway(
                publisher,
                pending,
                kafkaStatus,
                settings.instance(),
                settings.reply().timeout(),
                productReads::forget,
                decisionTimes,
                meters);
    }

    @Bean
    KafkaHealthIndicator kafkaHealthIndicator(KafkaStatus kafkaStatus) {
        return new KafkaHealthIndicator(kafkaStatus);
    }

    /** The same as readiness says, for those who look at metrics alone. */
    @Bean
    MeterBinder instanceMeters(KafkaStatus kafkaStatus, ApplicationAvailability availability) {
        return meters -> Gauge.builder("instance.ready", () -> isReady(kafkaStatus, availability) ? 1 : 0)
                .description("Whether it can serve")
                .register(meters);
    }

    private static boolean isReady(KafkaStatus kafkaStatus, ApplicationAvailability availability) {
        return availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC
                && kafkaStatus.problem().isEmpty();
    }

    @Bean(destroyMethod = "shutdownNow")
    HttpClient queryHttpClient() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    @Bean
    QueryClient inventoryQueries(HttpClient queryHttpClient, IngressSettings settings) {
        return new QueryClient(
                queryHttpClient, settings.inventory().urls(), settings.query().timeout());
    }

    @Bean
    ProductReads productReads(QueryClient inventoryQueries, IngressSettings settings, MeterRegistry meters) {
        return new ProductReads(
                productId -> inventoryQueries.get("/internal/products/" + productId),
                settings.query().freshFor(),
                settings.query().sharedProducts(),
                System::nanoTime,
                meters);
    }

    @Bean
    QueryClient orderQueries(HttpClient queryHttpClient, IngressSettings settings) {
        return new QueryClient(
                queryHttpClient, settings.orders().urls(), settings.query().timeout());
    }
}
