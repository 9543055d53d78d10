package io.flashsale.endtoend;

import io.flashsale.contracts.KafkaCluster;
import io.flashsale.local.Pipeline;
import io.flashsale.local.PipelineOptions;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.AppInfoParser;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/**
 * The Kafka the tests run against, chosen with {@code -Dflashsale.test.kafka=}: {@code local} (the default) is a child
 * process; {@code container} a container, and where there is no Docker engine the tests are skipped; {@code auto} a
 * container where there is an engine, a child process otherwise.
 */
final class TestKafka implements AutoCloseable {

    private static final String IMAGE = "apache/kafka:" + AppInfoParser.getVersion();

    /** What brokers should have that the image does not, see docs/operating.md. */
    private static final Map<String, String> SETTINGS = Map.of(
            "KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false",
            "KAFKA_OFFSETS_LOAD_BUFFER_SIZE", "65536",
            "KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS", "100",
            // Some tests want a session that is shorter than the default of 6 s.
            "KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "1000");

    private static final String BROKER = "broker-1";

    private final Optional<KafkaContainer> container;

    private TestKafka(Optional<KafkaContainer> container) {
        this.container = container;
    }

    /** Whether it is one container, so that there are no brokers to kill or to cut off. */
    static boolean isContainer() {
        String kind = System.getProperty("flashsale.test.kafka", "local");
        return switch (kind) {
            case "local" -> false;
            case "container" -> true;
            case "auto" -> isEngineThere();
            default ->
                throw new IllegalArgumentException("flashsale.test.kafka is local, container or auto, not " + kind);
        };
    }

    /** Ends the test, and says why, where there is no such Kafka. */
    static void require() {
        if (isContainer()) {
            Needs.require(isEngineThere(), "a Docker engine, for " + IMAGE);
        }
    }

    static TestKafka start() {
        require();
        if (!isContainer()) {
            System.out.println("kafka: brokers are child processes");
            return new TestKafka(Optional.empty());
        }
        System.out.println("kafka: one broker in a container of " + IMAGE);
        KafkaContainer kafka =
                new KafkaContainer(IMAGE).withEnv(SETTINGS).withStartupTimeout(TestPipeline.START_DEADLINE);
        kafka.start();
        return new TestKafka(Optional.of(kafka));
    }

    void addTo(PipelineOptions.Builder options) {
        container.ifPresent(kafka -> options.kafka(KafkaCluster.open(kafka.getBootstrapServers())));
    }

    /** Nobody gets an answer from it until it comes back. */
    void leave(Pipeline pipeline) {
        container.ifPresentOrElse(
                // Not stopped, because it would come back at another port.
                kafka -> kafka.getDockerClient()
                        .pauseContainerCmd(kafka.getContainerId())
                        .exec(),
                () -> pipeline.stop(BROKER));
    }

    void comeBack(Pipeline pipeline) {
        container.ifPresentOrElse(
                kafka -> kafka.getDockerClient()
                        .unpauseContainerCmd(kafka.getContainerId())
                        .exec(),
                () -> {
                    pipeline.start(BROKER);
                    pipeline.awaitReady(BROKER);
                });
    }

    @Override
    public void close() {
        container.ifPresent(KafkaContainer::stop);
    }

    private static boolean isEngineThere() {
        return DockerClientFactory.instance().isDockerAvailable();
    }
}
