package io.flashsale.local.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.ServiceInstance;
import io.flashsale.contracts.Topics;
import io.flashsale.local.PipelineException;
import io.flashsale.local.tools.KafkaFacts.Member;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OwnersReportTest {

    private static final String INVENTORY = "flashsale.inventory-streams";
    private static final String ORDERS = "flashsale.order-streams";

    private final FakeFacts kafka = new FakeFacts();

    @BeforeEach
    void bothRun() {
        inventory(GroupState.STABLE, member(INVENTORY, "10.0.0.1:8082", 0, 2), member(INVENTORY, "10.0.0.2:8082", 1));
        kafka.group(ORDERS, GroupState.STABLE, Map.of(), member(ORDERS, "10.0.0.3:8083", 0, 1, 2));
    }

    @Test
    void namesTheInstanceOfEachPartition() {
        assertThat(all().lines())
                .containsExactly(
                        "partition   inventory-streams   order-streams",
                        "---------   -----------------   -------------",
                        "        0   10.0.0.1:8082       10.0.0.3:8083",
                        "        1   10.0.0.2:8082       10.0.0.3:8083",
                        "        2   10.0.0.1:8082       10.0.0.3:8083");
        assertThat(all().isGood()).isTrue();
    }

    @Test
    void showsOnlyWhereAProductIs() {
        String product = Stream.of("a", "b", "c", "d", "e", "f")
                .filter(id -> FakeKafka.TOPICS.partitionOf(id.getBytes(StandardCharsets.UTF_8)) == 1)
                .findFirst()
                .orElseThrow();

        assertThat(OwnersReport.of(kafka, Topics.DEFAULT_PREFIX, Optional.of(product))
                        .lines())
                .hasSize(3)
                .last()
                .isEqualTo("        1   10.0.0.2:8082       10.0.0.3:8083");
    }

    @Test
    void whoHasNoNameIsShownAsItIs() {
        inventory(GroupState.STABLE, new Member("old\u001b-StreamThread-1-consumer", partitions(0, 1, 2)));

        assertThat(all().lines()).contains("        0   old\\u{1b}-StreamThread-1-consumer   10.0.0.3:8083");
    }

    @Test
    void saysThatPartitionsChangeHands() {
        inventory(GroupState.PREPARING_REBALANCE, member(INVENTORY, "10.0.0.1:8082"));

        assertThat(all().isGood()).isFalse();
        assertThat(all().lines())
                .contains("        0   nobody              10.0.0.3:8083")
                .last()
                .isEqualTo("Partitions of inventory-streams are changing hands at this moment (PreparingRebalance):"
                        + " ask again.");
    }

    @Test
    void saysWhereNobodyDecides() {
        inventory(GroupState.STABLE, member(INVENTORY, "10.0.0.1:8082", 1));

        assertThat(all().lines()).last().isEqualTo("Nobody decides in inventory-streams on partitions 0, 2.");
        assertThat(all().isGood()).isFalse();
    }

    @Test
    void saysThatNobodyRuns() {
        kafka.groups.remove(ORDERS);

        assertThat(all().lines()).last().isEqualTo("Nobody runs order-streams.");
        assertThat(all().isGood()).isFalse();
    }

    @Test
    void refusesAClusterWithoutThePipeline() {
        kafka.topics.clear();

        assertThatThrownBy(this::all)
                .isInstanceOf(PipelineException.class)
                .hasMessage("Kafka has no topic flashsale.inventory-events: is it this pipeline's?");
    }

    @Test
    void tellsAProgramTheSame() {
        inventory(GroupState.STABLE, member(INVENTORY, "10.0.0.1:8082", 1));

        JsonNode document =
                Json.readTree(Json.MAPPER.writeValueAsString(all().document()).getBytes(StandardCharsets.UTF_8));

        assertThat(document.get("partitions").get(0).toString())
                .isEqualTo("{\"partition\":0,\"order_streams\":\"10.0.0.3:8083\"}");
        assertThat(document.get("partitions").get(1).toString())
                .isEqualTo(
                        "{\"partition\":1,\"inventory_streams\":\"10.0.0.1:8082\",\"order_streams\":\"10.0.0.3:8083\"}");
        assertThat(document.get("warnings")).hasSize(1);
    }

    private OwnersReport all() {
        return OwnersReport.of(kafka, Topics.DEFAULT_PREFIX, Optional.empty());
    }

    private void inventory(GroupState state, Member... members) {
        kafka.group(INVENTORY, state, Map.of(), members);
    }

    private static Member member(String application, String advertised, int... partitions) {
        return new Member(
                new ServiceInstance(application, advertised).clientId() + "-StreamThread-1-consumer",
                partitions(partitions));
    }

    private static Set<TopicPartition> partitions(int... numbers) {
        return Arrays.stream(numbers)
                .boxed()
                .flatMap(number -> Stream.of("hold-commands", "order-events")
                        .map(topic -> new TopicPartition("flashsale." + topic, number)))
                .collect(Collectors.toSet());
    }
}
