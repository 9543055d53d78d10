package io.flashsale.benchmarks;

import io.flashsale.benchmarks.ShopResult.Most;
import io.flashsale.benchmarks.ShopResult.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** Puts loads on a {@link Shop}. */
final class ShopLoad {

    /** What is too slow to be called sustained. */
    static final double MAX_P99_MILLIS = 250;

    /** Enough for the highest rates at that latency; more than this the ingress of one machine does not take. */
    private static final int MAX_CONNECTIONS = 1_500;

    /** More than one thread of the generator can do. */
    private static final int MAX_RATE = 60_000;

    /** Further behind than this, it will not catch up, and what is measured is only how long it was tried. */
    private static final Duration PATIENCE_OF_A_STEP = Duration.ofSeconds(2);

    private final Shop shop;
    private final Progress progress;
    private final int stepSeconds;

    ShopLoad(Shop shop, Progress progress, int stepSeconds) {
        this.shop = shop;
        this.progress = progress;
        this.stepSeconds = stepSeconds;
    }

    /** Holds of one unit each. */
    LongFunction<byte[]> holds(String productId) {
        byte[] request =
                HttpLoad.post(shop.url(), "/api/holds", "{\"product_id\":\"" + productId + "\",\"quantity\":1}");
        return number -> request;
    }

    /** Reads of one product. */
    LongFunction<byte[]> reads(String productId) {
        byte[] request = HttpLoad.get(shop.url(), "/api/products/" + productId);
        return number -> request;
    }

    /** A fixed rate, however slow the answers are. */
    LoadResult run(String what, LongFunction<byte[]> requests, int ratePerSecond, int seconds, int connections) {
        return run(what, requests, ratePerSecond, seconds, connections, Workbench.REPLY_TIMEOUT);
    }

    /** One rate of a search. */
    private LoadResult step(String what, LongFunction<byte[]> requests, int ratePerSecond) {
        // Enough for the latency that is still good.
        int connections = (int) Math.clamp(ratePerSecond * MAX_P99_MILLIS / 1_000, 64, MAX_CONNECTIONS);
        LoadResult load = run(what, requests, ratePerSecond, stepSeconds, connections, PATIENCE_OF_A_STEP);
        progress.step("%s: %,d/s: p99 %,.1f ms, %s"
                .formatted(label(what), ratePerSecond, load.latencyMillis(99), load.answersInWords()));
        return load;
    }

    /** The most holds a second; each step has a product of its own, whose stock is checked. */
    Most mostHolds(int first) {
        List<Step> steps = new ArrayList<>();
        int most = new MostSustained(MAX_RATE, rate -> {
                    String product = "hot-" + (steps.size() + 1) + "-" + rate;
                    shop.defineProduct(product);
                    LoadResult load = step("holds", holds(product), rate);
                    steps.add(new Step(rate, load));
                    requireStock(product, load);
                    return isSustained(load, 201);
                })
                .find(first);
        return new Most(most, steps);
    }

    Most mostReads(String productId, int first) {
        List<Step> steps = new ArrayList<>();
        int most = new MostSustained(MAX_RATE, rate -> {
                    LoadResult load = step("reads", reads(productId), rate);
                    steps.add(new Step(rate, load));
                    return isSustained(load, 200);
                })
                .find(first);
        return new Most(most, steps);
    }

    /**
     * The most of calls that can be made once each.
     *
     * @param calls there are
     */
    Most mostOnce(String what, LongFunction<byte[]> requests, long calls, int first) {
        List<Step> steps = new ArrayList<>();
        long[] used = {0};
        int most = new MostSustained(MAX_RATE, rate -> {
                    if (used[0] + (long) rate * stepSeconds > calls) {
                        progress.step("%s: too few are left to try %,d/s".formatted(label(what), rate));
                        return false;
                    }
                    long offset = used[0];
                    LoadResult load = step(what, number -> requests.apply(offset + number), rate);
                    used[0] += (long) rate * stepSeconds;
                    steps.add(new Step(rate, load));
                    return isSustained(load, 200);
                })
                .find(first);
        return new Most(most, steps);
    }

    /** A call without an answer may be a hold or not, so only a load whose calls were all answered can be checked. */
    void requireStock(String product, LoadResult load) {
        if (load.count(201) == load.done()) {
            shop.requireHolds(product, load.done());
        }
    }

    static boolean isSustained(LoadResult load, int status) {
        return load.isOnly(status) && load.latencyMillis(99) <= MAX_P99_MILLIS;
    }

    private LoadResult run(
            String what,
            LongFunction<byte[]> requests,
            int ratePerSecond,
            int seconds,
            int connections,
            Duration patience) {
        OpenLoop loop = OpenLoop.soon(ratePerSecond, seconds, connections);
        return new HttpLoad(shop.url(), requests, loop, patience).run(connections, () -> {
            shop.requireHealth();
            progress.sometimes(() -> "%s: %,d/s for %d s".formatted(label(what), ratePerSecond, seconds));
        });
    }

    private String label(String what) {
        return shop.name() + ", " + what;
    }

    /** CPU seconds that a thousand calls cost. */
    static Map<String, Double> cpuPerThousand(CpuTimes before, CpuTimes after, LoadResult load) {
        return after.secondsPerThousandSince(before, load.done());
    }
}
