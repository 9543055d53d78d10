package io.flashsale.streams.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Remembers, in a file beside the state, that a process uses the state: what is left of one that was killed is not to be trusted. */
final class UncleanEnd {

    private final Path marker;

    /** @param stateDirectory where the state of all applications is */
    UncleanEnd(Path stateDirectory, String applicationId) {
        this.marker = stateDirectory.resolve(applicationId + ".in-use");
    }

    /** Whether the last process that used the state did not end in order. */
    boolean wasThereOne() {
        return Files.exists(marker);
    }

    /** From now on every end is unclean that is not averted. */
    void expect() {
        try {
            Files.createDirectories(marker.getParent());
            Files.write(marker, new byte[0]);
        } catch (IOException failed) {
            throw new UncheckedIOException("The state directory cannot be written", failed);
        }
    }

    /** The state is closed in order. */
    void averted() {
        try {
            Files.deleteIfExists(marker);
        } catch (IOException failed) {
            throw new UncheckedIOException("The state directory cannot be written", failed);
        }
    }
}
