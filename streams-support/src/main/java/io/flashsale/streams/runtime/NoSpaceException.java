package io.flashsale.streams.runtime;

/** There is too little room for the state. */
final class NoSpaceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoSpaceException(String message) {
        super(message);
    }
}
