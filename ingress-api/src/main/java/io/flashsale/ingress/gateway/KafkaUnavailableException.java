package io.flashsale.ingress.gateway;

import org.jspecify.annotations.Nullable;

/** The log is not known to have taken a command. The same request may be sent again. */
public final class KafkaUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public KafkaUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
