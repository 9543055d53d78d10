package io.flashsale.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Holds of one product at a fixed rate. Each connection has a thread that takes the next call, waits until it is due,
 * sends it and waits for the answer: blocking reads on plain threads are what the kernel does cheapest.
 */
final class HoldLoad {

    private static final int SIGNIFICANT_DIGITS = 3;

    private final URI server;
    private final String body;
    private final OpenLoop loop;
    private final ConcurrentHistogram latency = new ConcurrentHistogram(SIGNIFICANT_DIGITS);
    private final ConcurrentHistogram delay = new ConcurrentHistogram(SIGNIFICANT_DIGITS);
    private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
    private final LongAdder done = new LongAdder();
    private final LongAccumulator lastAnswer = new LongAccumulator(Math::max, Long.MIN_VALUE);

    HoldLoad(URI server, String body, OpenLoop loop) {
        this.server = server;
        this.body = body;
        this.loop = loop;
    }

    /** Makes all calls and returns when the last one is answered or given up. */
    void run(int connections, Runnable everySecond) {
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            CompletableFuture<Void> all = CompletableFuture.allOf(IntStream.range(0, connections)
                    .mapToObj(ignored -> CompletableFuture.runAsync(this::makeCalls, threads))
                    .toArray(CompletableFuture[]::new));
            while (!all.isDone()) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
                everySecond.run();
            }
            all.join();
        } finally {
            threads.shutdownNow();
        }
    }

    /** From the due time of each call to its answer. */
    Latency latency() {
        return Latency.of(latency);
    }

    /** From the due time of each call to its sending: how far behind the load itself was. */
    Latency delay() {
        return Latency.of(delay);
    }

    /** How often there was which answer: a status code, or why there was none. */
    Map<String, Long> answers() {
        Map<String, Long> sums = new TreeMap<>();
        answers.forEach((answer, count) -> sums.put(answer, count.sum()));
        return sums;
    }

    long done() {
        return done.sum();
    }

    /** When the last answer came, as {@link System#nanoTime()} counts. */
    long endNanos() {
        return lastAnswer.get();
    }

    private void makeCalls() {
        try (HoldConnection connection = new HoldConnection(server, body)) {
            prepare(connection);
            for (var due = loop.take(); due.isPresent(); due = loop.take()) {
                awaitTime(due.getAsLong());
                makeCall(connection, due.getAsLong());
                prepare(connection);
            }
        }
    }

    private void makeCall(HoldConnection connection, long dueNanos) {
        long sent = System.nanoTime();
        String answer;
        try {
            answer = Integer.toString(connection.call());
        } catch (IOException none) {
            answer = none.getClass().getSimpleName();
        }
        long answered = System.nanoTime();
        delay.recordValue(TimeUnit.NANOSECONDS.toMicros(sent - dueNanos));
        latency.recordValue(TimeUnit.NANOSECONDS.toMicros(answered - dueNanos));
        answers.computeIfAbsent(answer, ignored -> new LongAdder()).increment();
        lastAnswer.accumulate(answered);
        done.increment();
    }

    /** The server closes a connection after some number of calls; a new one shall not cost the next call its time. */
    private static void prepare(HoldConnection connection) {
        try {
            connection.connect();
        } catch (IOException unreachable) {
            // The call tries it again, and then it counts.
        }
    }

    private static void awaitTime(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
