package io.flashsale.benchmarks;

import io.flashsale.benchmarks.report.Figure;
import io.flashsale.benchmarks.report.Section;
import io.flashsale.benchmarks.report.Unit;
import io.flashsale.local.Pipeline;
import io.flashsale.local.PipelineOptions;
import io.flashsale.local.Role;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * How long nobody decides on a product with many holds when its instance goes: a hold is asked for twenty times a second
 * from that moment on, and the first one waits longest.
 */
final class RestartBenchmark {

    private static final String PRODUCT = "restart";
    private static final int RATE = 20;
    private static final int SECONDS = 30;

    /** Calls that may wait at the same time, and a reserve. */
    private static final int CONNECTIONS = 2 * RATE * SECONDS;

    private static final int WARMUP_RATE = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final double TARGET_SECONDS = 20;
    private static final double TARGET_SECONDS_WITH_STANDBY = 3;

    private final Progress progress;
    private final int holds;
    private final int warmupSeconds;

    RestartBenchmark(Progress progress, int holds, int warmupSeconds) {
        this.progress = progress;
        this.holds = holds;
        this.warmupSeconds = warmupSeconds;
    }

    Section run() {
        double alone = Workbench.use(progress, RestartBenchmark::asUp, workbench -> {
            prepare(workbench);
            return secondsWithoutDecision(workbench, 1, "killed and started again, no standby", (pipeline, owner) -> {
                // It reads its state again: after a kill it may be half of a transaction.
                pipeline.kill(owner);
                pipeline.start(owner);
            });
        });
        double[] withStandby =
                Workbench.use(progress, options -> asUp(options).instances(Role.INVENTORY, 2), workbench -> {
                    prepare(workbench);
                    double stopped =
                            secondsWithoutDecision(workbench, 2, "stopped, with a standby", (pipeline, owner) -> {
                                pipeline.stop(owner);
                                pipeline.start(owner);
                            });
                    // The one that was stopped gets its state, and its turn, again.
                    workbench.pipeline().awaitReady(Role.INVENTORY.processName(1));
                    workbench.pipeline().awaitReady(Role.INVENTORY.processName(2));
                    double killed = secondsWithoutDecision(
                            workbench, 2, "killed, with a standby", (pipeline, owner) -> pipeline.kill(owner));
                    return new double[] {stopped, killed};
                });
        return section(alone, withStandby[0], withStandby[1]);
    }

    /** What the command up sets, because its broker allows it. */
    private static PipelineOptions.Builder asUp(PipelineOptions.Builder options) {
        return options.property(Role.INVENTORY, "flashsale.streams.session-timeout", "3s");
    }

    private void prepare(Workbench workbench) {
        try (Commands commands = new Commands(workbench)) {
            commands.defineProduct(PRODUCT);
            new StockQuery(workbench).awaitDefined(PRODUCT);
            EngineRound.place(workbench, commands, "restart", PRODUCT, holds);
        }
        ShopLoad loads = new ShopLoad(new OurShop(workbench), progress, 1);
        loads.run("warm-up", loads.holds(PRODUCT), WARMUP_RATE, Math.max(1, warmupSeconds), WARMUP_RATE);
    }

    /**
     * From the moment before something happens until a hold that was asked for in that moment is decided.
     *
     * @param happens to the process of that name
     */
    private double secondsWithoutDecision(
            Workbench workbench, int instances, String what, BiConsumer<Pipeline, String> happens) {
        String owner = new Owner(workbench, instances).of(PRODUCT);
        progress.step("restart: %s %s".formatted(owner, what));
        OurShop shop = new OurShop(workbench);
        byte[] request = new ShopLoad(shop, progress, 1).holds(PRODUCT).apply(0);
        OpenLoop loop = new OpenLoop(System.nanoTime(), RATE, (long) RATE * SECONDS);
        // Beside the calls, because it takes its time to stop a process.
        CompletableFuture<Void> happening =
                CompletableFuture.runAsync(() -> happens.accept(workbench.pipeline(), owner));
        LoadResult load =
                new HttpLoad(shop.url(), number -> request, loop, PATIENCE).run(CONNECTIONS, workbench::requireHealth);
        happening.join();
        double seconds = load.latencyMillis(100) / 1_000;
        progress.step("restart: %s: %.1f s, %s".formatted(what, seconds, load.answersInWords()));
        return seconds;
    }

    private Section section(double alone, double stopped, double killed) {
        return Section.named(
                        "restart",
                        "time without a decision on a product with %,d live holds, asked for %d times a second"
                                .formatted(holds, RATE))
                .figure(
                        "killed_alone_seconds",
                        Figure.of("the only instance killed and started again", Unit.SECONDS, alone)
                                .atMost(TARGET_SECONDS))
                .figure(
                        "stopped_with_standby_seconds",
                        Figure.of("one of two stopped, the other has a standby", Unit.SECONDS, stopped)
                                .atMost(TARGET_SECONDS_WITH_STANDBY))
                .figure(
                        "killed_with_standby_seconds",
                        Figure.of("one of two killed, noticed after a session of 3 s", Unit.SECONDS, killed))
                .build();
    }
}
