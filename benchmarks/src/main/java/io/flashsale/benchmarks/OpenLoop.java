package io.flashsale.benchmarks;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When each call is due, at a fixed rate, whatever became of the calls before it: customers do not wait for each other
 * either. A latency counts from the due time, so a call that had to wait for a free connection is as slow as its
 * customer would have found it. Safe for use by several threads.
 */
final class OpenLoop {

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final long startNanos;
    private final int ratePerSecond;
    private final long calls;
    private final AtomicLong taken = new AtomicLong();

    /** @param startNanos when the first call is due, as {@link System#nanoTime()} counts */
    OpenLoop(long startNanos, int ratePerSecond, long calls) {
        this.startNanos = startNanos;
        this.ratePerSecond = ratePerSecond;
        this.calls = calls;
    }

    /** Takes the next call and says when it is due; empty when there is none left. */
    OptionalLong take() {
        long number = taken.getAndIncrement();
        // Multiplied first: a rounded interval would add its error up.
        return number < calls
                ? OptionalLong.of(startNanos + number * NANOS_PER_SECOND / ratePerSecond)
                : OptionalLong.empty();
    }

    long calls() {
        return calls;
    }
}
