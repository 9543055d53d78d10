package io.flashsale.endtoend;

import io.flashsale.endtoend.Buyers.Request;
import io.flashsale.endtoend.Shop.Answer;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Does what balancers do: asks each ingress whether it is ready, and sends a call elsewhere when an ingress refuses the
 * connection or answers 503. Nothing else is tried again: every other end of a call is its end, and written down.
 */
final class LoadBalancer implements AutoCloseable {

    /** What a caller may be told in a sale; 409 and 410 are decisions. */
    private static final Set<Integer> GOOD = Set.of(200, 201, 202, 409, 410);

    private static final Duration PROBE_INTERVAL = Duration.ofMillis(250);
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final List<Backend> backends = new ArrayList<>();
    private final ScheduledExecutorService probes;
    private final Duration patience;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger unavailable = new AtomicInteger();
    private final AtomicLong longestRetriedNanos = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    private static final class Backend {
        private final Shop shop;
        private final Shop management;
        private volatile boolean ready = true;

        Backend(Shop shop, Shop management) {
            this.shop = shop;
            this.management = management;
        }

        void probe() {
            try {
                ready = management.get("/actuator/health/readiness").status() == 200;
            } catch (IllegalStateException gone) {
                ready = false;
            }
        }
    }

    /** @param patience for one call with all its repetitions */
    LoadBalancer(Duration patience) {
        this.patience = patience;
        this.probes = Executors.newScheduledThreadPool(2);
    }

    void add(String url, String managementUrl) {
        Backend backend = new Backend(new Shop(url), new Shop(managementUrl));
        backends.add(backend);
        probes.scheduleWithFixedDelay(backend::probe, 0, PROBE_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** @throws IllegalStateException if the call was lost, or nobody took it in time */
    Answer call(Request request) {
        calls.incrementAndGet();
        long start = System.nanoTime();
        for (int attempt = 0; System.nanoTime() - start < patience.toNanos(); attempt++) {
            Answer answer = attempt(choose(attempt), request);
            if (answer != null) {
                if (attempt > 0) {
                    longestRetriedNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
                }
                return answer;
            }
            if (attempt % backends.size() == backends.size() - 1) {
                Nemesis.wait(PAUSE);
            }
        }
        throw failed("nobody took it within " + patience, null);
    }

    /** Those that are ready take turns; the first repetition goes to the next one. */
    private Backend choose(int attempt) {
        int first = attempt == 0 ? next.getAndIncrement() : next.get() + attempt;
        for (int i = 0; i < backends.size(); i++) {
            Backend backend = backends.get(Math.floorMod(first + i, backends.size()));
            if (backend.ready) {
                return backend;
            }
        }
        return backends.get(Math.floorMod(first, backends.size()));
    }

    /** Null: another one may take it. */
    private Answer attempt(Backend backend, Request request) {
        Answer answer;
        try {
            answer = request.send(backend.shop);
        } catch (IllegalStateException lost) {
            if (lost.getCause() instanceof ConnectException) {
                refused.incrementAndGet();
                backend.ready = false;
                return null;
            }
            throw failed(lost.getMessage() + ": " + lost.getCause(), lost);
        }
        if (answer.status() == 503 && !answer.header("Retry-After").isEmpty()) {
            unavailable.incrementAndGet();
            return null;
        }
        boolean pending = answer.status() == 202 && answer.text("status").equals("pending");
        if (pending || !GOOD.contains(answer.status())) {
            failures.add(answer.status() + " " + answer.body());
        }
        return answer;
    }

    private IllegalStateException failed(String why, Throwable cause) {
        failures.add(why);
        return new IllegalStateException(why, cause);
    }

    int calls() {
        return calls.get();
    }

    /** Connections that nobody took. */
    int refused() {
        return refused.get();
    }

    /** Answers 503 with the time to come again. */
    int unavailable() {
        return unavailable.get();
    }

    /** Of the calls that were sent more than once, how long the slowest took in all. */
    Duration longestRetried() {
        return Duration.ofNanos(longestRetriedNanos.get());
    }

    /** What callers of a real balancer would have seen fail. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        probes.shutdownNow();
    }
}
