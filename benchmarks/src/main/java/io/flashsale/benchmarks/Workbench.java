package io.flashsale.benchmarks;

import io.flashsale.contracts.Topics;
import io.flashsale.local.Pipeline;
import io.flashsale.local.PipelineException;
import io.flashsale.local.PipelineOptions;
import io.flashsale.local.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A pipeline with an empty data directory, for one benchmark. Whatever happens, Ctrl-C included, its processes are
 * stopped and the directory is deleted.
 */
final class Workbench implements AutoCloseable {

    static final String BROKER = "broker-1";
    static final String INVENTORY = "inventory-1";
    static final String ORDERS = "orders-1";
    static final String INGRESS = "ingress-1";

    /** Of the temporary directory that keeps everything. */
    static final String DIRECTORY_PREFIX = "flashsale-bench-";

    /** How long the ingress lets a call wait for its decision: as long as it can be told to. */
    static final Duration REPLY_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

    private final Topics topics = Topics.defaults();
    private final Progress progress;
    private final Path directory;
    private final Pipeline pipeline;
    private final Thread closeAtExit = new Thread(this::stopAndDelete, "close-workbench");
    private volatile boolean closing;

    private Workbench(Progress progress, Path directory) {
        this.progress = progress;
        this.directory = directory;
        this.pipeline = new Pipeline(PipelineOptions.in(directory)
                .topics(topics)
                // The latency is the figure: a timeout would turn slow answers into 202 and hide how slow they were.
                .property(Role.INGRESS, "flashsale.reply.timeout", REPLY_TIMEOUT.toSeconds() + "s")
                .progress(progress::step)
                .build());
    }

    /** Starts everything and returns when all are ready. */
    static Workbench start(Progress progress) {
        Workbench workbench = new Workbench(progress, temporaryDirectory());
        try {
            Runtime.getRuntime().addShutdownHook(workbench.closeAtExit);
            workbench.pipeline.startAll();
            return workbench;
        } catch (RuntimeException failed) {
            boolean asked = workbench.closing;
            workbench.close();
            throw asked ? new StoppedException() : failed;
        }
    }

    /** Somebody asked this process to end while it measured: what broke, broke because of that. */
    static final class StoppedException extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    Topics topics() {
        return topics;
    }

    Pipeline pipeline() {
        return pipeline;
    }

    Progress progress() {
        return progress;
    }

    /** The CPU time that these processes have used up to now. */
    CpuTimes cpuTimes(String... names) {
        return CpuTimes.of(List.of(names), pipeline::processId);
    }

    /** Throws when the result cannot be right any more: a process is gone, or everything is being stopped. */
    void requireHealth() {
        if (closing) {
            throw new StoppedException();
        }
        pipeline.unexpectedExit().ifPresent(sentence -> {
            throw new PipelineException(sentence);
        });
    }

    void await(String what, Duration deadline, BooleanSupplier condition) {
        long end = System.nanoTime() + deadline.toNanos();
        while (!condition.getAsBoolean()) {
            requireHealth();
            if (System.nanoTime() > end) {
                throw new PipelineException("Not within " + deadline.toSeconds() + " s: " + what + ".");
            }
            LockSupport.parkNanos(POLL_INTERVAL.toNanos());
        }
    }

    @Override
    public void close() {
        stopAndDelete();
        try {
            Runtime.getRuntime().removeShutdownHook(closeAtExit);
        } catch (IllegalStateException thisIsTheEnd) {
            // Then it runs, and finds nothing to do.
        }
    }

    private void stopAndDelete() {
        closing = true;
        pipeline.close();
        synchronized (directory) {
            delete(directory);
        }
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory(DIRECTORY_PREFIX);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> contents = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            paths.sorted(Comparator.reverseOrder()).forEach(contents::add);
            for (Path path : contents) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException failed) {
            throw new PipelineException(directory + " could not be deleted: " + failed + ".");
        }
    }
}
