package io.flashsale.benchmarks;

import io.flashsale.benchmarks.EngineResult.Round;
import io.flashsale.local.PipelineException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How many decisions on one hot product are taken, committed and readable in a second. The commands are in the log before
 * inventory-streams starts, so nothing but the engine, the broker and the reader of the decisions is at work: the other
 * services are stopped.
 */
final class EngineBenchmark {

    /** Until here the JVM mostly compiles. */
    private static final double WARMUP_SHARE = 0.2;

    private final Workbench workbench;
    private final int commands;
    private final int rounds;

    EngineBenchmark(Workbench workbench, int commands, int rounds) {
        this.workbench = workbench;
        this.commands = commands;
        this.rounds = rounds;
    }

    EngineResult run() {
        workbench.pipeline().stop(Workbench.INGRESS);
        workbench.pipeline().stop(Workbench.ORDERS);
        List<String> products = IntStream.rangeClosed(1, rounds)
                .mapToObj(round -> "hot-" + round)
                .toList();
        List<Round> results = new ArrayList<>();
        StockQuery stock = new StockQuery(workbench);
        try (Commands producer = new Commands(workbench)) {
            for (String product : products) {
                producer.defineProduct(product);
                stock.awaitDefined(product);
            }
            for (String product : products) {
                String name = "engine, round %d of %d".formatted(results.size() + 1, rounds);
                workbench.pipeline().stop(Workbench.INVENTORY);
                workbench.progress().step(name + ": writing %,d commands".formatted(commands));
                producer.placeHolds(product, commands);
                results.add(measure(name, product));
                stock.requireHolds(product, commands);
            }
        }
        return EngineResult.of(commands, WARMUP_SHARE, results);
    }

    private Round measure(String name, String product) {
        try (DecisionReader reader = new DecisionReader(workbench, product)) {
            workbench.progress().step(name + ": starting " + Workbench.INVENTORY);
            workbench.pipeline().start(Workbench.INVENTORY);
            Marks marks = new Marks();
            reader.await(commands, count -> {
                marks.reached(count);
                workbench.progress().sometimes(() -> "%s: %,d of %,d decided".formatted(name, count, commands));
            });
            Round round = marks.round();
            workbench
                    .progress()
                    .step(name + ": %,.0f decisions/s; checking them".formatted(round.decisionsPerSecond()));
            workbench.pipeline().awaitReady(Workbench.INVENTORY);
            reader.requireExactlyOnce(commands);
            return round;
        }
    }

    /** The state of things at the first decisions, at the end of the warm-up and at the end. */
    private final class Marks {

        private record Mark(long count, long nanos, CpuTimes cpu) {

            double perSecondUntil(Mark end) {
                return (end.count - count) / ((end.nanos - nanos) / 1e9);
            }
        }

        private final List<Mark> marks = new ArrayList<>();

        void reached(long count) {
            boolean first = marks.isEmpty();
            boolean warm = marks.size() == 1 && count >= WARMUP_SHARE * commands;
            if (first || warm || count >= commands) {
                marks.add(
                        new Mark(count, System.nanoTime(), workbench.cpuTimes(Workbench.INVENTORY, Workbench.BROKER)));
            }
        }

        Round round() {
            if (marks.size() < 3) {
                throw new PipelineException("There were too few decisions to measure them; choose more --commands.");
            }
            Mark warm = marks.get(1);
            Mark end = marks.getLast();
            return new Round(
                    warm.perSecondUntil(end),
                    marks.getFirst().perSecondUntil(end),
                    end.cpu.secondsPerThousandSince(warm.cpu, end.count - warm.count));
        }
    }
}
