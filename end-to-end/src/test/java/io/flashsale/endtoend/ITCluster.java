package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.endtoend.TestPipeline.Running;
import io.flashsale.local.Pipeline;
import io.flashsale.local.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A sale on three brokers of which each is killed in turn, and an independent checker judges what came of it. */
@ExtendWith(OwnBrokers.class)
class ITCluster {

    private static final long SEED = Long.getLong("flashsale.faults.seed", System.nanoTime() % 1_000_000);
    private static final List<String> BROKERS = List.of("broker-1", "broker-2", "broker-3");
    private static final int CALLS_PER_SECOND = 150;

    /** Longer than it takes until nobody counts on the broker any more. */
    private static final Duration AWAY = Duration.ofSeconds(6);

    private final Running running = Running.start(options -> options.instances(Role.BROKER, BROKERS.size())
            .instances(Role.INVENTORY, 2)
            .property(Role.INGRESS, "flashsale.reply.timeout", "5s")
            .property(Role.INVENTORY, "flashsale.streams.session-timeout", "3s")
            .property(Role.ORDERS, "flashsale.streams.session-timeout", "3s")
            // Longer than it takes until others lead the partitions of a broker that is lost: with the default all
            // instances would be fenced at once, and restore all their state.
            .property(Role.INVENTORY, "flashsale.streams.transaction-timeout", "10s")
            .property(Role.ORDERS, "flashsale.streams.transaction-timeout", "10s")
            .property(Role.ORDERS, "flashsale.orders.payment-window", "8s")
            .property(Role.ORDERS, "flashsale.orders.parking-time", "15s"));
    private final Pipeline pipeline = running.pipeline();
    private Admin admin;

    @BeforeEach
    void connect() {
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, pipeline.bootstrapServers()));
    }

    @AfterEach
    void close() throws Exception {
        admin.close(Duration.ZERO);
        running.close();
    }

    @Test
    void theSaleGoesOnWithoutAnyOneOfThreeBrokersAndLosesNothing() throws Exception {
        Shop shop = new Shop(pipeline.ingressUrl(1));
        try (Sale sale = new Sale(pipeline.bootstrapServers(), List.of(shop), 8, SEED)) {
            sale.start(CALLS_PER_SECOND);
            assertThatEveryTopicKeepsTwoCopies();
            for (String broker : BROKERS) {
                boolean controller = broker.equals(controller());
                long from = System.nanoTime();
                pipeline.kill(broker);
                Nemesis.wait(AWAY);
                sale.awaitDecisions();
                Duration away = sale.longestWaitSince(from);
                long back = System.nanoTime();
                pipeline.start(broker);
                pipeline.awaitReady(broker);
                if (broker.equals(BROKERS.getFirst())) {
                    awaitEverythingInSync();
                }
                sale.awaitDecisions();
                System.out.printf(
                        "cluster: %s%s killed: longest wait for a decided hold %d ms, at its return %d ms%n",
                        broker,
                        controller ? " (controller)" : "",
                        away.toMillis(),
                        sale.longestWaitSince(back).toMillis());
            }
            sale.endAndJudge();
        }
        Shop.await()
                .untilAsserted(() -> assertThat(OpenTransactions.in(pipeline.bootstrapServers()))
                        .isEmpty());
        printFenced();
        assertThat(pipeline.unexpectedExit()).isEmpty();
    }

    private void printFenced() throws IOException {
        for (String name : List.of("inventory-1", "inventory-2", "orders-1")) {
            long fenced;
            try (Stream<String> lines = Files.lines(pipeline.log(name))) {
                fenced = lines.filter(line -> line.contains("is being fenced") || line.contains("thread failed"))
                        .count();
            }
            System.out.println("cluster: " + name + " was fenced " + fenced + " times");
        }
    }

    private String controller() throws Exception {
        return Role.BROKER.processName(
                get(admin.describeMetadataQuorum().quorumInfo()).leaderId());
    }

    /** Those of Kafka and of Kafka Streams, too: a decision is as safe as the worst of them. */
    private void assertThatEveryTopicKeepsTwoCopies() throws Exception {
        Map<String, TopicDescription> topics = topics();
        assertThat(topics.keySet())
                .contains("__consumer_offsets", "__transaction_state")
                .anyMatch(name -> name.endsWith("-changelog"));
        assertThat(topics.values().stream().flatMap(topic -> topic.partitions().stream()))
                .allSatisfy(partition -> assertThat(partition.replicas()).hasSize(BROKERS.size()));
        List<ConfigResource> resources = topics.keySet().stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        assertThat(get(admin.describeConfigs(resources).all()))
                .allSatisfy((topic, config) -> assertThat(
                                config.get("min.insync.replicas").value())
                        .as(topic.name())
                        .isEqualTo("2"));
    }

    private void awaitEverythingInSync() {
        Shop.await()
                .until(() -> topics().values().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .allMatch(partition -> partition.isr().size() == BROKERS.size()));
    }

    private Map<String, TopicDescription> topics() throws Exception {
        Set<String> names =
                get(admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
        return get(admin.describeTopics(names).allTopicNames());
    }

    private static <T> T get(KafkaFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }
}
