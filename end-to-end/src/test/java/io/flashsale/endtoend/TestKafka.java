package io.flashsale.endtoend;

import io.flashsale.contracts.KafkaCluster;
import io.flashsale.local.PipelineOptions;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/**
 * The broker the tests run against, chosen with {@code -Dflashsale.test.kafka=}: {@code local} (the default) for a
 * child process, {@code container} for a container; where there is no Docker engine the test is then skipped.
 */
final class TestKafka implements AutoCloseable {

    private static final String IMAGE = "apache/kafka:4.3.1";

    private final Optional<KafkaContainer> container;

    private TestKafka(Optional<KafkaContainer> container) {
        this.container = container;
    }

    static TestKafka start() {
        String kind = System.getProperty("flashsale.test.kafka", "local");
        return switch (kind) {
            case "local" -> new TestKafka(Optional.empty());
            case "container" -> {
                Needs.require(DockerClientFactory.instance().isDockerAvailable(), "a Docker engine, for " + IMAGE);
                KafkaContainer kafka = new KafkaContainer(IMAGE);
                kafka.start();
                yield new TestKafka(Optional.of(kafka));
            }
            default -> throw new IllegalArgumentException("flashsale.test.kafka is local or container, not " + kind);
        };
    }

    void addTo(PipelineOptions.Builder options) {
        container.ifPresent(kafka -> options.kafka(KafkaCluster.open(kafka.getBootstrapServers())));
    }

    @Override
    public void close() {
        container.ifPresent(KafkaContainer::stop);
    }
}
