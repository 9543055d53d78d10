package io.flashsale.local;

import io.flashsale.contracts.KafkaCluster;
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

    /** For what changes something: brokers may have to agree on it. */
    static final Duration CHANGE_TIMEOUT = Duration.ofSeconds(20);

    private final KafkaCluster cluster;
    private final Duration timeout;
    private final Admin admin;

    private AdminConnection(KafkaCluster cluster, Duration timeout, Admin admin) {
        this.cluster = cluster;
        this.timeout = timeout;
        this.admin = admin;
    }

    /**
     * Nothing is asked yet.
     *
     * @param timeout of each answer
     * @throws PipelineException if the address cannot be one
     */
    public static AdminConnection open(KafkaCluster cluster, Duration timeout) {
        try {
            return new AdminConnection(
                    cluster,
                    timeout,
                    Admin.create(cluster.client(Map.of(
                            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) timeout.toMillis(),
                            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) timeout.toMillis()))));
        } catch (KafkaException unusable) {
            throw new PipelineException(cluster + " is not the address of a Kafka cluster.", unusable);
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
            throw new PipelineException("Kafka at " + cluster + " refused: " + cause + ".", cause);
        } catch (InterruptedException interrupted) {
            throw PipelineException.interrupted("talking to Kafka");
        }
    }

    private PipelineException noAnswer(Throwable cause) {
        return new PipelineException(
                "No Kafka answered at " + cluster + " within " + timeout.toSeconds() + " s.", cause);
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
