package io.flashsale.benchmarks;

import io.flashsale.benchmarks.report.Plot.Line;
import io.flashsale.benchmarks.report.Plot.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * What became of an {@link OpenLoop}.
 *
 * @param latency microseconds from the time a call was due to its answer
 * @param delay microseconds from the time a call was due to its sending: how far behind the load itself was
 * @param answers how often there was which one: a status code, or why there was none
 * @param seconds from the time the first call was due to the last answer
 * @param complete false if it was given up because it was too far behind
 * @param perSecond answers in each second
 */
record LoadResult(
        Histogram latency,
        Histogram delay,
        Map<String, Long> answers,
        double seconds,
        boolean complete,
        List<Long> perSecond) {

    /** More digits than anybody can see in a plot. */
    private static final double[] PLOTTED_PERCENTILES = {0, 25, 50, 75, 90, 95, 98, 99, 99.5, 99.9, 99.95, 99.99, 99.999
    };

    long done() {
        return latency.getTotalCount();
    }

    double perSecondInAll() {
        return done() / seconds;
    }

    long count(int status) {
        return answers.getOrDefault(Integer.toString(status), 0L);
    }

    /** Whether every call had this answer. */
    boolean isOnly(int status) {
        return complete && count(status) == done();
    }

    double latencyMillis(double percentile) {
        return millis(latency, percentile);
    }

    double delayMillis(double percentile) {
        return millis(delay, percentile);
    }

    /** For a person: {@code 9,998 × 201, 2 × 503}. */
    String answersInWords() {
        return answers.entrySet().stream()
                .map(answer -> "%,d × %s".formatted(answer.getValue(), answer.getKey()))
                .collect(Collectors.joining(", "));
    }

    Line latencyLine(String name) {
        return latencyLine(name, latency);
    }

    /** Of any histogram of microseconds. */
    static Line latencyLine(String name, Histogram micros) {
        List<Point> points = new ArrayList<>();
        for (double percentile : PLOTTED_PERCENTILES) {
            // What is beyond the last call says nothing.
            if ((100 - percentile) * micros.getTotalCount() > 99.9) {
                points.add(new Point(percentile, millis(micros, percentile)));
            }
        }
        return new Line(name, points);
    }

    Line throughputLine(String name) {
        return new Line(
                name,
                IntStream.range(0, perSecond.size())
                        .mapToObj(second -> new Point(second, perSecond.get(second)))
                        .toList());
    }

    static double millis(Histogram micros, double percentile) {
        return micros.getValueAtPercentile(percentile) / 1_000.0;
    }
}
