package io.flashsale.contracts;

/** A record that is no message of the contract. It becomes a dead letter. */
public final class UnreadableException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String reason;

    /**
     * @param reason a stable code
     * @param detail one sentence for a person
     */
    public UnreadableException(String reason, String detail) {
        super(detail);
        this.reason = reason;
    }

    public String reason() {
        return reason;
    }
}
