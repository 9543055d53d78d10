package io.flashsale.ingress.gateway;

/** As many calls wait as may. Nothing was published. Made for each call of a flood, so it has no stack trace. */
public final class TooManyInFlightException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private TooManyInFlightException(String message) {
        super(message, null, false, false);
    }

    static TooManyInFlightException ofAll(int limit) {
        return new TooManyInFlightException("All " + limit + " places for waiting calls are taken.");
    }

    static TooManyInFlightException ofProduct(int limit) {
        return new TooManyInFlightException("All " + limit + " places for waiting calls of this product are taken.");
    }
}
