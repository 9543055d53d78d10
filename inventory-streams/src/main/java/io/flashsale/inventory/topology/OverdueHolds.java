package io.flashsale.inventory.topology;

import io.flashsale.streams.topology.Timers;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Measures {@code holds.overdue.seconds}: how long the oldest hold that is due, of all partitions of this instance, has
 * waited for its tick. It grows when nothing looks for due holds any more, so nothing that looks for them measures it.
 */
public final class OverdueHolds {

    private final Set<Timers> partitions = ConcurrentHashMap.newKeySet();
    private final InstantSource clock;

    public OverdueHolds(MeterRegistry registry, InstantSource clock) {
        this.clock = clock;
        Gauge.builder("holds.overdue", this::seconds).baseUnit("seconds").register(registry);
    }

    void watch(Timers holds) {
        partitions.add(holds);
    }

    void forget(Timers holds) {
        partitions.remove(holds);
    }

    private double seconds() {
        Instant now = clock.instant();
        return partitions.stream()
                .map(Timers::nextDue)
                .filter(Objects::nonNull)
                .mapToDouble(due -> Duration.between(due, now).toMillis() / 1e3)
                .filter(overdue -> overdue > 0)
                .max()
                .orElse(0);
    }
}
