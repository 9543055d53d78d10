package io.flashsale.ingress.gateway;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Part of readiness: down while commands would be answered 503. */
final class KafkaHealthIndicator implements HealthIndicator {

    private final KafkaStatus status;

    KafkaHealthIndicator(KafkaStatus status) {
        this.status = status;
    }

    @Override
    public Health health() {
        return status.problem()
                .map(problem ->
                        Health.outOfService().withDetail("problem", problem).build())
                .orElseGet(() -> Health.up().build());
    }
}
