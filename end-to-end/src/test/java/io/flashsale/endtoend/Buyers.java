package io.flashsale.endtoend;

import io.flashsale.contracts.OrderId;
import io.flashsale.endtoend.History.Kind;
import io.flashsale.endtoend.History.Seen;
import io.flashsale.endtoend.Shop.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
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

    private final List<Shop> shops;
    private final List<String> products;
    private final History history;
    private final Semaphore turns = new Semaphore(0);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final List<Future<?>> buyers = new ArrayList<>();
    private volatile boolean stopping;

    Buyers(List<Shop> shops, List<String> products, History history) {
        this.shops = List.copyOf(shops);
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

    /** Ends after each buyer's present call. */
    void stop() throws Exception {
        stopping = true;
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

    private interface Request {
        Answer send(Shop shop);
    }

    /** Repeats a call until it is decided; now and then once more, for the same answer. */
    private Optional<Answer> call(
            Random random, Kind kind, String productId, String key, String target, int quantity, Request request) {
        Supplier<Optional<Answer>> attempt = () -> {
            turns.acquireUninterruptibly();
            Shop shop = shops.get(random.nextInt(shops.size()));
            Answer[] answer = new Answer[1];
            history.record(kind, productId, key, target, quantity, () -> {
                answer[0] = request.send(shop);
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
