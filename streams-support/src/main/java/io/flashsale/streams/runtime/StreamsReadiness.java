package io.flashsale.streams.runtime;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Ready when the topology runs; part of the health group {@code readiness}. */
public final class StreamsReadiness implements HealthIndicator {

    private final StreamsService service;

    public StreamsReadiness(StreamsService service) {
        this.service = service;
    }

    @Override
    public Health health() {
        Health.Builder health = service.isReady() ? Health.up() : Health.outOfService();
        return health.withDetail("state", service.streams().state().name()).build();
    }
}
