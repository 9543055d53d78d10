package io.flashsale.benchmarks.report;

import java.util.List;

/**
 * Lines in one picture.
 *
 * @param name of the file, without its ending
 */
public record Plot(String name, String title, Axis x, Axis y, List<Line> lines) {

    public record Axis(String label, Scale scale) {}

    /** How values become distances. */
    public enum Scale {
        /** Zero is on it. */
        LINEAR,
        /** Each ten times has the same length. */
        LOG,
        /** Values from 0 to 100; each nine more has the same length. */
        PERCENTILE
    }

    /** @param points in the order in which they are joined */
    public record Line(String name, List<Point> points) {}

    public record Point(double x, double y) {}
}
