package io.flashsale.ingress.gateway;

import io.flashsale.contracts.Reply;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One call that waits for its decision. */
final class PendingCall implements AutoCloseable {

    private final String correlationId;
    private final CompletableFuture<Reply> reply;
    private final Runnable onClose;

    PendingCall(String correlationId, CompletableFuture<Reply> reply, Runnable onClose) {
        this.correlationId = correlationId;
        this.reply = reply;
        this.onClose = onClose;
    }

    String correlationId() {
        return correlationId;
    }

    /** Ends the wait: the command did not get into the log. */
    void fail(Throwable cause) {
        reply.completeExceptionally(cause);
    }

    /**
     * Waits for the decision. Requests run on virtual threads, so this holds no thread of the machine.
     *
     * @return empty if there is none in time
     * @throws KafkaUnavailableException if the command did not get into the log
     */
    Optional<Reply> await(Duration timeout) {
        try {
            return Optional.of(reply.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException undecided) {
            return Optional.empty();
        } catch (ExecutionException failed) {
            throw new KafkaUnavailableException("The command could not be published.", failed.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new KafkaUnavailableException("This instance is stopping.", stopped);
        }
    }

    @Override
    public void close() {
        onClose.run();
    }
}
