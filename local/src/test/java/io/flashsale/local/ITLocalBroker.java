package io.flashsale.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.contracts.KafkaCluster;
import io.flashsale.contracts.Topic;
import io.flashsale.contracts.Topics;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ITLocalBroker {

    private static final Topics TOPICS = new Topics("test.", 3);

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Ports ports = new Ports();
    private ChildProcess broker;

    @AfterEach
    void leaveNothingBehind() {
        if (broker != null) {
            broker.kill();
        }
        http.shutdownNow();
    }

    @Test
    void keepsItsRecordsWhenItComesBackOnOtherPorts() throws Exception {
        // given: a record in a topic of the contract
        try (DataDirectory data = DataDirectory.open(folder.resolve("data"), false)) {
            String first = start(data);
            String clusterId;
            try (TopicCreator creator = new TopicCreator(KafkaCluster.open(first))) {
                assertThat(creator.createMissing(TOPICS)).hasSize(TOPICS.all().size());
                clusterId = creator.clusterId();
            }
            produce(first, "kept");
            long firstProcess = broker.processId();

            // when: it is stopped, and started on other ports
            broker.stop(Role.STOP_DEADLINE);
            Await.gone(firstProcess);
            String second = start(data);

            // then
            assertThat(second).isNotEqualTo(first);
            assertThat(read(second)).isEqualTo("kept");
            try (TopicCreator creator = new TopicCreator(KafkaCluster.open(second))) {
                assertThat(creator.createMissing(TOPICS)).isEmpty();
                assertThat(creator.clusterId()).isEqualTo(clusterId);
                assertThatThrownBy(() -> creator.createMissing(new Topics("test.", 4)))
                        .isInstanceOf(PipelineException.class)
                        .hasMessageContaining("has 3 partitions, but 4 are needed");
            }
        }
    }

    @Test
    void keepsItsRecordsWhenItIsKilled() throws Exception {
        try (DataDirectory data = DataDirectory.open(folder.resolve("data"), false)) {
            String first = start(data);
            try (TopicCreator creator = new TopicCreator(KafkaCluster.open(first))) {
                creator.createMissing(TOPICS);
            }
            produce(first, "kept");

            broker.kill();

            assertThat(read(start(data))).isEqualTo("kept");
        }
    }

    @Test
    void createsEveryTopicAsTheContractSaysWhateverTheClustersDefaultsAre() throws Exception {
        // given: defaults that would break the contract
        Map<String, String> defaults = Map.of(
                "log.cleanup.policy",
                "compact",
                "log.message.timestamp.type",
                "LogAppendTime",
                "log.retention.bytes",
                "1073741824");
        try (DataDirectory data = DataDirectory.open(folder.resolve("data"), false)) {
            String bootstrapServers = start(data, defaults);

            // when
            try (TopicCreator creator = new TopicCreator(KafkaCluster.open(bootstrapServers))) {
                createAll(creator);
            }

            // then
            try (Admin admin = admin(bootstrapServers)) {
                for (Topic topic : TOPICS.all()) {
                    assertThat(partitions(admin, topic)).as(topic.name()).isEqualTo(topic.partitions());
                    Map<String, String> expected = new HashMap<>(Map.of(
                            "cleanup.policy",
                            "delete",
                            "message.timestamp.type",
                            "CreateTime",
                            "min.insync.replicas",
                            "2"));
                    expected.putAll(topic.settings());
                    if (expected.getOrDefault("retention.ms", "").equals("-1")) {
                        expected.put("retention.bytes", "-1");
                    }
                    assertThat(settings(admin, topic)).as(topic.name()).containsAllEntriesOf(expected);
                }
            }
        }
    }

    @Test
    void refusesTopicsWhoseSettingsWouldBreakAPromise() throws Exception {
        try (DataDirectory data = DataDirectory.open(folder.resolve("data"), false)) {
            String bootstrapServers = start(data);
            try (TopicCreator creator = new TopicCreator(KafkaCluster.open(bootstrapServers));
                    Admin admin = admin(bootstrapServers)) {
                createAll(creator);

                change(admin, TOPICS.orderCommands(), "message.timestamp.type", "CreateTime");
                assertThatThrownBy(() -> creator.createMissing(TOPICS))
                        .isInstanceOf(PipelineException.class)
                        .hasMessage("The topic test.order-commands has message.timestamp.type=CreateTime, but"
                                + " LogAppendTime is needed: change it, or use a cluster without the topic.");

                change(admin, TOPICS.orderCommands(), "message.timestamp.type", "LogAppendTime");
                change(admin, TOPICS.inventoryEvents(), "cleanup.policy", "compact");
                assertThatThrownBy(() -> creator.createMissing(TOPICS))
                        .isInstanceOf(PipelineException.class)
                        .hasMessage("The topic test.inventory-events has cleanup.policy=compact, but delete is needed:"
                                + " change it, or use a cluster without the topic.");

                change(admin, TOPICS.inventoryEvents(), "cleanup.policy", "delete");
                change(admin, TOPICS.orderEvents(), "retention.ms", "604800000");
                assertThatThrownBy(() -> creator.createMissing(TOPICS))
                        .isInstanceOf(PipelineException.class)
                        .hasMessage("The topic test.order-events has retention.ms=604800000, but -1 is needed:"
                                + " change it, or use a cluster without the topic.");

                change(admin, TOPICS.orderEvents(), "retention.ms", "-1");
                // How long other records are kept is for operators to decide.
                change(admin, TOPICS.replies(), "retention.ms", "7200000");
                assertThat(creator.createMissing(TOPICS)).isEmpty();
            }
        }
    }

    private String start(DataDirectory data) {
        return start(data, Map.of());
    }

    private String start(DataDirectory data, Map<String, String> properties) {
        LocalBroker.Voter voter = new LocalBroker.Voter(1, ports.free());
        LocalBroker node =
                new LocalBroker("broker-1", voter, List.of(voter), ports.free(), List.of(), data, properties);
        broker = node.prepare(StandInService.installation(), Role.BROKER.jvmOptions(), http, ended -> {});
        if (node.needsFormat()) {
            ChildProcess format = node.formatCommand(StandInService.installation(), http);
            format.start();
            format.awaitReady(LocalBroker.formatDeadline());
        }
        broker.start();
        broker.awaitReady(Await.DEADLINE);
        return node.bootstrapServer();
    }

    private static void produce(String bootstrapServers, String text) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            TOPICS.holdCommands().name(), 0, null, text.getBytes(StandardCharsets.UTF_8)))
                    .get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static String read(String bootstrapServers) {
        TopicPartition partition = new TopicPartition(TOPICS.holdCommands().name(), 0);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            // One poll may come back empty although there is a record.
            AtomicReference<String> text = new AtomicReference<>();
            Await.until("a record", () -> {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(received -> text.set(new String(received.value(), StandardCharsets.UTF_8)));
                return text.get() != null;
            });
            return text.get();
        }
    }

    /** Returns when the broker shows them, which is a moment after they were made. */
    private static void createAll(TopicCreator creator) {
        Await.until("all topics", () -> creator.createMissing(TOPICS).isEmpty());
    }

    private static Admin admin(String bootstrapServers) {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    private static int partitions(Admin admin, Topic topic) throws Exception {
        return await(admin.describeTopics(List.of(topic.name())).allTopicNames())
                .get(topic.name())
                .partitions()
                .size();
    }

    private static Map<String, String> settings(Admin admin, Topic topic) throws Exception {
        Map<String, String> settings = new HashMap<>();
        await(admin.describeConfigs(List.of(resource(topic))).all())
                .get(resource(topic))
                .entries()
                .forEach(entry -> settings.put(entry.name(), entry.value()));
        return settings;
    }

    /** Returns when a reader sees the change, too: a broker applies it a moment after it was accepted. */
    private static void change(Admin admin, Topic topic, String name, String value) throws Exception {
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        await(admin.incrementalAlterConfigs(Map.of(resource(topic), List.of(set)))
                .all());
        Await.until(name, () -> {
            try {
                return value.equals(settings(admin, topic).get(name));
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        });
    }

    private static ConfigResource resource(Topic topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    }

    private static <T> T await(KafkaFuture<T> future) throws Exception {
        return future.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }
}
