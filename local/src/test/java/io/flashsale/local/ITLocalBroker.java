package io.flashsale.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.contracts.Topics;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
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
        // given: a record in a topic with the contract's settings
        try (DataDirectory data = DataDirectory.open(folder.resolve("data"), false)) {
            String first = start(data);
            String clusterId;
            try (TopicCreator creator = new TopicCreator(first)) {
                assertThat(creator.createMissing(TOPICS)).hasSize(TOPICS.all().size());
                clusterId = creator.clusterId();
            }
            assertThat(timestampType(first)).isEqualTo("LogAppendTime");
            produce(first, "kept");
            long firstProcess = broker.processId();

            // when: it is stopped, and started on other ports
            broker.stop(Role.STOP_DEADLINE);
            Await.gone(firstProcess);
            String second = start(data);

            // then
            assertThat(second).isNotEqualTo(first);
            assertThat(read(second)).isEqualTo("kept");
            try (TopicCreator creator = new TopicCreator(second)) {
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
            try (TopicCreator creator = new TopicCreator(first)) {
                creator.createMissing(TOPICS);
            }
            produce(first, "kept");

            broker.kill();

            assertThat(read(start(data))).isEqualTo("kept");
        }
    }

    private String start(DataDirectory data) {
        LocalBroker.Voter voter = new LocalBroker.Voter(1, ports.free());
        LocalBroker node = new LocalBroker("broker-1", voter, List.of(voter), ports.free(), data, Map.of());
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
            for (ConsumerRecord<byte[], byte[]> received : consumer.poll(Duration.ofSeconds(30))) {
                return new String(received.value(), StandardCharsets.UTF_8);
            }
            return "nothing";
        }
    }

    private static String timestampType(String bootstrapServers) throws Exception {
        ConfigResource topic = new ConfigResource(
                ConfigResource.Type.TOPIC, TOPICS.holdCommands().name());
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            return admin.describeConfigs(List.of(topic))
                    .all()
                    .get(30, TimeUnit.SECONDS)
                    .get(topic)
                    .get("message.timestamp.type")
                    .value();
        }
    }
}
