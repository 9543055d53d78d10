package io.flashsale.benchmarks;

import io.flashsale.benchmarks.ShopResult.AtRate;
import io.flashsale.benchmarks.report.Figure;
import io.flashsale.benchmarks.report.Plot;
import io.flashsale.benchmarks.report.Plot.Axis;
import io.flashsale.benchmarks.report.Plot.Line;
import io.flashsale.benchmarks.report.Plot.Scale;
import io.flashsale.benchmarks.report.Section;
import io.flashsale.benchmarks.report.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What the shops did, side by side. */
final class HttpSections {

    static final String MOST_HOLDS = "http_most_holds";
    static final String MOST_READS = "http_most_reads";

    private static final Axis MILLIS = new Axis("ms", Scale.LOG);
    private static final double TARGET_P50_MILLIS = 12;
    private static final double TARGET_P99_MILLIS = 40;
    private static final int TARGET_RATE = 1_000;
    private static final double TARGET_HOLDS = 9_000;
    private static final double TARGET_HOLDS_TIMES = 2;
    private static final double TARGET_READS = 25_000;
    private static final double TARGET_READS_P99_MILLIS = 10;

    private HttpSections() {}

    /** @param shops ours first */
    static List<Section> of(List<ShopResult> shops) {
        List<Section> sections = new ArrayList<>();
        for (ShopResult shop : shops) {
            shop.latencies().forEach(at -> sections.add(latency(shop, at)));
        }
        sections.add(mostHolds(shops));
        sections.add(mostReads(shops));
        return List.copyOf(sections);
    }

    /** The name of a figure of a shop: ours have none before them. */
    private static String figure(ShopResult shop, String name) {
        return isOurs(shop) ? name : "peer_" + name;
    }

    private static boolean isOurs(ShopResult shop) {
        return shop.shop().equals(OurShop.NAME);
    }

    private static Section latency(ShopResult shop, AtRate at) {
        LoadResult load = at.load();
        boolean hasTarget = isOurs(shop) && at.ratePerSecond() == TARGET_RATE;
        Figure p50 = millis("p50", load.latencyMillis(50));
        Figure p99 = millis("p99", load.latencyMillis(99));
        String name = "http_" + figure(shop, Integer.toString(at.ratePerSecond()));
        return Section.named(
                        name,
                        "%s, POST /api/holds of one hot product, %,d/s for %,.0f s"
                                .formatted(shop.shop(), at.ratePerSecond(), load.seconds()))
                .figure("latency_p50_ms", hasTarget ? p50.atMost(TARGET_P50_MILLIS) : p50)
                .figure("latency_p90_ms", millis("p90", load.latencyMillis(90)))
                .figure("latency_p99_ms", hasTarget ? p99.atMost(TARGET_P99_MILLIS) : p99)
                .figure("latency_p999_ms", millis("p99.9", load.latencyMillis(99.9)))
                .figure("latency_max_ms", millis("max", load.latencyMillis(100)))
                .figure("sent_late_p99_ms", Figure.of("sent late, p99", Unit.MILLIS, load.delayMillis(99)))
                .figure("answers_per_second", Figure.of("answers/s", Unit.PER_SECOND, load.perSecondInAll()))
                .cpu("holds", at.cpuSecondsPerThousand())
                .note("Answers: " + load.answersInWords() + ".")
                .plot(new Plot(
                        name.replace('_', '-') + "-latency",
                        "POST /api/holds at %,d/s, %s".formatted(at.ratePerSecond(), shop.shop()),
                        new Axis("percentile", Scale.PERCENTILE),
                        MILLIS,
                        List.of(load.latencyLine(shop.shop()))))
                .plot(new Plot(
                        name.replace('_', '-') + "-throughput",
                        "Answers in each second at %,d/s, %s".formatted(at.ratePerSecond(), shop.shop()),
                        new Axis("seconds", Scale.LINEAR),
                        new Axis("answers/s", Scale.LINEAR),
                        List.of(load.throughputLine(shop.shop()))))
                .build();
    }

    private static Section mostHolds(List<ShopResult> shops) {
        Section.Builder section = Section.named(
                MOST_HOLDS,
                "POST /api/holds of one hot product, the most that is sustained with p99 ≤ %.0f ms"
                        .formatted(ShopLoad.MAX_P99_MILLIS));
        for (ShopResult shop : shops) {
            Figure most = perSecond(shop.shop(), shop.holds().ratePerSecond());
            section.figure(figure(shop, "per_second"), isOurs(shop) ? most.atLeast(TARGET_HOLDS) : most);
        }
        addRatio(section, shops, shop -> (double) shop.holds().ratePerSecond(), TARGET_HOLDS_TIMES);
        if (!ServerKind.MARIADB.isInstalled()) {
            section.note(ServerKind.MARIADB.missing());
        }
        return section.plot(p99OverRate(
                        "http-most-holds",
                        "POST /api/holds",
                        shops,
                        shop -> shop.holds().p99Line(shop.shop())))
                .plot(new Plot(
                        "http-most-holds-throughput",
                        "Answers in each second at the most that is sustained",
                        new Axis("seconds", Scale.LINEAR),
                        new Axis("answers/s", Scale.LINEAR),
                        shops.stream()
                                .map(shop -> shop.holds().throughputLine(shop.shop()))
                                .toList()))
                .build();
    }

    private static Section mostReads(List<ShopResult> shops) {
        Section.Builder section = Section.named(
                MOST_READS,
                "GET /api/products/ID of one hot product, the most that is sustained with p99 ≤ %.0f ms"
                        .formatted(ShopLoad.MAX_P99_MILLIS));
        for (ShopResult shop : shops) {
            Figure most = perSecond(shop.shop(), shop.reads().ratePerSecond());
            Figure p99 = millis("  p99 at half of that", shop.readsAtHalf().latencyMillis(99));
            section.figure(figure(shop, "per_second"), isOurs(shop) ? most.atLeast(TARGET_READS) : most)
                    .figure(figure(shop, "p99_at_half_ms"), isOurs(shop) ? p99.atMost(TARGET_READS_P99_MILLIS) : p99);
        }
        addRatio(section, shops, shop -> (double) shop.reads().ratePerSecond(), 0);
        return section.plot(p99OverRate(
                        "http-most-reads",
                        "GET /api/products/ID",
                        shops,
                        shop -> shop.reads().p99Line(shop.shop())))
                .build();
    }

    private static Plot p99OverRate(String name, String call, List<ShopResult> shops, Function<ShopResult, Line> line) {
        return new Plot(
                name,
                call + ", 99th percentile over the rate",
                new Axis("calls/s", Scale.LINEAR),
                MILLIS,
                shops.stream().map(line).toList());
    }

    /** @param target 0 for none */
    private static void addRatio(
            Section.Builder section, List<ShopResult> shops, Function<ShopResult, Double> value, double target) {
        if (shops.size() == 2 && value.apply(shops.getLast()) > 0) {
            Figure ratio = Figure.of(
                    shops.getFirst().shop() + " ÷ " + shops.getLast().shop(),
                    Unit.TIMES,
                    value.apply(shops.getFirst()) / value.apply(shops.getLast()));
            section.figure("ratio", target > 0 ? ratio.atLeast(target) : ratio);
        }
    }

    private static Figure millis(String what, double value) {
        return Figure.of(what, Unit.MILLIS, value);
    }

    private static Figure perSecond(String what, double value) {
        return Figure.of(what, Unit.PER_SECOND, value);
    }
}
