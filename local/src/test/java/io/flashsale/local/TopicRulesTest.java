package io.flashsale.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.Topic;
import io.flashsale.contracts.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which topics of a cluster are refused; {@code ITLocalBroker} asks a real one. */
class TopicRulesTest {

    private static final Topics TOPICS = Topics.defaults();

    private static final Map<String, String> KAFKAS_DEFAULTS = Map.of(
            "cleanup.policy", "delete",
            "message.timestamp.type", "CreateTime",
            "retention.ms", "604800000",
            "retention.bytes", "-1");

    @Test
    void takesTopicsAsTheContractSays() {
        assertThat(TOPICS.all())
                .allSatisfy(topic ->
                        assertThat(TopicRules.objection(topic, found(topic))).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"retention.ms, 604800000", "retention.bytes, 1073741824", "cleanup.policy, 'compact,delete'"})
    void refusesEventTopicsThatForget(String setting, String value) {
        for (Topic topic : List.of(TOPICS.inventoryEvents(), TOPICS.orderEvents())) {
            Map<String, String> found = found(topic);
            found.put(setting, value);

            assertThat(TopicRules.objection(topic, found))
                    .hasValueSatisfying(objection -> assertThat(objection)
                            .startsWith("The topic " + topic.name() + " has " + setting + "=" + value + ", but ")
                            .endsWith(" is needed: change it, or use a cluster without the topic."));
        }
    }

    @Test
    void leavesItToOperatorsHowLongOtherTopicsAreKept() {
        for (Topic topic : List.of(TOPICS.replies(), TOPICS.holdCommands())) {
            Map<String, String> found = found(topic);
            found.put("retention.ms", "7200000");
            found.put("retention.bytes", "1073741824");

            assertThat(TopicRules.objection(topic, found)).isEmpty();
        }
    }

    @Test
    void doesNotBelieveWhatItCannotRead() {
        assertThat(TopicRules.objection(TOPICS.orderEvents(), Map.of()))
                .contains(
                        "The topic flashsale.order-events has cleanup.policy=unknown, but delete is needed: change it,"
                                + " or use a cluster without the topic.");
    }

    private static Map<String, String> found(Topic topic) {
        Map<String, String> settings = new HashMap<>(KAFKAS_DEFAULTS);
        settings.putAll(topic.settings());
        return settings;
    }
}
