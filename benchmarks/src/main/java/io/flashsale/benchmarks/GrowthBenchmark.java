package io.flashsale.benchmarks;

import io.flashsale.benchmarks.report.Figure;
import io.flashsale.benchmarks.report.Plot;
import io.flashsale.benchmarks.report.Plot.Axis;
import io.flashsale.benchmarks.report.Plot.Line;
import io.flashsale.benchmarks.report.Plot.Point;
import io.flashsale.benchmarks.report.Plot.Scale;
import io.flashsale.benchmarks.report.Section;
import io.flashsale.benchmarks.report.Unit;
import io.flashsale.local.PipelineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Whether decisions become slower when there are many holds already: rounds on a product that has them, and on products
 * in other partitions that have few, in turns.
 */
final class GrowthBenchmark {

    private static final double TARGET_PERCENT = 85;

    /** Holds of the small products, before their round. */
    private static final int FEW = 10_000;

    /** Written and decided at once while the large one grows. */
    private static final int CHUNK = 1_000_000;

    /** What is in the store by then is what is measured. */
    private static final Duration MAX_GROWING = Duration.ofMinutes(15);

    private static final String LARGE = "large";

    private final Workbench workbench;
    private final int holds;
    private final int commands;
    private final int rounds;

    /**
     * A measurement that is not started yet.
     *
     * @param holds in the large store
     * @param commands of each round
     */
    GrowthBenchmark(Workbench workbench, int holds, int commands, int rounds) {
        this.workbench = workbench;
        this.holds = holds;
        this.commands = commands;
        this.rounds = rounds;
    }

    Section run() {
        List<String> small = smallProducts();
        List<Point> curve = new ArrayList<>();
        List<Double> few = new ArrayList<>();
        List<Double> many = new ArrayList<>();
        try (Commands producer = new Commands(workbench);
                EngineRound round = new EngineRound(workbench)) {
            StockQuery stock = new StockQuery(workbench);
            producer.defineProduct(LARGE);
            small.forEach(producer::defineProduct);
            stock.awaitDefined(LARGE);
            small.forEach(stock::awaitDefined);
            int placed = grow(round, curve);
            int grown = placed;
            for (int number = 0; number < rounds; number++) {
                String turn = "growth, round %d of %d".formatted(number + 1, rounds);
                EngineRound.place(workbench, producer, turn, small.get(number), FEW);
                few.add(round.measure(turn + ", few holds", small.get(number), FEW, commands)
                        .perSecond());
                many.add(round.measure(turn + ", many holds", LARGE, placed, commands)
                        .perSecond());
                placed += commands;
            }
            return section(grown, few, many, curve);
        }
    }

    private int grow(EngineRound round, List<Point> curve) {
        long end = System.nanoTime() + MAX_GROWING.toNanos();
        int placed = 0;
        while (placed < holds && System.nanoTime() - end < 0) {
            int chunk = Math.min(CHUNK, holds - placed);
            String name = "growth, %,d of %,d holds".formatted(placed, holds);
            curve.add(
                    new Point(placed, round.measure(name, LARGE, placed, chunk).perSecond()));
            placed += chunk;
        }
        return placed;
    }

    private Section section(int grown, List<Double> few, List<Double> many, List<Point> curve) {
        Figure atFew = Figure.ofRounds("decisions/s with %,d holds".formatted(FEW), Unit.PER_SECOND, few);
        Figure atMany = Figure.ofRounds("decisions/s with %,d holds".formatted(grown), Unit.PER_SECOND, many);
        Section.Builder section = Section.named(
                        "growth",
                        "decisions on a product with many holds, %,d at a time, median of %d rounds in turns"
                                .formatted(commands, rounds))
                .figure("few_per_second", atFew)
                .figure("many_per_second", atMany)
                .figure(
                        "many_to_few_percent",
                        Figure.of("the second of the first", Unit.PERCENT, atMany.value() / atFew.value() * 100)
                                .atLeast(TARGET_PERCENT))
                .figure(
                        "memory_mb",
                        Figure.of(
                                "memory of the inventory instance, all of the process",
                                Unit.MEGABYTES,
                                residentMegabytes(workbench.pipeline().processId(Workbench.INVENTORY))))
                .figure("holds", Figure.of("holds in the store", Unit.COUNT, grown))
                .plot(new Plot(
                        "growth",
                        "Decisions/s over the holds that the product has already",
                        new Axis("holds", Scale.LINEAR),
                        new Axis("decisions/s", Scale.LINEAR),
                        List.of(new Line("%,d decisions at a time".formatted(CHUNK), curve))));
        if (grown < holds) {
            section.note("There was time for %,d of %,d holds only.".formatted(grown, holds));
        }
        return section.build();
    }

    /** Each in a partition of its own, so that its store has no holds of others. */
    private List<String> smallProducts() {
        List<Integer> taken = new ArrayList<>(List.of(partitionOf(LARGE)));
        List<String> products = new ArrayList<>();
        IntStream.iterate(1, number -> products.size() < rounds, number -> number + 1)
                .mapToObj(number -> "small-" + number)
                .forEach(product -> {
                    // With more rounds than partitions some share one.
                    if (!taken.contains(partitionOf(product))
                            || taken.size() == workbench.topics().partitions()) {
                        if (!taken.contains(partitionOf(product))) {
                            taken.add(partitionOf(product));
                        }
                        products.add(product);
                    }
                });
        return products;
    }

    private int partitionOf(String product) {
        return workbench.topics().partitionOf(product.getBytes(StandardCharsets.UTF_8));
    }

    /** What the operating system keeps of it in memory; 0 where that cannot be told. */
    static double residentMegabytes(long processId) {
        Path status = Path.of("/proc", Long.toString(processId), "status");
        if (!Files.exists(status)) {
            return 0;
        }
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1_024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException failed) {
            throw new PipelineException("The memory of process " + processId + " could not be read: " + failed + ".");
        }
    }
}
