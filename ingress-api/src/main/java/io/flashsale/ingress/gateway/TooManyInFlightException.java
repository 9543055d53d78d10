package io.flashsale.ingress.gateway;

/** As many calls wait as may. Nothing was published. */
public final class TooManyInFlightException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TooManyInFlightException(int limit) {
        super("All " + limit + " places for waiting calls are taken.");
    }
}
