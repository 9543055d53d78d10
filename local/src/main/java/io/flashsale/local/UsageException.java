package io.flashsale.local;

/** The command line is wrong. The message is one sentence for the person who wrote it. */
final class UsageException extends Exception {

    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
