package io.flashsale.local;

/** Something the pipeline needs is not so. The message is for a person: a sentence, and the end of a log if there is one. */
public final class PipelineException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PipelineException(String message) {
        super(message);
    }

    PipelineException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Keeps the interruption for whoever asked for it. */
    static PipelineException interrupted(String what) {
        Thread.currentThread().interrupt();
        return new PipelineException("Interrupted while " + what + ".");
    }
}
