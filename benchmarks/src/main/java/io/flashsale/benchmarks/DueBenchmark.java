package io.flashsale.benchmarks;

import io.flashsale.benchmarks.report.Figure;
import io.flashsale.benchmarks.report.Plot;
import io.flashsale.benchmarks.report.Plot.Axis;
import io.flashsale.benchmarks.report.Plot.Scale;
import io.flashsale.benchmarks.report.Section;
import io.flashsale.benchmarks.report.Unit;
import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.HoldExpired;
import io.flashsale.contracts.Json;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Many holds that become due in the same second, while further ones of the same product arrive over HTTP. */
final class DueBenchmark {

    private static final int TTL_SECONDS = 60;
    private static final int RATE = 500;
    private static final int CONNECTIONS = 256;
    private static final String PRODUCT = "due";
    private static final String WARM_UP = "warm-up";
    private static final int WARM_UP_TTL_SECONDS = 15;

    /** Of arriving holds before the others are due. */
    private static final int LEAD_SECONDS = 5;

    private static final int TARGET_RETURNED_SECONDS = 15;
    private static final double TARGET_P99_MILLIS = 250;

    /** Longer than the target, so that what is missed is measured too. */
    private static final int LOAD_SECONDS = LEAD_SECONDS + 2 * TARGET_RETURNED_SECONDS;

    private final Workbench workbench;
    private final int holds;
    private final int warmupSeconds;

    DueBenchmark(Workbench workbench, int holds, int warmupSeconds) {
        this.workbench = workbench;
        this.holds = holds;
        this.warmupSeconds = warmupSeconds;
    }

    Section run() {
        ShopLoad loads = new ShopLoad(new OurShop(workbench), workbench.progress(), 1);
        if (warmupSeconds > 0) {
            warmUp(loads);
        }
        try (Commands commands = new Commands(workbench);
                EventReader reader =
                        new EventReader(workbench, workbench.topics().inventoryEvents(), PRODUCT)) {
            defineProduct(commands, PRODUCT, TTL_SECONDS);
            workbench.progress().step("due: writing %,d holds".formatted(holds));
            long begin = System.nanoTime();
            commands.placeHolds(PRODUCT, 0, holds);
            long written = System.nanoTime();
            long due = written + TimeUnit.SECONDS.toNanos(TTL_SECONDS);
            Returned returned = new Returned();
            CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> reader.readUntil(
                    () -> holds - returned.seen.cardinality(),
                    batch -> batch.forEach(record -> returned.add(record.value()))));
            workbench.await(
                    "the time when the holds are nearly due",
                    Duration.ofSeconds(TTL_SECONDS),
                    () -> System.nanoTime() - due > -TimeUnit.SECONDS.toNanos(LEAD_SECONDS));
            LoadResult load =
                    loads.run("holds while others are due", loads.holds(PRODUCT), RATE, LOAD_SECONDS, CONNECTIONS);
            reading.join();
            return section(load, (written - begin) / 1e9, (returned.lastNanos - due) / 1e9);
        }
    }

    /** A service that has been up for a while has seen holds expire. */
    private void warmUp(ShopLoad loads) {
        try (Commands commands = new Commands(workbench)) {
            defineProduct(commands, WARM_UP, WARM_UP_TTL_SECONDS);
            commands.placeHolds(WARM_UP, 0, holds / 5);
        }
        loads.run("warm-up", loads.holds(WARM_UP), RATE, warmupSeconds, CONNECTIONS);
    }

    private void defineProduct(Commands commands, String product, int holdTtlSeconds) {
        commands.defineProduct(product, holdTtlSeconds);
        new StockQuery(workbench).awaitDefined(product);
    }

    private Section section(LoadResult load, double spanSeconds, double returnedSeconds) {
        return Section.named(
                        "due",
                        "%,d holds due within %.1f s, others arriving at %,d/s over HTTP, all of one product"
                                .formatted(holds, spanSeconds, RATE))
                .figure("latency_p50_ms", Figure.of("p50 of those", Unit.MILLIS, load.latencyMillis(50)))
                .figure(
                        "latency_p99_ms",
                        Figure.of("p99 of those", Unit.MILLIS, load.latencyMillis(99))
                                .atMost(TARGET_P99_MILLIS))
                .figure("latency_max_ms", Figure.of("max of those", Unit.MILLIS, load.latencyMillis(100)))
                .figure(
                        "returned_seconds",
                        Figure.of("until all are returned, after the last was due", Unit.SECONDS, returnedSeconds)
                                .atMost(TARGET_RETURNED_SECONDS))
                .note("Answers: " + load.answersInWords() + ".")
                .plot(new Plot(
                        "due-latency",
                        "POST /api/holds at %,d/s while %,d holds expire".formatted(RATE, holds),
                        new Axis("percentile", Scale.PERCENTILE),
                        new Axis("ms", Scale.LOG),
                        List.of(load.latencyLine("holds that arrive"))))
                .build();
    }

    /** Those of our holds that have expired. */
    private final class Returned {

        private final BitSet seen = new BitSet(holds);
        private volatile long lastNanos;

        void add(byte[] value) {
            InventoryEvent event = Json.MAPPER.readValue(value, InventoryEvent.class);
            if (event instanceof HoldExpired expired) {
                int number = Commands.numberOf(expired.holdId());
                // Those that arrived over HTTP have random ids.
                if (number >= 0 && number < holds && expired.holdId().equals(Commands.holdId(PRODUCT, number))) {
                    seen.set(number);
                    lastNanos = System.nanoTime();
                }
            }
        }
    }
}
