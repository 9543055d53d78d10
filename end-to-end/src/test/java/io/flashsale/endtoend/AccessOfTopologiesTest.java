package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.Topic;
import io.flashsale.contracts.Topics;
import io.flashsale.inventory.domain.InventoryDefaults;
import io.flashsale.inventory.domain.InventoryRules;
import io.flashsale.inventory.domain.InventoryTerms;
import io.flashsale.inventory.topology.InventoryTopology;
import io.flashsale.inventory.topology.OverdueHolds;
import io.flashsale.local.AccessRules;
import io.flashsale.orders.domain.LatePaymentPolicy;
import io.flashsale.orders.domain.OrderDefaults;
import io.flashsale.orders.domain.OrderRetention;
import io.flashsale.orders.domain.OrderRules;
import io.flashsale.orders.topology.OrderTopology;
import io.flashsale.tracing.Tracing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.junit.jupiter.api.Test;

/** An application may read and write what its topology reads and writes, and nothing else. */
class AccessOfTopologiesTest {

    private static final Topics TOPICS = Topics.defaults();
    private static final Duration ANY = Duration.ofSeconds(1);

    @Test
    void ofTheInventory() {
        Topology topology = InventoryTopology.build(
                TOPICS,
                new InventoryRules(new InventoryDefaults(120, "EUR"), new InventoryTerms(1, ANY, ANY)),
                new io.flashsale.inventory.topology.Timing(ANY, ANY, 1, ANY),
                new SimpleMeterRegistry(),
                new OverdueHolds(new SimpleMeterRegistry(), InstantSource.system()),
                Tracing.OFF);

        requireSame("inventory-streams", topology);
    }

    @Test
    void ofTheOrders() {
        Topology topology = OrderTopology.build(
                TOPICS,
                new OrderRules(new OrderDefaults(ANY, ANY, LatePaymentPolicy.REACQUIRE), new OrderRetention(ANY, ANY)),
                new io.flashsale.orders.topology.Timing(ANY, ANY, 1, ANY),
                new SimpleMeterRegistry(),
                Tracing.OFF);

        requireSame("order-streams", topology);
    }

    private static void requireSame(String user, Topology topology) {
        assertThat(allowed(user, AclOperation.READ)).isEqualTo(used(topology, AccessOfTopologiesTest::sources));
        assertThat(allowed(user, AclOperation.WRITE)).isEqualTo(used(topology, AccessOfTopologiesTest::sinks));
        // What it checks at its start.
        Set<String> all = TOPICS.all().stream().map(Topic::name).collect(Collectors.toCollection(TreeSet::new));
        assertThat(allowed(user, AclOperation.DESCRIBE)).isEqualTo(all);
        assertThat(allowed(user, AclOperation.DESCRIBE_CONFIGS)).isEqualTo(all);
    }

    private static Set<String> allowed(String user, AclOperation operation) {
        return AccessRules.of(TOPICS).get(user).stream()
                .filter(right -> right.entry().operation() == operation)
                .map(right -> right.pattern())
                .filter(pattern -> pattern.patternType() == PatternType.LITERAL)
                .map(pattern -> pattern.name())
                // Its group has the name of the application, which no topic has.
                .filter(name -> !name.equals(TOPICS.prefix() + user))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> used(Topology topology, Function<TopologyDescription.Node, Stream<String>> topics) {
        return topology.describe().subtopologies().stream()
                .flatMap(part -> part.nodes().stream())
                .flatMap(topics)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> sources(TopologyDescription.Node node) {
        return node instanceof TopologyDescription.Source source ? source.topicSet().stream() : Stream.of();
    }

    private static Stream<String> sinks(TopologyDescription.Node node) {
        return node instanceof TopologyDescription.Sink sink ? Stream.of(sink.topic()) : Stream.of();
    }
}
