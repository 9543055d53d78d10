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

/** The calls that wait for a decision, found by correlation id. Bounded: beyond the bound a call is refused. */
public final class PendingReplies {

    private final int limit;
    private final Semaphore places;
    private final ConcurrentMap<String, CompletableFuture<Reply>> calls = new ConcurrentHashMap<>();
    // Random for each start, so that a reply to an earlier life of this instance finds nobody.
    private final String prefix = randomPrefix();
    private final AtomicLong lastNumber = new AtomicLong();
    private final Counter dropped;

    /** @param limit of calls that wait at the same time */
    public PendingReplies(int limit, MeterRegistry meters) {
        this.limit = limit;
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
     * @throws TooManyInFlightException if there is none
     */
    PendingCall open() {
        if (!places.tryAcquire()) {
            throw new TooManyInFlightException(limit);
        }
        String correlationId = prefix + lastNumber.incrementAndGet();
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        calls.put(correlationId, reply);
        return new PendingCall(correlationId, reply, this::close);
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

    private void close(String correlationId) {
        calls.remove(correlationId);
        places.release();
    }

    private static String randomPrefix() {
        byte[] bytes = new byte[8];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes) + "-";
    }
}
