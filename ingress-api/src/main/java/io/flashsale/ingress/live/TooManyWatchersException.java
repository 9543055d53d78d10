package io.flashsale.ingress.live;

/** As many watch as may. Made for each caller of a crowd, so it has no stack trace. */
public final class TooManyWatchersException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TooManyWatchersException() {
        super("There is no place for another watcher.", null, false, false);
    }
}
