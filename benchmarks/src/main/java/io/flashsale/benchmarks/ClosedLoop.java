package io.flashsale.benchmarks;

import io.flashsale.local.PipelineException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Workers that each do the next thing when the last one is done: as much as a server can take. */
final class ClosedLoop {

    private static final Duration START_DEADLINE = Duration.ofSeconds(60);

    private ClosedLoop() {}

    /** One connection, for example. */
    interface Worker extends AutoCloseable {

        /** Does something once, and says how many holds that were. */
        int work() throws Exception;

        @Override
        void close();
    }

    /** @param perSecond while all were at work */
    record Result(long done, double perSecond) {}

    /**
     * Makes all the workers, then lets them work.
     *
     * @param housekeeping done while they do
     */
    static Result run(int workers, Duration duration, Supplier<Worker> newWorker, Runnable housekeeping) {
        ExecutorService threads = Executors.newFixedThreadPool(workers);
        CountDownLatch ready = new CountDownLatch(workers);
        CountDownLatch start = new CountDownLatch(1);
        try {
            List<Future<Long>> counts = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                counts.add(threads.submit(() -> {
                    try (Worker worker = newWorker.get()) {
                        ready.countDown();
                        start.await();
                        return workUntil(System.nanoTime() + duration.toNanos(), worker);
                    }
                }));
            }
            awaitReady(ready, counts);
            long begin = System.nanoTime();
            start.countDown();
            long done = 0;
            for (Future<Long> count : counts) {
                done += count.get();
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            housekeeping.run();
            return new Result(done, done / seconds);
        } catch (ExecutionException failed) {
            housekeeping.run();
            throw new PipelineException("A worker failed: " + failed.getCause() + ".");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new PipelineException("Interrupted while workers worked.");
        } finally {
            threads.shutdownNow();
            // Until every connection is closed.
            threads.close();
        }
    }

    private static void awaitReady(CountDownLatch ready, List<Future<Long>> workers)
            throws InterruptedException, ExecutionException {
        if (!ready.await(START_DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
            for (Future<Long> worker : workers) {
                if (worker.isDone()) {
                    // It throws what went wrong.
                    worker.get();
                }
            }
            throw new PipelineException("Not all workers were ready within " + START_DEADLINE.toSeconds() + " s.");
        }
    }

    private static long workUntil(long end, Worker worker) throws Exception {
        long done = 0;
        while (System.nanoTime() - end < 0) {
            done += worker.work();
        }
        return done;
    }
}
