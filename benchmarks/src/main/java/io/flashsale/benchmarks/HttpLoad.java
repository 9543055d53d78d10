package io.flashsale.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import org.HdrHistogram.Histogram;

/**
 * Calls at a fixed rate over kept connections, all of them by the one thread that runs it: load generator and pipeline
 * share the machine, and a thread for each connection costs several times as much.
 */
final class HttpLoad {

    private static final int SIGNIFICANT_DIGITS = 3;

    /** Longer than an answer can take. */
    private static final Duration TIMEOUT = Workbench.REPLY_TIMEOUT.plusSeconds(10);

    private static final long HOUSEKEEPING_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long MILLI_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MIN_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(250);

    private final InetSocketAddress server;
    private final LongFunction<byte[]> requests;
    private final OpenLoop loop;
    private final Duration patience;

    private final Histogram latency = new Histogram(SIGNIFICANT_DIGITS);
    private final Histogram delay = new Histogram(SIGNIFICANT_DIGITS);
    private final Map<String, Long> answers = new TreeMap<>();
    private final List<Long> perSecond = new ArrayList<>();
    private final List<HttpConnection> connections = new ArrayList<>();
    private final Deque<HttpConnection> idle = new ArrayDeque<>();

    private long next;
    private boolean complete = true;
    private long lastAnswerNanos;

    /**
     * A load that is not started yet.
     *
     * @param requests what is sent, by the number of the call, from 0
     * @param patience after which it gives up: the load is further behind than that
     */
    HttpLoad(URI server, LongFunction<byte[]> requests, OpenLoop loop, Duration patience) {
        this.server = new InetSocketAddress(server.getHost(), server.getPort());
        this.requests = requests;
        this.loop = loop;
        this.patience = patience;
        this.lastAnswerNanos = loop.startNanos();
    }

    /** A request with a body of JSON. */
    static byte[] post(URI server, String path, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return ("POST " + path + " HTTP/1.1\r\nHost: " + server.getAuthority()
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + bytes.length + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.UTF_8);
    }

    static byte[] get(URI server, String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: " + server.getAuthority() + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Makes all calls and returns when the last one is answered or given up.
     *
     * @param housekeeping done a few times a second
     */
    LoadResult run(int connectionCount, Runnable housekeeping) {
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < connectionCount; i++) {
                HttpConnection connection = new HttpConnection(server, selector);
                connections.add(connection);
                prepare(connection);
            }
            long nextHousekeeping = System.nanoTime();
            while (next < loop.calls() || idle.size() < connections.size()) {
                sendWhatIsDue();
                await(selector);
                selector.selectedKeys().forEach(this::read);
                selector.selectedKeys().clear();
                if (System.nanoTime() - nextHousekeeping > 0) {
                    housekeeping.run();
                    giveUpOldOnes();
                    nextHousekeeping = System.nanoTime() + HOUSEKEEPING_NANOS;
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            connections.forEach(HttpConnection::close);
        }
        double seconds = (lastAnswerNanos - loop.startNanos()) / 1e9;
        return new LoadResult(latency, delay, answers, seconds, complete, List.copyOf(perSecond));
    }

    private void sendWhatIsDue() {
        for (long now = System.nanoTime();
                next < loop.calls() && loop.dueNanos(next) - now <= 0;
                now = System.nanoTime()) {
            if (now - loop.dueNanos(next) > patience.toNanos()) {
                next = loop.calls();
                complete = false;
                return;
            }
            HttpConnection connection = idle.pollFirst();
            if (connection == null) {
                return;
            }
            long due = loop.dueNanos(next);
            try {
                delay.recordValue(TimeUnit.NANOSECONDS.toMicros(now - due));
                connection.send(requests.apply(next++), due);
            } catch (IOException none) {
                done(connection, due, none.getClass().getSimpleName());
            }
        }
    }

    /** Until something can be read, or the next call is due. */
    private void await(Selector selector) throws IOException {
        long left = next < loop.calls() && !idle.isEmpty() ? loop.dueNanos(next) - System.nanoTime() : MILLI_NANOS;
        if (left >= MILLI_NANOS) {
            selector.select(Math.min(left, HOUSEKEEPING_NANOS) / MILLI_NANOS);
        } else {
            // A selector counts in milliseconds only. At high rates a wake-up for every call would cost more than the
            // call.
            if (selector.selectNow() == 0 && left > 0) {
                LockSupport.parkNanos(Math.max(left, MIN_PAUSE_NANOS));
                selector.selectNow();
            }
        }
    }

    private void read(SelectionKey key) {
        HttpConnection connection = (HttpConnection) key.attachment();
        if (connection.isIdle()) {
            // The server has closed it, or said something that nobody asked for.
            connection.close();
            connectAgain(connection);
            return;
        }
        long due = connection.dueNanos();
        try {
            connection.read().ifPresent(answer -> done(connection, due, Integer.toString(answer.status())));
        } catch (IOException broken) {
            connection.close();
            done(connection, due, broken.getClass().getSimpleName());
        }
    }

    private void done(HttpConnection connection, long due, String answer) {
        long now = System.nanoTime();
        latency.recordValue(TimeUnit.NANOSECONDS.toMicros(now - due));
        answers.merge(answer, 1L, Long::sum);
        lastAnswerNanos = now;
        int second = (int) Math.max(0, TimeUnit.NANOSECONDS.toSeconds(now - loop.startNanos()));
        while (perSecond.size() <= second) {
            perSecond.add(0L);
        }
        perSecond.set(second, perSecond.get(second) + 1);
        prepare(connection);
    }

    /** The server closes a connection after some number of calls; a new one shall not cost the next call its time. */
    private void prepare(HttpConnection connection) {
        connectAgain(connection);
        idle.addLast(connection);
    }

    private static void connectAgain(HttpConnection connection) {
        try {
            connection.connect();
        } catch (IOException unreachable) {
            // The call tries it again, and then it counts.
        }
    }

    private void giveUpOldOnes() {
        long now = System.nanoTime();
        for (HttpConnection connection : connections) {
            if (!connection.isIdle() && now - connection.sentNanos() > TIMEOUT.toNanos()) {
                long due = connection.dueNanos();
                connection.close();
                done(connection, due, "no answer");
            }
        }
    }
}
