package io.flashsale.benchmarks;

import io.flashsale.benchmarks.report.Plot.Line;
import io.flashsale.benchmarks.report.Plot.Point;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What a {@link Shop} did under load.
 *
 * @param latencies at fixed rates
 * @param holds the most holds a second that were sustained
 * @param reads the same of reads of one product
 * @param readsAtHalf at half of that
 */
record ShopResult(String shop, List<AtRate> latencies, Most holds, Most reads, LoadResult readsAtHalf) {

    /** @param cpuSecondsPerThousand by process */
    record AtRate(int ratePerSecond, LoadResult load, Map<String, Double> cpuSecondsPerThousand) {}

    /**
     * The outcome of a search.
     *
     * @param ratePerSecond 0 if there was none
     * @param steps every rate that was tried, in that order
     */
    record Most(int ratePerSecond, List<Step> steps) {

        Most {
            steps = List.copyOf(steps);
        }

        /** The 99th percentile over the rate. */
        Line p99Line(String name) {
            return new Line(
                    name,
                    steps.stream()
                            .sorted(Comparator.comparingInt(Step::ratePerSecond))
                            .map(step ->
                                    new Point(step.ratePerSecond(), step.load().latencyMillis(99)))
                            .toList());
        }

        /** What came out at the rate that was found. */
        Line throughputLine(String name) {
            return steps.stream()
                    .filter(step -> step.ratePerSecond() == ratePerSecond)
                    .map(step -> step.load().throughputLine(name))
                    .findFirst()
                    .orElse(new Line(name, List.of()));
        }
    }

    record Step(int ratePerSecond, LoadResult load) {}
}
