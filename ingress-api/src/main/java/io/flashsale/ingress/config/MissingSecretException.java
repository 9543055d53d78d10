package io.flashsale.ingress.config;

/** A secret without which this service must not start. */
final class MissingSecretException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param sentence what to set, and what for */
    MissingSecretException(String sentence) {
        super(sentence);
    }
}
