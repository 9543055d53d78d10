package io.flashsale.local.tools;

import java.time.Duration;

/** Time that passes only when somebody waits, so that no test has to. */
final class HandClock implements PartitionCheck.Pause {

    private static final Duration STEP = Duration.ofMillis(250);

    private final Duration step;
    private final Runnable meanwhile;
    private long nanos;

    HandClock() {
        this(() -> {});
    }

    /** @param meanwhile happens whenever somebody waits */
    HandClock(Runnable meanwhile) {
        this(STEP, meanwhile);
    }

    /** @param step how long a brief pause is */
    HandClock(Duration step) {
        this(step, () -> {});
    }

    private HandClock(Duration step, Runnable meanwhile) {
        this.step = step;
        this.meanwhile = meanwhile;
    }

    @Override
    public synchronized void brief() {
        nanos += step.toNanos();
        meanwhile.run();
    }

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }
}
