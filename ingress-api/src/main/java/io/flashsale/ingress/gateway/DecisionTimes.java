package io.flashsale.ingress.gateway;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How long callers of this instance waited for their decisions lately, for the live page alone: percentiles of one
 * instance cannot be added up, so they are of no use among the metrics.
 */
public final class DecisionTimes {

    private static final double MEDIAN = 0.5;
    private static final double SLOWEST = 0.99;

    /** Long enough for a quiet shop to have some, short enough to show what is now. */
    private static final Duration LATELY = Duration.ofSeconds(10);

    private final Timer timer = Timer.builder("lately")
            .publishPercentiles(MEDIAN, SLOWEST)
            .distributionStatisticExpiry(LATELY)
            .distributionStatisticBufferLength(5)
            .register(new SimpleMeterRegistry());

    /**
     * Of the last ten seconds.
     *
     * @param p50 milliseconds that half of the callers waited at most
     * @param p99 milliseconds that all but one in a hundred waited at most
     */
    public record Lately(double p50, double p99) {}

    void record(long nanos) {
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Empty if nobody got a decision lately. */
    public Optional<Lately> lately() {
        double p50 = 0;
        double p99 = 0;
        for (ValueAtPercentile each : timer.takeSnapshot().percentileValues()) {
            if (each.percentile() == MEDIAN) {
                p50 = each.value(TimeUnit.MILLISECONDS);
            } else {
                p99 = each.value(TimeUnit.MILLISECONDS);
            }
        }
        return p99 > 0 ? Optional.of(new Lately(p50, p99)) : Optional.empty();
    }
}
