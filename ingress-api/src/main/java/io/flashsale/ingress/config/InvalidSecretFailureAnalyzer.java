package io.flashsale.ingress.config;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows a person one sentence instead of a stack trace. */
final class InvalidSecretFailureAnalyzer extends AbstractFailureAnalyzer<InvalidSecretException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidSecretException cause) {
        return new FailureAnalysis(cause.getMessage(), "Correct the environment variable.", cause);
    }
}
