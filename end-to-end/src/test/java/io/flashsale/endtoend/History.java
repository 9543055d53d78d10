package io.flashsale.endtoend;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What callers saw: each call with its start, its end, what was asked and what was answered. Filled by many threads,
 * read when they have ended.
 */
final class History {

    enum Kind {
        HOLD,
        RELEASE,
        ORDER,
        CANCEL,
        PAYMENT,
        /** A product is looked at. */
        READ,
        /** An upstream system places a hold through the topic: its end is the broker's acknowledgement. */
        COMMAND
    }

    /**
     * One call.
     *
     * @param key under which it may be repeated; equal keys are one operation
     * @param target the hold or order it is about; of a call that places a hold over HTTP, or reads, the product
     * @param startNanos of one monotonic clock for all calls
     * @param status of HTTP, or 0 if the call was cut off
     */
    record Call(
            Kind kind,
            String productId,
            String key,
            String target,
            int quantity,
            long startNanos,
            long endNanos,
            int status,
            String body) {

        /** Whether the caller was told a decision. */
        boolean isDecided() {
            return new Seen(status, body).isDecided();
        }

        boolean isAccepted() {
            return isDecided() && status < 300;
        }
    }

    /** An answer as the caller saw it. */
    record Seen(int status, String body) {

        /** Whether it tells a decision. Everything else is unknown: it may have happened or not. */
        boolean isDecided() {
            boolean pending = status == 202 && body.contains("\"pending\"");
            return status >= 200 && status < 500 && !pending && status != 429;
        }
    }

    /** A call that may fail in any way. */
    interface Caller {
        Seen call() throws Exception;
    }

    private final List<Call> calls = new ArrayList<>();
    private final AtomicLong unknown = new AtomicLong();

    /** Makes a call and writes down what came of it; empty if it was cut off. */
    Optional<Seen> record(Kind kind, String productId, String key, String target, int quantity, Caller caller) {
        long start = System.nanoTime();
        Seen seen = seen(caller);
        Call call = new Call(
                kind,
                productId,
                key,
                target,
                quantity,
                start,
                System.nanoTime(),
                seen == null ? 0 : seen.status(),
                seen == null ? "" : seen.body());
        if (!call.isDecided()) {
            unknown.incrementAndGet();
        }
        synchronized (calls) {
            calls.add(call);
        }
        return Optional.ofNullable(seen);
    }

    private static @Nullable Seen seen(Caller caller) {
        try {
            return caller.call();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return null;
        } catch (Exception cutOff) {
            return null;
        }
    }

    List<Call> calls() {
        return since(0);
    }

    /** How many have ended so far. */
    int size() {
        synchronized (calls) {
            return calls.size();
        }
    }

    /** Those that ended after there were {@code size}. */
    List<Call> since(int size) {
        synchronized (calls) {
            return List.copyOf(calls.subList(size, calls.size()));
        }
    }

    long unknown() {
        return unknown.get();
    }
}
