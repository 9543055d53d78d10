package io.flashsale.local;

import io.flashsale.contracts.Topic;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.config.TopicConfig;

/** Which settings of the topics promises hang on, whatever the cluster's own defaults are. */
public final class TopicRules {

    /**
     * With Kafka's own defaults for topics that do not name them: log time decides only if the broker stamps commands,
     * and a compacted log of commands or events has forgotten some. A cluster may have other defaults, so they are always
     * named. For topics that are kept for ever, see {@link #neededSettings}.
     */
    private static final Map<String, String> NEEDED_SETTINGS = Map.of(
            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
            "CreateTime",
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_DELETE);

    private static final String FOR_EVER = "-1";

    private TopicRules() {}

    /** What is wrong with a topic's settings, and what to do; empty if they are as needed. */
    public static Optional<String> objection(Topic topic, Map<String, String> actual) {
        return neededSettings(topic).entrySet().stream()
                .filter(needed -> !needed.getValue().equals(actual.get(needed.getKey())))
                .findFirst()
                .map(needed -> "The topic " + topic.name() + " has " + needed.getKey() + "="
                        + actual.getOrDefault(needed.getKey(), "unknown") + ", but " + needed.getValue()
                        + " is needed: change it, or use a cluster without the topic.");
    }

    static SortedMap<String, String> neededSettings(Topic topic) {
        SortedMap<String, String> needed = new TreeMap<>(NEEDED_SETTINGS);
        needed.replaceAll((name, kafkasDefault) -> topic.settings().getOrDefault(name, kafkasDefault));
        if (FOR_EVER.equals(topic.settings().get(TopicConfig.RETENTION_MS_CONFIG))) {
            // What is kept for ever must not be deleted for its size either.
            needed.put(TopicConfig.RETENTION_MS_CONFIG, FOR_EVER);
            needed.put(TopicConfig.RETENTION_BYTES_CONFIG, FOR_EVER);
        }
        return needed;
    }
}
