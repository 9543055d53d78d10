package io.flashsale.local;

import io.flashsale.contracts.KafkaCluster;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;

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

    /** All settings of each of these topics, defaults too. */
    public Map<String, Map<String, String>> topicSettings(Collection<String> names) {
        List<ConfigResource> resources = names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        return get(admin.describeConfigs(resources).all()).entrySet().stream()
                .collect(Collectors.toMap(each -> each.getKey().name(), each -> settingsOf(each.getValue())));
    }

    private static Map<String, String> settingsOf(Config config) {
        return config.entries().stream()
                .filter(entry -> entry.value() != null)
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
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
