package io.flashsale.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.contracts.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three real brokers; the services are stand-ins. */
class ITLocalCluster {

    private static final Topics TOPICS = new Topics("it.", 3);

    @TempDir
    Path folder;

    private final Map<Integer, Integer> detours = new HashMap<>();

    @Test
    void goesOnWithoutOneOfThreeAndStopsInOrder() throws Exception {
        List<Long> processes;
        try (Pipeline pipeline = Pipeline.start(options(3), StandInService.installation())) {
            processes = pipeline.names().stream().map(pipeline::processId).toList();
            assertThat(pipeline.names())
                    .containsExactly("broker-1", "broker-2", "broker-3", "inventory-1", "orders-1", "ingress-1");
            assertThat(pipeline.bootstrapServers().split(",")).hasSize(3).doesNotHaveDuplicates();
            assertThatEveryTopicIsStoredThreeTimes(pipeline);
            assertThatOneServiceHasAWayOfItsOwn(pipeline);

            pipeline.kill("broker-2");
            produceToEachPartition(pipeline);
            pipeline.start("broker-2");
            pipeline.awaitReady("broker-2");
        }
        processes.forEach(Await::gone);
        for (int number = 1; number <= 3; number++) {
            // Each stopped by itself; one that had to be killed would say nothing.
            assertThat(Files.readString(folder.resolve("logs/broker-" + number + ".log")))
                    .contains("App info kafka.server for " + number + " unregistered");
        }

        assertThatThrownBy(() -> Pipeline.start(options(1), StandInService.installation()))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("is laid out for 3 brokers, not for 1");
    }

    private PipelineOptions options(int brokers) {
        return PipelineOptions.in(folder)
                .instances(Role.BROKER, brokers)
                .topics(TOPICS)
                .detour("orders-1", port -> {
                    int elsewhere = 40_000 + detours.size();
                    detours.put(port, elsewhere);
                    return elsewhere;
                })
                .build();
    }

    private static void assertThatEveryTopicIsStoredThreeTimes(Pipeline pipeline) throws Exception {
        try (Admin admin = admin(pipeline)) {
            List<String> names =
                    TOPICS.all().stream().map(topic -> topic.name()).toList();
            get(admin.describeTopics(names).allTopicNames())
                    .values()
                    .forEach(topic -> assertThat(topic.partitions())
                            .allSatisfy(partition -> assertThat(partition.replicas())
                                    .extracting(Node::id)
                                    .containsOnly(1, 2, 3)));
            List<ConfigResource> resources = names.stream()
                    .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                    .toList();
            get(admin.describeConfigs(resources).all())
                    .values()
                    .forEach(config -> assertThat(
                                    config.get("min.insync.replicas").value())
                            .isEqualTo("2"));
        }
    }

    private void assertThatOneServiceHasAWayOfItsOwn(Pipeline pipeline) throws Exception {
        assertThat(detours).hasSize(3);
        assertThat(Files.readString(pipeline.log("orders-1")))
                .contains("FLASHSALE_KAFKA=")
                .doesNotContain("FLASHSALE_KAFKA=" + pipeline.bootstrapServers());
        assertThat(Files.readString(pipeline.log("inventory-1")))
                .contains("FLASHSALE_KAFKA=" + pipeline.bootstrapServers());
        for (Map.Entry<Integer, Integer> detour : detours.entrySet()) {
            // Whoever comes in there is sent on to where the detour says, and nowhere else.
            try (Admin admin = admin("127.0.0.1:" + detour.getKey())) {
                assertThatThrownBy(() -> get(admin.listTopics().names()))
                        .hasCauseInstanceOf(org.apache.kafka.common.errors.TimeoutException.class);
            }
        }
    }

    private static void produceToEachPartition(Pipeline pipeline) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, pipeline.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int partition = 0; partition < TOPICS.partitions(); partition++) {
                producer.send(new ProducerRecord<>(TOPICS.holdCommands().name(), partition, null, new byte[1]))
                        .get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            }
        }
    }

    private static Admin admin(Pipeline pipeline) {
        return admin(pipeline.bootstrapServers());
    }

    private static Admin admin(String bootstrapServers) {
        return Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000));
    }

    private static <T> T get(KafkaFuture<T> future) throws Exception {
        return future.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }
}
