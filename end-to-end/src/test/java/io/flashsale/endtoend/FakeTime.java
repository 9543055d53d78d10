package io.flashsale.endtoend;

import io.flashsale.local.PipelineOptions;
import io.flashsale.local.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A wrong clock for the processes of a service, by libfaketime. What measures time (System.nanoTime, waits) stays right,
 * as with a clock that is really wrong.
 */
final class FakeTime {

    private static final Path LIBRARIES = Path.of("/usr/lib");
    private static final Path LIBRARY = Path.of("faketime", "libfaketime.so.1");

    private final Path offset;
    private final Path library;

    /** @param offset the file that tells the processes how wrong their clock is */
    FakeTime(Path offset) throws IOException {
        this.offset = offset;
        try (Stream<Path> found = Files.find(LIBRARIES, 3, (path, attributes) -> path.endsWith(LIBRARY))) {
            this.library = found.findFirst().orElse(LIBRARY);
        }
        Needs.require(Files.exists(library), "libfaketime (Debian: apt-get install faketime)");
    }

    PipelineOptions.Builder addTo(PipelineOptions.Builder options, Role role) {
        return options.environment(role, "LD_PRELOAD", library.toString())
                .environment(role, "FAKETIME_TIMESTAMP_FILE", offset.toString())
                // Seconds: a process reads the file when it starts, and never again.
                .environment(role, "FAKETIME_CACHE_DURATION", "1000000")
                .environment(role, "FAKETIME_DONT_FAKE_MONOTONIC", "1")
                // Or each wait of a JVM would end at once, or ten minutes late: its deadlines are monotonic times.
                .environment(role, "FAKETIME_FORCE_MONOTONIC_FIX", "0")
                // The kernel's times of files are right; as on a machine whose clock is wrong, they shall agree.
                .environment(role, "NO_FAKE_STAT", "1");
    }

    /** @param how wrong: {@code +10m}, {@code -10m}; for processes that start from now on */
    void set(String how) throws IOException {
        Files.writeString(offset, how + "\n");
    }
}
