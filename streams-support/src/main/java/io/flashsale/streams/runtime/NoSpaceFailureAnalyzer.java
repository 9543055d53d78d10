package io.flashsale.streams.runtime;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.env.Environment;

/** A start on a full disk is told in a sentence. Spring makes it by its name. */
final class NoSpaceFailureAnalyzer implements FailureAnalyzer {

    private final Environment environment;

    NoSpaceFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        if (!NoSpace.isCauseOf(failure)) {
            return null;
        }
        String directory = environment.getProperty("flashsale.state.dir", "its directory");
        return new FailureAnalysis("It cannot start: " + NoSpace.sentence(directory), null, failure);
    }
}
