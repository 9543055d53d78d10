package io.flashsale.ingress.config;

/** A secret that is set but cannot be used, so that this service must not start. */
public final class InvalidSecretException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param sentence what is wrong, without the secret itself */
    public InvalidSecretException(String sentence) {
        super(sentence);
    }
}
