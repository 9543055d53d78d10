package io.flashsale.endtoend;

import io.flashsale.local.Pipeline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Does to a pipeline what happens to pipelines, one thing after the other, and mends it again. */
final class Nemesis {

    enum Fault {
        KILL_INVENTORY,
        KILL_ORDERS,
        KILL_INGRESS,
        KILL_BROKER,
        KILL_INVENTORY_AND_ORDERS,
        PAUSE_INVENTORY,
        PAUSE_ORDERS,
        STOP_INVENTORY,
        STOP_ORDERS,
        STOP_BROKER,
        WIPE_INVENTORY,
        WIPE_ORDERS
    }

    /** Longer than the session and the transaction timeout: who was paused has been replaced, and must be fenced. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final Pipeline pipeline;
    private final Path data;
    private final Random random;

    /** @param data the pipeline's data directory */
    Nemesis(Pipeline pipeline, Path data, long seed) {
        this.pipeline = pipeline;
        this.data = data;
        this.random = new Random(seed);
    }

    /** Does it, mends it, and returns when every process serves again. */
    void strike(Fault fault) throws IOException {
        switch (fault) {
            case KILL_INVENTORY -> kill(one("inventory"));
            case KILL_ORDERS -> kill(one("orders"));
            case KILL_INGRESS -> kill(one("ingress"));
            case KILL_BROKER -> kill("broker-1");
            case KILL_INVENTORY_AND_ORDERS -> kill(one("inventory"), one("orders"));
            case PAUSE_INVENTORY -> pause(one("inventory"));
            case PAUSE_ORDERS -> pause(one("orders"));
            case STOP_INVENTORY -> stop(one("inventory"));
            case STOP_ORDERS -> stop(one("orders"));
            case STOP_BROKER -> stop("broker-1");
            case WIPE_INVENTORY -> wipe(one("inventory"));
            case WIPE_ORDERS -> wipe(one("orders"));
        }
    }

    private String one(String service) {
        return service + "-" + (1 + random.nextInt(2));
    }

    private void kill(String... names) {
        List.of(names).forEach(pipeline::kill);
        wait(Duration.ofMillis(random.nextInt(3_000)));
        List.of(names).forEach(pipeline::start);
        List.of(names).forEach(pipeline::awaitReady);
    }

    private void stop(String name) {
        pipeline.stop(name);
        pipeline.start(name);
        pipeline.awaitReady(name);
    }

    private void pause(String name) {
        pipeline.pause(name);
        wait(PAUSE);
        pipeline.resume(name);
        pipeline.awaitReady(name);
    }

    private void wipe(String name) throws IOException {
        pipeline.kill(name);
        TestPipeline.deleteRecursively(data.resolve("state").resolve(name));
        pipeline.start(name);
        pipeline.awaitReady(name);
    }

    /** The length of a fault is part of it; nothing is waited for. */
    static void wait(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
