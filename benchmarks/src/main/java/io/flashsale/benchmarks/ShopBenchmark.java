package io.flashsale.benchmarks;

import io.flashsale.benchmarks.ShopResult.AtRate;
import io.flashsale.benchmarks.ShopResult.Most;
import io.flashsale.local.PipelineException;
import java.util.ArrayList;
import java.util.List;

/**
 * How long {@code POST /api/holds} takes at fixed rates, and how many of these, and of {@code GET /api/products/ID}, are
 * sustained: all of one product, and the same for every {@link Shop}.
 */
final class ShopBenchmark {

    /** Many calls, because it is calls that a JVM compiles after. */
    private static final int WARM_UP_HOLDS_PER_SECOND = 2_000;

    private static final int FIRST_HOLDS_PER_SECOND = 1_000;
    private static final int FIRST_READS_PER_SECOND = 4_000;
    private static final int READ_CONNECTIONS = 256;
    private static final String PRODUCT = "hot";

    private final Shop shop;
    private final Progress progress;
    private final BenchOptions options;
    private final ShopLoad loads;

    ShopBenchmark(Shop shop, Progress progress, BenchOptions options) {
        this.shop = shop;
        this.progress = progress;
        this.options = options;
        this.loads = new ShopLoad(shop, progress, options.stepSeconds());
    }

    ShopResult run() {
        shop.defineProduct(PRODUCT);
        long placed = 0;
        if (options.warmupSeconds() > 0) {
            placed += atRate("warm-up", WARM_UP_HOLDS_PER_SECOND, options.warmupSeconds())
                    .done();
        }
        List<AtRate> latencies = new ArrayList<>();
        for (int rate : options.rates()) {
            CpuTimes before = shop.cpuTimes();
            LoadResult load = atRate("holds", rate, options.seconds());
            latencies.add(new AtRate(rate, load, ShopLoad.cpuPerThousand(before, shop.cpuTimes(), load)));
            placed += load.done();
        }
        shop.requireHolds(PRODUCT, placed);
        Most holds = loads.mostHolds(FIRST_HOLDS_PER_SECOND);
        if (options.warmupSeconds() > 0) {
            loads.run(
                    "warm-up of reads",
                    loads.reads(PRODUCT),
                    FIRST_READS_PER_SECOND,
                    options.warmupSeconds(),
                    READ_CONNECTIONS);
        }
        Most reads = loads.mostReads(PRODUCT, FIRST_READS_PER_SECOND);
        LoadResult readsAtHalf = loads.run(
                "reads at half of that",
                loads.reads(PRODUCT),
                Math.max(1, reads.ratePerSecond() / 2),
                options.seconds(),
                READ_CONNECTIONS);
        return new ShopResult(shop.name(), latencies, holds, reads, readsAtHalf);
    }

    private LoadResult atRate(String what, int rate, int seconds) {
        progress.step("%s, %s: %,d/s for %d s".formatted(shop.name(), what, rate, seconds));
        LoadResult load = loads.run(what, loads.holds(PRODUCT), rate, seconds, Math.min(options.connections(), rate));
        if (!load.isOnly(201)) {
            throw new PipelineException(
                    "The result does not count: not every call was answered 201, but " + load.answersInWords() + ".");
        }
        return load;
    }
}
