package io.flashsale.ingress.gateway;

import io.flashsale.contracts.Reply;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The calls that wait for a decision, found by correlation id. Bounded twice, in all and for each product, so that the
 * flood of one product leaves places for the others; beyond a bound a call is refused.
 */
public final class PendingReplies {

    private final int limit;
    private final int limitPerProduct;
    private final Semaphore places;
    // Only products that somebody waits for, so there are never more of them than places.
    private final ConcurrentMap<String, Integer> callsOfProduct = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, CompletableFuture<Reply>> calls = new ConcurrentHashMap<>();
    // Random for each start, so that a reply to an earlier life of this instance finds nobody.
    private final String prefix = randomPrefix();
    private final AtomicLong lastNumber = new AtomicLong();
    private final Counter dropped;

    /**
     * @param limit of calls that wait at the same time
     * @param limitPerProduct of those among them that are about the same product
     */
    public PendingReplies(int limit, int limitPerProduct, MeterRegistry meters) {
        this.limit = limit;
        this.limitPerProduct = limitPerProduct;
        this.places = new Semaphore(limit);
        this.dropped = Counter.builder("replies.dropped")
                .description("Replies that came after their caller had left")
                .register(meters);
        Gauge.builder("commands.inflight", this, PendingReplies::inFlight)
                .description("Calls that wait for a decision")
                .register(meters);
    }

    /**
     * Takes a place. Close the call to give it back.
     *
     * @param productId what the call is about
     * @throws TooManyInFlightException if there is none, or none for this product
     */
    PendingCall open(String productId) {
        // The product first: the flood of one shall not even touch the places of all.
        callsOfProduct.compute(productId, (id, calls) -> oneMore(calls));
        if (!places.tryAcquire()) {
            releaseProduct(productId);
            throw TooManyInFlightException.ofAll(limit);
        }
        String correlationId = prefix + lastNumber.incrementAndGet();
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        calls.put(correlationId, reply);
        return new PendingCall(correlationId, reply, () -> close(correlationId, productId));
    }

    /** Hands a reply to its caller. One that nobody waits for is dropped and counted. */
    public void complete(String correlationId, Reply reply) {
        CompletableFuture<Reply> waiting = calls.remove(correlationId);
        if (waiting == null) {
            dropped.increment();
        } else {
            waiting.complete(reply);
        }
    }

    int inFlight() {
        return limit - places.availablePermits();
    }

    /** Of all products with a call that waits. */
    int products() {
        return callsOfProduct.size();
    }

    private void close(String correlationId, String productId) {
        calls.remove(correlationId);
        places.release();
        releaseProduct(productId);
    }

    /** An exception leaves the map as it is. */
    private int oneMore(@Nullable Integer calls) {
        if (calls == null) {
            return 1;
        }
        if (calls >= limitPerProduct) {
            throw TooManyInFlightException.ofProduct(limitPerProduct);
        }
        return calls + 1;
    }

    private void releaseProduct(String productId) {
        callsOfProduct.computeIfPresent(productId, (id, calls) -> calls == 1 ? null : calls - 1);
    }

    private static String randomPrefix() {
        byte[] bytes = new byte[8];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes) + "-";
    }
}
