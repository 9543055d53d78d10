package io.flashsale.streams.topology;

import io.flashsale.contracts.RefusalCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what is decided, whoever asked: {@code decisions.events} by type, {@code decisions.refused} and
 * {@code decisions.dead.letters} by reason. Counted when it is decided; what an aborted transaction decided is decided
 * and counted again.
 */
public final class DecisionMeters {

    private final MeterRegistry registry;
    private final Map<Class<?>, Counter> events = new ConcurrentHashMap<>();

    public DecisionMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void event(Object event) {
        events.computeIfAbsent(
                        event.getClass(), type -> registry.counter("decisions.events", "type", type.getSimpleName()))
                .increment();
    }

    void refused(RefusalCode code) {
        registry.counter("decisions.refused", "reason", code.code()).increment();
    }

    void deadLetter(String reason) {
        registry.counter("decisions.dead.letters", "reason", reason).increment();
    }
}
