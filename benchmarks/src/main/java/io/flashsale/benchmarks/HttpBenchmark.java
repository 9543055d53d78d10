package io.flashsale.benchmarks;

import java.net.URI;
import java.util.concurrent.TimeUnit;

/** How long {@code POST /api/holds} takes at a fixed rate, through the whole pipeline, all holds of one product. */
final class HttpBenchmark {

    private static final String PRODUCT = "hot";
    private static final String[] PROCESSES = {
        Workbench.INGRESS, Workbench.INVENTORY, Workbench.ORDERS, Workbench.BROKER
    };

    /** For the connections to be made before the first call is due. */
    private static final long HEAD_START_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Workbench workbench;
    private final int ratePerSecond;
    private final int seconds;
    private final int warmupSeconds;
    private final int connections;

    HttpBenchmark(Workbench workbench, int ratePerSecond, int seconds, int warmupSeconds, int connections) {
        this.workbench = workbench;
        this.ratePerSecond = ratePerSecond;
        this.seconds = seconds;
        this.warmupSeconds = warmupSeconds;
        this.connections = connections;
    }

    /** Also checks that the stock is what the answers say. That all answers are good is for the caller to check. */
    HttpResult run() {
        StockQuery stock = new StockQuery(workbench);
        try (Commands commands = new Commands(workbench)) {
            commands.defineProduct(PRODUCT);
        }
        stock.awaitDefined(PRODUCT);
        HoldLoad warmup = run("http warm-up", warmupSeconds, System.nanoTime() + HEAD_START_NANOS);
        CpuTimes before = workbench.cpuTimes(PROCESSES);
        long start = System.nanoTime() + HEAD_START_NANOS;
        HoldLoad load = run("http", seconds, start);
        CpuTimes after = workbench.cpuTimes(PROCESSES);
        HttpResult result = new HttpResult(
                ratePerSecond,
                load.done() / ((load.endNanos() - start) / 1e9),
                seconds,
                warmupSeconds,
                connections,
                load.answers(),
                warmup.answers(),
                load.latency(),
                load.delay(),
                after.secondsPerThousandSince(before, load.done()));
        if (result.isAllCreated()) {
            // Otherwise it failed already, and a call without an answer may be a hold or not.
            stock.requireHolds(PRODUCT, result.created());
        }
        return result;
    }

    private HoldLoad run(String name, int duration, long startNanos) {
        long calls = (long) ratePerSecond * duration;
        workbench.progress().step("%s: %,d calls, %,d/s".formatted(name, calls, ratePerSecond));
        HoldLoad load = new HoldLoad(
                URI.create(workbench.pipeline().ingressUrl(1)),
                "{\"product_id\":\"" + PRODUCT + "\",\"quantity\":1}",
                new OpenLoop(startNanos, ratePerSecond, calls));
        load.run(connections, () -> {
            workbench.requireHealth();
            workbench.progress().sometimes(() -> "%s: %,d of %,d calls answered".formatted(name, load.done(), calls));
        });
        return load;
    }
}
