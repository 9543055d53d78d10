package io.flashsale.benchmarks;

/**
 * When each call is due, at a fixed rate, whatever became of the calls before it: customers do not wait for each other
 * either. A latency counts from the due time, so a call that had to wait for a free connection is as slow as its
 * customer would have found it.
 *
 * @param startNanos when the first call is due, as {@link System#nanoTime()} counts
 */
record OpenLoop(long startNanos, int ratePerSecond, long calls) {

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long HEAD_START_NANOS = NANOS_PER_SECOND / 2;
    private static final long HEAD_START_NANOS_PER_CONNECTION = NANOS_PER_SECOND / 1_000;

    /** Calls of so many seconds; the first one is due a little later, so that connections can be made before. */
    static OpenLoop soon(int ratePerSecond, int seconds, int connections) {
        long start = System.nanoTime() + HEAD_START_NANOS + connections * HEAD_START_NANOS_PER_CONNECTION;
        return new OpenLoop(start, ratePerSecond, (long) ratePerSecond * seconds);
    }

    /** @param number of the call, from 0 */
    long dueNanos(long number) {
        // Multiplied first: a rounded interval would add its error up.
        return startNanos + number * NANOS_PER_SECOND / ratePerSecond;
    }
}
