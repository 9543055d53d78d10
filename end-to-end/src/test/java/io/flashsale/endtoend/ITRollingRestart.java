package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.endtoend.History.Call;
import io.flashsale.endtoend.TestPipeline.Running;
import io.flashsale.local.Pipeline;
import io.flashsale.local.Role;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every service is stopped and started again, one instance after the other, and no caller notices. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ITRollingRestart {

    private static final long SEED = Long.getLong("flashsale.faults.seed", System.nanoTime() % 1_000_000);

    /** Each makes two to four calls. */
    private static final int MOST_BUYERS_PER_SECOND = Integer.getInteger("flashsale.rolling.buyers", 100);

    private static final int CALLS_OF_A_BUYER = 4;

    /** The rest is for the processes that start meanwhile. */
    private static final int SHARE_OF_THE_MACHINE = 3;

    /** One of each service, or all of them with {@code -Dflashsale.test.long=true}. */
    private static final List<String> INSTANCES = Boolean.getBoolean("flashsale.test.long")
            ? List.of("inventory-1", "inventory-2", "orders-1", "orders-2", "ingress-1", "ingress-2")
            : List.of("inventory-1", "orders-1", "ingress-1");

    private static final Duration WARM_UP = Duration.ofSeconds(6);
    private static final int PRODUCTS = 8;

    /** A call with all its repetitions. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A rebalance may come after an instance is ready. */
    private static final Duration CALM = Duration.ofSeconds(2);

    private final Running running = Running.start(options -> options.instances(Role.INVENTORY, 2)
            .instances(Role.ORDERS, 2)
            .instances(Role.INGRESS, 2)
            // Longer than the balancer takes to notice, on a busy machine too.
            .property(Role.INGRESS, "flashsale.drain-time", "2s")
            // On a busy machine a decision may take long; how long it took is printed.
            .property(Role.INGRESS, "flashsale.reply.timeout", "20s")
            .property(Role.INGRESS, "spring.lifecycle.timeout-per-shutdown-phase", "22s")
            .property(Role.ORDERS, "flashsale.orders.payment-window", "8s")
            .property(Role.ORDERS, "flashsale.orders.parking-time", "20s"));
    private final Pipeline pipeline = running.pipeline();
    private final LoadBalancer balancer = new LoadBalancer(PATIENCE);

    @AfterEach
    void close() throws Exception {
        balancer.close();
        running.close();
    }

    @Test
    void failure26_noRequestFailsWhileInstancesAreRestarted() throws Exception {
        for (int number = 1; number <= 2; number++) {
            balancer.add(pipeline.ingressUrl(number), pipeline.managementUrl("ingress-" + number));
        }
        try (Sale sale = new Sale(
                pipeline.bootstrapServers(),
                new Shop(pipeline.ingressUrl(1)),
                (random, request) -> balancer.call(request),
                PRODUCTS,
                SEED)) {
            sale.startOpenLoop(buyersPerSecond(sale.warmUp(WARM_UP)));
            INSTANCES.forEach(name -> restart(name, sale));
            sale.endAndJudge();
            System.out.printf(
                    "rolling: %d answered 503, %d connections refused; slowest repeated call %s%n",
                    balancer.unavailable(), balancer.refused(), balancer.longestRetried());
            assertThat(sale.turnedAway()).as("buyers turned away").isZero();
            assertThat(balancer.failures()).as("seed " + SEED).isEmpty();
            assertThat(sale.history().calls()).allMatch(Call::isDecided);
        }
    }

    /** How many the machine can bear beside processes that start. */
    private static int buyersPerSecond(double callsPerSecond) {
        int buyers =
                (int) Math.clamp(callsPerSecond / CALLS_OF_A_BUYER / SHARE_OF_THE_MACHINE, 5, MOST_BUYERS_PER_SECOND);
        System.out.printf(
                "rolling: %.0f calls/s in a closed loop, so %d buyers/s in an open one%n", callsPerSecond, buyers);
        return buyers;
    }

    private void restart(String name, Sale sale) {
        int unavailable = balancer.unavailable();
        long stop = System.nanoTime();
        pipeline.stop(name);
        long stopped = System.nanoTime();
        sale.awaitDecisions();
        long start = System.nanoTime();
        pipeline.start(name);
        pipeline.awaitReady(name);
        long ready = System.nanoTime();
        Nemesis.wait(CALM);
        sale.awaitDecisions();
        System.out.printf(
                "rolling: %s stopped in %.1f s, ready in %.1f s; longest wait for a decided hold %s at the stop, %s at the"
                        + " start; %d answered 503%n",
                name,
                (stopped - stop) / 1e9,
                (ready - start) / 1e9,
                sale.longestWait(stop, start),
                sale.longestWaitSince(start),
                balancer.unavailable() - unavailable);
    }
}
