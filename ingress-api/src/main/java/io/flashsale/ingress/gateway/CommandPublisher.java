package io.flashsale.ingress.gateway;

import io.flashsale.contracts.Command;
import io.flashsale.contracts.ReplyTo;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Writes commands into the log. */
public interface CommandPublisher {

    /**
     * Publishes one command.
     *
     * @param replyTo where its caller waits, null if nobody does
     * @return completes when the log has taken the command durably; fails when that is not known to have happened
     */
    CompletableFuture<Void> publish(Command command, @Nullable ReplyTo replyTo);
}
