package io.flashsale.local;

/** The command line is wrong. The message is one sentence for the person who wrote it. */
public final class UsageException extends Exception {

    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
