package io.flashsale.ingress.gateway;

/** No instance that owns the state answered a read in time. */
public final class ReadsUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ReadsUnavailableException(String message) {
        super(message);
    }
}
