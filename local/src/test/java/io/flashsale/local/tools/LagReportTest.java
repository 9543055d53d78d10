package io.flashsale.local.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.Topics;
import io.flashsale.local.UsageException;
import io.flashsale.local.tools.KafkaFacts.Member;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class LagReportTest {

    private static final String INVENTORY = "flashsale.inventory-streams";
    private static final String ORDERS = "flashsale.order-streams";
    private static final Member SOMEBODY = new Member("somebody", Set.of());

    private final FakeFacts kafka = new FakeFacts();

    @BeforeEach
    void bothRun() {
        kafka.log(holds(0), 0, 100, 100);
        kafka.log(holds(1), 0, 50, 50);
        kafka.log(holds(2), 0, 2_000, 2_000);
        kafka.log(events(0), 0, 10, 15);
        kafka.group(
                INVENTORY,
                GroupState.STABLE,
                Map.of(holds(0), 100L, holds(1), 45L, holds(2), 500L, events(0), 10L),
                SOMEBODY);
        kafka.group(ORDERS, GroupState.STABLE, Map.of(), SOMEBODY);
    }

    @Test
    void addsUpTheTopicsOfEachApplication() {
        assertThat(report().lines(false))
                .containsExactly(
                        "application         topic                     partitions   behind   worst   its lag   open",
                        "-----------------   -----------------------   ----------   ------   -----   -------   ----",
                        "inventory-streams   flashsale.hold-commands            3    1,505       2     1,500      0",
                        "inventory-streams   flashsale.order-events             3        0                        5");
        assertThat(report().isGood()).isTrue();
    }

    @Test
    void showsEachPartitionIfAsked() {
        assertThat(report().lines(true))
                .contains(
                        "inventory-streams   flashsale.hold-commands           1     45     50        5      0",
                        "inventory-streams   flashsale.hold-commands           2    500   2000    1,500      0");
    }

    @Test
    void whereNothingWasCommittedAllThatIsThereIsBehind() {
        kafka.log(orders(1), 7, 20, 20);
        kafka.group(ORDERS, GroupState.STABLE, Map.of(), new Member("somebody", Set.of(orders(1))));

        assertThat(report().partitions())
                .filteredOn(row -> row.application() == Application.ORDERS)
                .filteredOn(row -> row.partition().equals(orders(1)))
                .singleElement()
                .returns(13L, LagReport.Row::behind);
    }

    @Test
    void whatWasDeletedUnreadIsNotBehind() {
        kafka.log(holds(1), 48, 50, 50);

        assertThat(report().partitions())
                .filteredOn(row -> row.partition().equals(holds(1)))
                .singleElement()
                .returns(2L, LagReport.Row::behind);
    }

    @Test
    void saysThatNobodyRuns() {
        kafka.group(INVENTORY, GroupState.EMPTY, Map.of(holds(2), 1_999L));
        kafka.groups.remove(ORDERS);

        assertThat(report().isGood()).isFalse();
        assertThat(report().lines(false))
                .anyMatch(line -> line.startsWith("inventory-streams   flashsale.hold-commands"))
                .endsWith(
                        "",
                        "Nobody runs inventory-streams: what is behind stays behind.",
                        "Nobody runs order-streams: what is behind stays behind.");
    }

    @Test
    void anInputThatIsGoneIsNotAskedFor() {
        kafka.topics.remove("flashsale.order-events");

        assertThat(report().lines(false)).noneMatch(line -> line.contains("order-events"));
    }

    @Test
    void saysWhereItCannotKnow() {
        kafka.partition("flashsale.hold-commands", 1, false, 1, 0);

        assertThat(report().lines(false))
                .last()
                .isEqualTo("The topic flashsale.hold-commands has partitions without a leader, so it is not known how"
                        + " far inventory-streams is behind there.");
        assertThat(report().lines(false))
                .anyMatch(line -> line.startsWith("inventory-streams   flashsale.hold-commands            2    1,500"));
    }

    @Test
    void tellsAProgramTheSame() {
        JsonNode document = Json.readTree(
                Json.MAPPER.writeValueAsString(report().document(true)).getBytes(StandardCharsets.UTF_8));

        assertThat(document.get("inputs").get(0).toString())
                .isEqualTo("{\"application\":\"inventory-streams\",\"topic\":\"flashsale.hold-commands\","
                        + "\"partitions\":3,\"behind\":1505,\"worst_partition\":2,\"worst_behind\":1500,\"open\":0}");
        assertThat(document.get("partitions").get(1).toString())
                .isEqualTo("{\"application\":\"inventory-streams\",\"topic\":\"flashsale.hold-commands\","
                        + "\"partition\":1,\"next\":45,\"end\":50,\"behind\":5,\"open\":0}");
        assertThat(report().document(false)).doesNotContainKey("partitions");
    }

    @Test
    void watchesEveryTwoSecondsAndIsNotEndedByAFailure() throws UsageException {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        HandClock pause = new HandClock();
        Instant noon = Instant.parse("2026-11-20T12:00:00Z");
        InstantSource clock = () -> noon.plusNanos(pause.nanoTime());
        AtomicInteger looks = new AtomicInteger();
        LagCommand command = new LagCommand(clock, new PrintStream(written, true, StandardCharsets.UTF_8));

        command.watch(kafka, LagOptions.parse(List.of()), pause, () -> {
            kafka.failures = looks.get() == 1 ? 1 : 0;
            return looks.getAndIncrement() < 3;
        });

        assertThat(written.toString(StandardCharsets.UTF_8).lines().filter(line -> line.startsWith("2026")))
                .containsExactly(
                        "2026-11-20 12:00:00 UTC",
                        "2026-11-20 12:00:02 UTC  No Kafka answered at fake:9092 within 10 s.",
                        "2026-11-20 12:00:04 UTC");
    }

    private LagReport report() {
        return LagReport.of(kafka, Topics.DEFAULT_PREFIX);
    }

    private static TopicPartition holds(int partition) {
        return new TopicPartition("flashsale.hold-commands", partition);
    }

    private static TopicPartition events(int partition) {
        return new TopicPartition("flashsale.order-events", partition);
    }

    private static TopicPartition orders(int partition) {
        return new TopicPartition("flashsale.order-commands", partition);
    }
}
