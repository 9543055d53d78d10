package io.flashsale.endtoend;

import io.flashsale.contracts.OrderId;
import io.flashsale.endtoend.History.Kind;
import io.flashsale.endtoend.History.Seen;
import io.flashsale.endtoend.Shop.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Buyers that go through their stories again and again at a given rate of calls, whatever the pipeline does: they repeat
 * what was not answered with the same key, through any ingress, and write everything down.
 */
final class Buyers implements AutoCloseable {

    /** Enough for the rate while some of them wait for what is broken; on a machine that is too slow they bound the load. */
    private static final int BUYERS = 500;

    private static final int TICKS_PER_SECOND = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** In an open loop, so that a pipeline that stands still is waited for by this many and not by the whole test. */
    private static final int MOST_WAITING = 4_000;

    /** How a call gets to an ingress. */
    interface Door {
        Answer call(Random random, Request request);
    }

    /** One call. */
    interface Request {
        Answer send(Shop shop);
    }

    private final Door door;
    private final List<String> products;
    private final History history;
    private final Semaphore turns = new Semaphore(0);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final Queue<Future<?>> buyers = new ConcurrentLinkedQueue<>();
    private final Semaphore waiting = new Semaphore(MOST_WAITING);
    private final AtomicInteger turnedAway = new AtomicInteger();
    private volatile boolean stopping;

    /** Any ingress, whatever it is just doing. */
    static Door anyOf(List<Shop> shops) {
        return (random, request) -> request.send(shops.get(random.nextInt(shops.size())));
    }

    Buyers(Door door, List<String> products, History history) {
        this.door = door;
        this.products = List.copyOf(products);
        this.history = history;
    }

    void start(int callsPerSecond, long seed) {
        int each = callsPerSecond / TICKS_PER_SECOND;
        clock.scheduleAtFixedRate(
                // What was not used while all waited is not made up for: that would be a flood of its own.
                () -> turns.release(Math.max(0, Math.min(each, callsPerSecond - turns.availablePermits()))),
                0,
                1000 / TICKS_PER_SECOND,
                TimeUnit.MILLISECONDS);
        for (int i = 0; i < BUYERS; i++) {
            Random random = new Random(seed * BUYERS + i);
            buyers.add(threads.submit(() -> {
                while (!stopping) {
                    buy(random);
                }
            }));
        }
    }

    /** A new buyer comes every so often, whatever has become of the others: an open loop. */
    void startOpenLoop(int buyersPerSecond, long seed) {
        turns.release(Integer.MAX_VALUE / 2);
        Random seeds = new Random(seed);
        clock.scheduleAtFixedRate(
                () -> {
                    Random random = new Random(seeds.nextLong());
                    if (waiting.tryAcquire()) {
                        buyers.add(threads.submit(() -> buyOnce(random)));
                    } else {
                        turnedAway.incrementAndGet();
                    }
                },
                0,
                1_000_000 / buyersPerSecond,
                TimeUnit.MICROSECONDS);
    }

    private void buyOnce(Random random) {
        try {
            buy(random);
        } finally {
            waiting.release();
        }
    }

    /** Who did not even come in, because as many as may waited already. */
    int turnedAway() {
        return turnedAway.get();
    }

    /** Ends after each buyer's present call. */
    void stop() throws Exception {
        stopping = true;
        clock.shutdown();
        clock.awaitTermination(1, TimeUnit.MINUTES);
        turns.release(1_000_000);
        for (Future<?> buyer : buyers) {
            buyer.get(5, TimeUnit.MINUTES);
        }
    }

    private void buy(Random random) {
        String productId = products.get(random.nextInt(products.size()));
        int quantity = 1 + random.nextInt(2);
        if (random.nextInt(3) == 0) {
            call(
                    random,
                    Kind.READ,
                    productId,
                    key(),
                    productId,
                    quantity,
                    shop -> shop.get("/api/products/" + productId));
        }
        String key = key();
        Optional<Answer> hold = call(
                random,
                Kind.HOLD,
                productId,
                key,
                productId,
                quantity,
                shop -> shop.hold(productId, quantity, "Idempotency-Key", key));
        hold.filter(answer -> answer.status() == 201)
                .ifPresent(answer -> live(random, productId, quantity, answer.text("hold_id")));
    }

    private void live(Random random, String productId, int quantity, String holdId) {
        int fate = random.nextInt(100);
        if (fate < 15) {
            call(random, Kind.RELEASE, productId, holdId, holdId, quantity, shop -> shop.release(holdId));
            return;
        }
        if (fate < 30) {
            return; // left to expire
        }
        String orderId = OrderId.ofHold(holdId);
        if (fate < 40) {
            pay(random, productId, quantity, orderId, "succeeded");
        }
        String key = key();
        Optional<Answer> order = call(
                random,
                Kind.ORDER,
                productId,
                key,
                holdId,
                quantity,
                shop -> shop.order(holdId, "Idempotency-Key", key));
        if (order.filter(answer -> answer.status() == 201).isEmpty() || fate < 50) {
            return; // left unpaid, or paid before
        }
        if (fate < 60) {
            call(random, Kind.CANCEL, productId, orderId, orderId, quantity, shop -> shop.cancel(orderId));
        } else if (fate < 70) {
            pay(random, productId, quantity, orderId, "failed");
            pay(random, productId, quantity, orderId, "succeeded");
        } else {
            pay(random, productId, quantity, orderId, "succeeded");
        }
    }

    private void pay(Random random, String productId, int quantity, String orderId, String status) {
        String key = key();
        call(random, Kind.PAYMENT, productId, key, orderId, quantity, shop -> shop.pay(orderId, status, key));
    }

    /** Repeats a call until it is decided; now and then once more, for the same answer. */
    private Optional<Answer> call(
            Random random, Kind kind, String productId, String key, String target, int quantity, Request request) {
        Supplier<Optional<Answer>> attempt = () -> {
            turns.acquireUninterruptibly();
            Answer[] answer = new Answer[1];
            history.record(kind, productId, key, target, quantity, () -> {
                answer[0] = door.call(random, request);
                return new Seen(answer[0].status(), answer[0].body());
            });
            return Optional.ofNullable(answer[0]).filter(Buyers::isDecided);
        };
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Optional<Answer> decided = attempt.get();
        while (decided.isEmpty() && !stopping && System.nanoTime() < deadline) {
            decided = attempt.get();
        }
        if (decided.isPresent() && random.nextInt(10) == 0 && !stopping) {
            attempt.get();
        }
        return decided;
    }

    private static boolean isDecided(Answer answer) {
        return new Seen(answer.status(), answer.body()).isDecided();
    }

    private static String key() {
        return UUID.randomUUID().toString();
    }

    @Override
    public void close() {
        stopping = true;
        turns.release(1_000_000);
        clock.shutdownNow();
        threads.shutdownNow();
    }
}
