package io.flashsale.benchmarks;

import io.flashsale.local.PipelineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory for processes that run in it. Whatever happens, Ctrl-C included, they are stopped and it is deleted. Safe
 * for use by several threads.
 */
final class Scratch implements AutoCloseable {

    /** Of the directory's name. */
    static final String PREFIX = "flashsale-bench-";

    private final Path directory;
    private final Thread closeAtExit = new Thread(this::stopAndDelete, "close-scratch");
    private volatile Runnable stop = () -> {};
    private volatile boolean closing;

    private Scratch(Path directory) {
        this.directory = directory;
    }

    static Scratch create() {
        try {
            Scratch scratch = new Scratch(Files.createTempDirectory(PREFIX));
            Runtime.getRuntime().addShutdownHook(scratch.closeAtExit);
            return scratch;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (IllegalStateException alreadyEnding) {
            throw new StoppedException();
        }
    }

    /** Somebody asked this process to end while it measured: what broke, broke because of that. */
    static final class StoppedException extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    Path directory() {
        return directory;
    }

    /** How what runs here is stopped. */
    void beforeDeletion(Runnable stopsProcesses) {
        stop = stopsProcesses;
    }

    boolean isClosing() {
        return closing;
    }

    /** @throws StoppedException if everything is being stopped */
    void requireOpen() {
        if (closing) {
            throw new StoppedException();
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
        stop.run();
        synchronized (directory) {
            delete(directory);
        }
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            List<Path> contents = paths.sorted(Comparator.reverseOrder()).toList();
            for (Path path : contents) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException failed) {
            throw new PipelineException(directory + " could not be deleted: " + failed + ".");
        }
    }
}
