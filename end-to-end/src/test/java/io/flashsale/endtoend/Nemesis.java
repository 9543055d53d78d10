package io.flashsale.endtoend;

import io.flashsale.local.Pipeline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
        STOP_INGRESS,
        STOP_BROKER,
        WIPE_INVENTORY,
        WIPE_ORDERS,
        CUT_INVENTORY,
        CUT_ORDERS,
        CUT_INGRESS
    }

    /** Longer than the session and the transaction timeout: who was paused or cut off has been replaced, and must be fenced. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final Pipeline pipeline;
    private final Path data;
    private final Map<String, KafkaProxy> waysToKafka;
    private final Random random;

    /**
     * @param data the pipeline's data directory
     * @param waysToKafka of the processes that can be cut off
     */
    Nemesis(Pipeline pipeline, Path data, Map<String, KafkaProxy> waysToKafka, long seed) {
        this.pipeline = pipeline;
        this.data = data;
        this.waysToKafka = waysToKafka;
        this.random = new Random(seed);
    }

    /** Draws the processes that a fault will strike. */
    List<String> victims(Fault fault) {
        return switch (fault) {
            case KILL_INVENTORY, PAUSE_INVENTORY, STOP_INVENTORY, WIPE_INVENTORY -> List.of(one("inventory"));
            case KILL_ORDERS, PAUSE_ORDERS, STOP_ORDERS, WIPE_ORDERS -> List.of(one("orders"));
            case KILL_INGRESS, STOP_INGRESS -> List.of(one("ingress"));
            case KILL_BROKER, STOP_BROKER -> List.of("broker-1");
            case KILL_INVENTORY_AND_ORDERS -> List.of(one("inventory"), one("orders"));
            case CUT_INVENTORY -> List.of("inventory-1");
            case CUT_ORDERS -> List.of("orders-1");
            case CUT_INGRESS -> List.of("ingress-1");
        };
    }

    /** Does it, mends it, and returns when every process serves again. */
    void strike(Fault fault, List<String> victims) throws IOException {
        switch (fault) {
            case KILL_INVENTORY, KILL_ORDERS, KILL_INGRESS, KILL_BROKER, KILL_INVENTORY_AND_ORDERS -> kill(victims);
            case PAUSE_INVENTORY, PAUSE_ORDERS -> pause(victims.getFirst());
            case STOP_INVENTORY, STOP_ORDERS, STOP_INGRESS, STOP_BROKER -> stop(victims.getFirst());
            case WIPE_INVENTORY, WIPE_ORDERS -> wipe(victims.getFirst());
            case CUT_INVENTORY, CUT_ORDERS, CUT_INGRESS -> cut(victims.getFirst());
        }
    }

    private String one(String service) {
        return service + "-" + (1 + random.nextInt(2));
    }

    private void kill(List<String> names) {
        names.forEach(pipeline::kill);
        wait(Duration.ofMillis(random.nextInt(3_000)));
        names.forEach(pipeline::start);
        names.forEach(pipeline::awaitReady);
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

    private void cut(String name) {
        KafkaProxy way = Objects.requireNonNull(waysToKafka.get(name), name);
        way.cut();
        wait(PAUSE);
        way.heal();
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
