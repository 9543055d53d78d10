package io.flashsale.local;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;

/** Kafka's own administration, whose answers come in time or become a sentence that says why not. */
public final class AdminConnection implements AutoCloseable {

    private final String bootstrapServers;
    private final Duration timeout;
    private final Admin admin;

    private AdminConnection(String bootstrapServers, Duration timeout, Admin admin) {
        this.bootstrapServers = bootstrapServers;
        this.timeout = timeout;
        this.admin = admin;
    }

    /**
     * Nothing is asked yet.
     *
     * @param timeout of each answer
     * @throws PipelineException if the address cannot be one
     */
    public static AdminConnection open(String bootstrapServers, Duration timeout) {
        try {
            return new AdminConnection(
                    bootstrapServers,
                    timeout,
                    Admin.create(Map.of(
                            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) timeout.toMillis(),
                            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) timeout.toMillis())));
        } catch (KafkaException unusable) {
            throw new PipelineException(bootstrapServers + " is not the address of a Kafka cluster.", unusable);
        }
    }

    /** To ask with; what it answers goes to {@link #get}. */
    public Admin admin() {
        return admin;
    }

    /**
     * Waits for an answer.
     *
     * @throws PipelineException if there is none in time, or Kafka refuses; its cause is what Kafka says
     */
    public <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException tooLong) {
            throw noAnswer(tooLong);
        } catch (ExecutionException failed) {
            Throwable cause = Objects.requireNonNullElse(failed.getCause(), failed);
            if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
                throw noAnswer(cause);
            }
            throw new PipelineException("Kafka at " + bootstrapServers + " refused: " + cause + ".", cause);
        } catch (InterruptedException interrupted) {
            throw PipelineException.interrupted("talking to Kafka");
        }
    }

    private PipelineException noAnswer(Throwable cause) {
        return new PipelineException(
                "No Kafka answered at " + bootstrapServers + " within " + timeout.toSeconds() + " s.", cause);
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
