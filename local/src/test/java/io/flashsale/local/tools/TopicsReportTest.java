package io.flashsale.local.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class TopicsReportTest {

    private static final String EVENTS = "flashsale.inventory-events";
    private static final String COMMANDS = "flashsale.hold-commands";
    private static final String CHANGELOG = "flashsale.inventory-streams-product-by-id-changelog";

    private final FakeFacts kafka = new FakeFacts();

    @Test
    void showsEachTopicOfThePipelineAndWhatIsInIt() {
        kafka.log(new TopicPartition(EVENTS, 0), 0, 900, 1_000);
        kafka.log(new TopicPartition(EVENTS, 2), 0, 300, 300);
        kafka.log(new TopicPartition(COMMANDS, 1), 40, 50, 50);
        kafka.bytes.put(EVENTS, 1_234_567L);
        kafka.topic(CHANGELOG, 3, Map.of("cleanup.policy", "compact", "min.insync.replicas", "2"));

        TopicsReport report = report();

        assertThat(report.lines())
                .contains(
                        "topic                                                 partitions   replicas   needed in sync   worst   kept        records    bytes",
                        "flashsale.hold-commands                                        3          1                1       1   7 d              10      0 B",
                        "flashsale.inventory-events                                     3          1                1       1   for ever      1,300   1.2 MB",
                        "flashsale.inventory-streams-product-by-id-changelog            3          1                1       1   compacted         0      0 B",
                        "flashsale.replies                                              3          1                1       1   1 h               0      0 B")
                .last()
                .isEqualTo("All 12 topics are as they must be.");
        assertThat(report.isGood()).isTrue();
        assertThat(report.rows()).noneMatch(row -> row.name().equals("somebody-elses"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cleanup.policy  | compact,delete | compacted, 7 d
            retention.bytes | 1500000000     | 7 d or 1.5 GB a partition
            retention.ms    | -1             | for ever
            """)
    void saysHowLongATopicIsKept(String setting, String value, String kept) {
        kafka.setting("flashsale.dead-letters", setting, value);

        assertThat(report().rows())
                .filteredOn(row -> row.name().equals("flashsale.dead-letters"))
                .singleElement()
                .returns(kept, TopicsReport.Row::kept);
    }

    @Test
    void aTopicThatForgetsForItsSizeAloneIsNotKeptForEver() {
        kafka.setting("flashsale.dead-letters", "retention.ms", "-1");
        kafka.setting("flashsale.dead-letters", "retention.bytes", "1500000000");

        assertThat(report().rows())
                .filteredOn(row -> row.name().equals("flashsale.dead-letters"))
                .singleElement()
                .returns("1.5 GB a partition", TopicsReport.Row::kept);
    }

    @Test
    void missesATopic() {
        kafka.topics.remove(COMMANDS);

        expectWarning("The topic flashsale.hold-commands is missing: ./flashsale up creates it when it starts.");
    }

    @Test
    void anEventTopicMustNotDelete() {
        kafka.setting(EVENTS, "retention.ms", "604800000");

        expectWarning("The topic flashsale.inventory-events has retention.ms=604800000, but -1 is needed: change it, or"
                + " use a cluster without the topic.");
    }

    @ParameterizedTest
    @CsvSource({COMMANDS, CHANGELOG})
    void aTopicMustHaveAsManyPartitionsAsTheOthers(String topic) {
        kafka.topic(CHANGELOG, 3, Map.of("cleanup.policy", "compact"));
        kafka.topic(topic, 4, kafka.topics.get(topic).settings());

        expectWarning("The topic " + topic
                + " has 4 partitions, but the others have 3: a product must have the same number everywhere.");
    }

    @Test
    void howManyPartitionsOtherTopicsHaveIsNobodysBusiness() {
        kafka.topic("flashsale.of-a-friend", 7, Map.of("cleanup.policy", "compact"));

        assertThat(report().isGood()).isTrue();
        assertThat(report().rows()).anyMatch(row -> row.name().equals("flashsale.of-a-friend"));
    }

    @Test
    void ofThreeCopiesTwoMustBeInSync() {
        kafka.partition(EVENTS, 1, true, 3, 1);
        kafka.partition(EVENTS, 2, true, 3, 1);

        expectWarning("flashsale.inventory-events-1 and 1 more of the topic have fewer copies in sync than are needed:"
                + " nothing can be written there.");
    }

    @Test
    void ofThreeCopiesAllShouldBeInSync() {
        IntStream.range(0, 3).forEach(number -> kafka.partition(EVENTS, number, true, 3, 3));
        kafka.partition(EVENTS, 1, true, 3, 2);

        expectWarning("flashsale.inventory-events-1 has copies that are not in sync: a broker is away or behind.");
        assertThat(report().rows())
                .filteredOn(row -> row.name().equals(EVENTS))
                .singleElement()
                .returns(3, TopicsReport.Row::replicas)
                .returns(2, TopicsReport.Row::neededInSync)
                .returns(2, TopicsReport.Row::worstInSync);
    }

    @Test
    void aPartitionWithoutALeaderIsNotAsked() {
        kafka.partition(EVENTS, 1, false, 1, 0);

        expectWarning("flashsale.inventory-events-1 has no leader: nothing can be read or written there.");
        assertThat(report().lines())
                .anyMatch(line -> line.startsWith("flashsale.inventory-events ") && line.contains("unknown"));
    }

    @Test
    void tellsAProgramTheSame() {
        kafka.log(new TopicPartition(COMMANDS, 0), 5, 7, 7);
        kafka.topics.remove(EVENTS);

        JsonNode document = Json.readTree(
                Json.MAPPER.writeValueAsString(report().document()).getBytes(StandardCharsets.UTF_8));

        assertThat(document.get("warnings")).hasSize(1);
        assertThat(document.get("topics").valueStream())
                .anyMatch(
                        topic -> topic.toString()
                                .equals(
                                        "{\"topic\":\"flashsale.hold-commands\",\"partitions\":3,\"replicas\":1,"
                                                + "\"needed_in_sync\":1,\"worst_in_sync\":1,\"kept\":\"7 d\",\"records\":2,\"bytes\":0}"));
    }

    private void expectWarning(String sentence) {
        TopicsReport report = report();
        assertThat(report.warnings()).containsExactly(sentence);
        assertThat(report.lines()).last().isEqualTo(sentence);
        assertThat(report.isGood()).isFalse();
    }

    private TopicsReport report() {
        return TopicsReport.of(kafka, Topics.DEFAULT_PREFIX);
    }
}
