package io.flashsale.benchmarks;

import io.flashsale.benchmarks.Marks.Round;
import io.flashsale.benchmarks.report.Figure;
import io.flashsale.benchmarks.report.Plot;
import io.flashsale.benchmarks.report.Plot.Axis;
import io.flashsale.benchmarks.report.Plot.Scale;
import io.flashsale.benchmarks.report.Section;
import io.flashsale.benchmarks.report.Statistics;
import io.flashsale.benchmarks.report.Unit;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderEvent.OrderCreated;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.local.PipelineException;
import java.util.ArrayList;
import java.util.List;

/**
 * Whole lives, hold → order → paid, of one hot product from the logs. Holds and orders are in the logs before the
 * applications start; each payment is written when its order is committed, as a payment provider would.
 */
final class LivesBenchmark {

    private static final double TARGET = 25_000;

    private final Workbench workbench;
    private final int lives;
    private final int rounds;

    /** @param lives of each round */
    LivesBenchmark(Workbench workbench, int lives, int rounds) {
        this.workbench = workbench;
        this.lives = lives;
        this.rounds = rounds;
    }

    List<Section> run() {
        List<Round> results = new ArrayList<>();
        try (Commands commands = new Commands(workbench)) {
            for (int round = 1; round <= rounds; round++) {
                results.add(measure(commands, "lives-" + round, "lives, round %d of %d".formatted(round, rounds)));
            }
        }
        return List.of(section(results));
    }

    private Round measure(Commands commands, String product, String name) {
        StockQuery stock = new StockQuery(workbench);
        commands.defineProduct(product);
        stock.awaitDefined(product);
        workbench.pipeline().stop(Workbench.INVENTORY);
        workbench.pipeline().stop(Workbench.ORDERS);
        workbench.progress().step(name + ": writing %,d holds and their orders".formatted(lives));
        commands.placeHolds(product, 0, lives);
        commands.createOrders(product, 0, lives);
        try (EventReader reader = new EventReader(workbench, workbench.topics().orderEvents(), product)) {
            workbench.pipeline().start(Workbench.INVENTORY);
            workbench.pipeline().start(Workbench.ORDERS);
            Marks marks =
                    new Marks(lives, () -> workbench.cpuTimes(Workbench.INVENTORY, Workbench.ORDERS, Workbench.BROKER));
            Payments payments = new Payments(commands);
            reader.readUntil(() -> lives - payments.paid, batch -> {
                batch.forEach(record -> payments.add(record.value()));
                if (payments.paid > 0) {
                    marks.reached(payments.paid);
                }
                workbench
                        .progress()
                        .sometimes(() -> "%s: %,d ordered, %,d paid".formatted(name, payments.created, payments.paid));
            });
            commands.flush();
            Round round = marks.round(name);
            workbench.progress().step(name + ": %,.0f lives/s; checking the stock".formatted(round.perSecond()));
            workbench.pipeline().awaitReady(Workbench.INVENTORY);
            workbench.pipeline().awaitReady(Workbench.ORDERS);
            stock.awaitSold(product, lives, 0);
            return round;
        }
    }

    private Section section(List<Round> results) {
        return Section.named(
                        "lives",
                        "hold → order → paid of one hot product from the logs, %,d lives, median of %d rounds"
                                .formatted(lives, rounds))
                .figure(
                        "lives_per_second",
                        Figure.ofRounds(
                                        "lives/s, without the first %.0f %%".formatted(Marks.WARMUP_SHARE * 100),
                                        Unit.PER_SECOND,
                                        results.stream().map(Round::perSecond).toList())
                                .atLeast(TARGET))
                .figure(
                        "lives_per_second_in_all",
                        Figure.ofRounds(
                                "lives/s, all of them",
                                Unit.PER_SECOND,
                                results.stream().map(Round::perSecondInAll).toList()))
                .cpu(
                        "lives",
                        Statistics.medians(results.stream()
                                .map(Round::cpuSecondsPerThousand)
                                .toList()))
                .plot(new Plot(
                        "lives-throughput",
                        "Paid orders of one hot product",
                        new Axis("seconds since the first", Scale.LINEAR),
                        new Axis("lives/s", Scale.LINEAR),
                        results.stream().map(Round::line).toList()))
                .build();
    }

    /** Pays what is ordered, and counts. */
    private static final class Payments {

        private final Commands commands;
        private long created;
        private long paid;

        Payments(Commands commands) {
            this.commands = commands;
        }

        void add(byte[] value) {
            OrderEvent event = Json.MAPPER.readValue(value, OrderEvent.class);
            if (event instanceof OrderCreated order) {
                created++;
                commands.pay(order.productId(), order.orderId());
            } else if (event instanceof OrderPaid) {
                paid++;
            } else {
                throw new PipelineException(
                        "The result is wrong: expected orders and their payments, but got " + event);
            }
        }
    }
}
