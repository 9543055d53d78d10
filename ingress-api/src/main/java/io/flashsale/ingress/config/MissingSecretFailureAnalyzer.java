package io.flashsale.ingress.config;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows a person one sentence instead of a stack trace. */
final class MissingSecretFailureAnalyzer extends AbstractFailureAnalyzer<MissingSecretException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, MissingSecretException cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Set it as an environment variable, or try the service with SPRING_PROFILES_ACTIVE=local.",
                cause);
    }
}
