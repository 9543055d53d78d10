package io.flashsale.benchmarks;

import org.HdrHistogram.AbstractHistogram;

/** Milliseconds: the value that this share of the calls does not exceed. */
record Latency(double p50, double p90, double p99, double p999, double max) {

    /** @param histogram of microseconds */
    static Latency of(AbstractHistogram histogram) {
        return new Latency(
                millis(histogram.getValueAtPercentile(50)),
                millis(histogram.getValueAtPercentile(90)),
                millis(histogram.getValueAtPercentile(99)),
                millis(histogram.getValueAtPercentile(99.9)),
                millis(histogram.getMaxValue()));
    }

    private static double millis(long micros) {
        return micros / 1_000.0;
    }
}
