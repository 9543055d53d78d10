package io.flashsale.benchmarks;

import io.flashsale.benchmarks.report.Plot.Line;
import io.flashsale.benchmarks.report.Plot.Point;
import io.flashsale.local.PipelineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** How far a count was when, so that its rate can be told with and without the warm-up. */
final class Marks {

    /** Until here a JVM that was just started mostly compiles. */
    static final double WARMUP_SHARE = 0.2;

    /** Several reads: what one of them brings by chance would be a saw. */
    private static final long PLOTTED_NANOS = 250_000_000;

    private final long goal;
    private final Supplier<CpuTimes> cpuTimes;
    private final List<Mark> marks = new ArrayList<>();
    private final List<Mark> plotted = new ArrayList<>();

    /** A count, and when it was reached. */
    private record Mark(long count, long nanos, CpuTimes cpu) {

        double perSecondUntil(Mark end) {
            return (end.count - count) / ((end.nanos - nanos) / 1e9);
        }
    }

    /**
     * What came out.
     *
     * @param perSecond without the warm-up
     * @param perSecondInAll from the first to the last
     * @param cpuSecondsPerThousand by process, without the warm-up
     * @param line the rate over the seconds
     */
    record Round(double perSecond, double perSecondInAll, Map<String, Double> cpuSecondsPerThousand, Line line) {}

    Marks(long goal, Supplier<CpuTimes> cpuTimes) {
        this.goal = goal;
        this.cpuTimes = cpuTimes;
    }

    /** To be told whenever there are more. */
    void reached(long count) {
        long now = System.nanoTime();
        boolean first = marks.isEmpty();
        boolean warm = marks.size() == 1 && count >= WARMUP_SHARE * goal;
        if (first || warm || count >= goal) {
            marks.add(new Mark(count, now, cpuTimes.get()));
        }
        if (plotted.isEmpty() || now - plotted.getLast().nanos >= PLOTTED_NANOS) {
            plotted.add(new Mark(count, now, new CpuTimes(Map.of())));
        }
    }

    Round round(String lineName) {
        if (marks.size() < 3) {
            throw new PipelineException("There were too few decisions to measure them; choose more --commands.");
        }
        Mark first = marks.getFirst();
        Mark warm = marks.get(1);
        Mark end = marks.getLast();
        return new Round(
                warm.perSecondUntil(end),
                first.perSecondUntil(end),
                end.cpu.secondsPerThousandSince(warm.cpu, end.count - warm.count),
                new Line(lineName, points(first)));
    }

    private List<Point> points(Mark first) {
        List<Point> points = new ArrayList<>();
        for (int i = 1; i < plotted.size(); i++) {
            Mark mark = plotted.get(i);
            points.add(new Point(
                    (mark.nanos - first.nanos) / 1e9, plotted.get(i - 1).perSecondUntil(mark)));
        }
        return points;
    }
}
