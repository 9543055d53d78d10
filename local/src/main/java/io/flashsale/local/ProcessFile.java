package io.flashsale.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Notes of living children, {@code id start-time} in a file each: after a parent was killed its children need some
 * seconds to end, and the next parent must wait for them instead of running into their ports and locks.
 */
final class ProcessFile {

    private static final Duration KILL_DEADLINE = Duration.ofSeconds(10);

    private ProcessFile() {}

    static void write(Path file, ProcessHandle process) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, noteOf(process));
    }

    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException harmless) {
            // The process it names is gone, and the next start overwrites it.
        }
    }

    /** Waits for the children that an earlier parent left, and ends those that do not end by themselves. */
    static void awaitLeftovers(Path directory, Duration deadline) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> listing = Files.list(directory)) {
            files = listing.toList();
        }
        long end = System.nanoTime() + deadline.toNanos();
        for (Path file : files) {
            read(file).ifPresent(process -> awaitEnd(process, end));
            delete(file);
        }
    }

    private static void awaitEnd(ProcessHandle process, long end) {
        if (endsWithin(process, end - System.nanoTime())) {
            return;
        }
        process.destroyForcibly();
        if (!endsWithin(process, KILL_DEADLINE.toNanos())) {
            throw new PipelineException("Process " + process.pid() + " of an earlier run did not end after SIGKILL.");
        }
    }

    private static boolean endsWithin(ProcessHandle process, long nanos) {
        try {
            process.onExit().get(Math.max(nanos, 0), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException tooLong) {
            return false;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InterruptedException interrupted) {
            throw PipelineException.interrupted("waiting for processes of an earlier run");
        }
    }

    /** The process, if it still lives. A number that was given to another process since does not count. */
    private static Optional<ProcessHandle> read(Path file) {
        try {
            return processOf(Files.readString(file));
        } catch (IOException notOurs) {
            return Optional.empty();
        }
    }

    /** What {@link #write} notes of a process. */
    static String noteOf(ProcessHandle process) {
        return process.pid() + " " + startOf(process);
    }

    /** The process of such a note, if it still lives. */
    static Optional<ProcessHandle> processOf(String note) {
        String[] words = note.trim().split(" ");
        if (words.length != 2 || !words[0].matches("[0-9]{1,18}")) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(words[0]))
                .filter(ProcessHandle::isAlive)
                .filter(process -> startOf(process).equals(words[1]));
    }

    private static String startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("unknown-" + System.nanoTime());
    }
}
