package io.flashsale.benchmarks;

import io.flashsale.benchmarks.Marks.Round;
import io.flashsale.benchmarks.report.Figure;
import io.flashsale.benchmarks.report.Plot;
import io.flashsale.benchmarks.report.Plot.Axis;
import io.flashsale.benchmarks.report.Plot.Scale;
import io.flashsale.benchmarks.report.Section;
import io.flashsale.benchmarks.report.Statistics;
import io.flashsale.benchmarks.report.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How many decisions on one hot product are taken, committed and readable in a second. The commands of a round are in the
 * log before inventory-streams may read the first of them, so nothing but the engine, the broker and the reader of the
 * decisions is at work: there are no other services. A round before the measured ones lets the JVMs compile.
 */
final class EngineBenchmark {

    static final String NAME = "engine";
    static final String DECISIONS_PER_SECOND = "decisions_per_second";

    private static final double TARGET = 150_000;
    private static final String WARMUP = "warm-up";

    private final Workbench workbench;
    private final int commands;
    private final int rounds;

    EngineBenchmark(Workbench workbench, int commands, int rounds) {
        this.workbench = workbench;
        this.commands = commands;
        this.rounds = rounds;
    }

    List<Section> run() {
        List<String> products = IntStream.rangeClosed(1, rounds)
                .mapToObj(round -> "hot-" + round)
                .toList();
        List<Round> results = new ArrayList<>();
        try (Commands producer = new Commands(workbench);
                EngineRound round = new EngineRound(workbench)) {
            for (String product :
                    Stream.concat(Stream.of(WARMUP), products.stream()).toList()) {
                producer.defineProduct(product);
                new StockQuery(workbench).awaitDefined(product);
            }
            round.measure("engine, warm-up", WARMUP, 0, commands);
            for (String product : products) {
                String name = "engine, round %d of %d".formatted(results.size() + 1, rounds);
                results.add(round.measure(name, product, 0, commands));
            }
        }
        return List.of(section(results));
    }

    private Section section(List<Round> results) {
        return Section.named(
                        NAME,
                        "one hot product, %,d holds from the log, exactly once, median of %d rounds"
                                .formatted(commands, rounds))
                .figure(
                        DECISIONS_PER_SECOND,
                        Figure.ofRounds(
                                        "decisions/s, without the first %.0f %%".formatted(Marks.WARMUP_SHARE * 100),
                                        Unit.PER_SECOND,
                                        results.stream().map(Round::perSecond).toList())
                                .atLeast(TARGET)
                                .reference("a prototype, other machine: 113,000–123,000/s"))
                .figure(
                        "decisions_per_second_in_all",
                        Figure.ofRounds(
                                "decisions/s, all of them",
                                Unit.PER_SECOND,
                                results.stream().map(Round::perSecondInAll).toList()))
                .cpu(
                        "decisions",
                        Statistics.medians(results.stream()
                                .map(Round::cpuSecondsPerThousand)
                                .toList()))
                .plot(new Plot(
                        "engine-throughput",
                        "Decisions on one hot product, after a round that does not count",
                        new Axis("seconds since the first decision", Scale.LINEAR),
                        new Axis("decisions/s", Scale.LINEAR),
                        results.stream().map(Round::line).toList()))
                .build();
    }
}
