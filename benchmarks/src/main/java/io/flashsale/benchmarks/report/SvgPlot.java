package io.flashsale.benchmarks.report;

import io.flashsale.benchmarks.report.Plot.Axis;
import io.flashsale.benchmarks.report.Plot.Line;
import io.flashsale.benchmarks.report.Plot.Point;
import io.flashsale.benchmarks.report.Plot.Scale;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** Draws a {@link Plot} as SVG. */
final class SvgPlot {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 400;
    private static final int LEFT = 80;
    private static final int RIGHT = 20;
    private static final int TOP = 40;
    private static final int BOTTOM = 50;
    private static final int LEGEND_STEP = 18;
    private static final int STEPS = 6;

    /** Readable on white for those, too, who do not see all colours (Okabe and Ito). */
    private static final List<String> COLOURS =
            List.of("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000");

    private static final List<Double> PERCENTILES = List.of(0.0, 50.0, 90.0, 99.0, 99.9, 99.99, 99.999);

    private final Plot plot;
    private final Range x;
    private final Range y;
    private final List<String> out = new ArrayList<>();

    /** Where the values of an axis lie, in what its scale makes of them. */
    private record Range(Axis axis, double from, double to) {

        static Range of(Axis axis, List<Line> lines, ToDoubleFunction<Point> value) {
            double[] values = lines.stream()
                    .flatMap(line -> line.points().stream())
                    .mapToDouble(point -> scaled(axis.scale(), value.applyAsDouble(point)))
                    .toArray();
            double least = DoubleStream.of(values).min().orElse(0);
            double most = DoubleStream.of(values).max().orElse(1);
            double from = switch (axis.scale()) {
                case LINEAR, PERCENTILE -> Math.min(0, least);
                case LOG -> Math.floor(least);
            };
            double to = axis.scale() == Scale.LOG ? Math.ceil(most) : most;
            return new Range(axis, from, to > from ? to : from + 1);
        }

        /** Share of the way from the axis' beginning to its end. */
        double share(double value) {
            return (scaled(axis.scale(), value) - from) / (to - from);
        }

        List<Double> ticks() {
            return switch (axis.scale()) {
                case PERCENTILE ->
                    PERCENTILES.stream().filter(tick -> share(tick) <= 1).toList();
                case LOG ->
                    DoubleStream.iterate(from, power -> power <= to, power -> power + 1)
                            .map(power -> Math.pow(10, power))
                            .boxed()
                            .toList();
                case LINEAR -> {
                    double step = step();
                    yield DoubleStream.iterate(
                                    Math.ceil(from / step) * step, tick -> tick <= to + step / 1e6, tick -> tick + step)
                            .boxed()
                            .toList();
                }
            };
        }

        /** 1, 2 or 5 times a power of ten. */
        private double step() {
            double rough = (to - from) / STEPS;
            double power = Math.pow(10, Math.floor(Math.log10(rough)));
            double digit = rough / power;
            return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
        }

        private static double scaled(Scale scale, double value) {
            return switch (scale) {
                case LINEAR -> value;
                case LOG -> Math.log10(Math.max(value, 1e-9));
                // The very last value of a histogram would lie infinitely far away.
                case PERCENTILE -> -Math.log10(1 - Math.min(value, 99.9999) / 100);
            };
        }
    }

    private SvgPlot(Plot plot) {
        this.plot = plot;
        this.x = Range.of(plot.x(), plot.lines(), Point::x);
        this.y = Range.of(plot.y(), plot.lines(), Point::y);
    }

    static String draw(Plot plot) {
        return new SvgPlot(plot).draw();
    }

    private String draw() {
        out.add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">"
                        .formatted(WIDTH, HEIGHT));
        out.add("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        text(WIDTH / 2.0, 20, "middle", plot.title());
        drawAxes();
        for (int i = 0; i < plot.lines().size(); i++) {
            drawLine(plot.lines().get(i), COLOURS.get(i % COLOURS.size()), TOP + 14 + i * LEGEND_STEP);
        }
        out.add("</svg>");
        return String.join("\n", out) + "\n";
    }

    private void drawAxes() {
        for (double tick : x.ticks()) {
            stroke(across(tick), TOP, across(tick), HEIGHT - BOTTOM);
            text(across(tick), HEIGHT - BOTTOM + 16, "middle", label(tick));
        }
        for (double tick : y.ticks()) {
            stroke(LEFT, up(tick), WIDTH - RIGHT, up(tick));
            text(LEFT - 6, up(tick) + 4, "end", label(tick));
        }
        text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", plot.x().label());
        text(LEFT - 6, TOP - 12, "end", plot.y().label());
    }

    private void drawLine(Line line, String colour, int legendY) {
        String points = line.points().stream()
                .map(point -> "%.1f,%.1f".formatted(across(point.x()), up(point.y())))
                .collect(Collectors.joining(" "));
        out.add("<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>".formatted(colour, points));
        out.add("<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"4\" fill=\"%s\"/>"
                .formatted(LEFT + 10, legendY - 6, colour));
        text(LEFT + 28, legendY, "start", line.name());
    }

    private void stroke(double x1, double y1, double x2, double y2) {
        out.add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>".formatted(x1, y1, x2, y2));
    }

    private void text(double atX, double atY, String anchor, String words) {
        out.add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>".formatted(atX, atY, anchor, escaped(words)));
    }

    private double across(double value) {
        return LEFT + x.share(value) * (WIDTH - LEFT - RIGHT);
    }

    private double up(double value) {
        return HEIGHT - BOTTOM - y.share(value) * (HEIGHT - TOP - BOTTOM);
    }

    private static String label(double value) {
        return value == Math.rint(value) ? "%,.0f".formatted(value) : "%s".formatted((float) value);
    }

    private static String escaped(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
