package io.flashsale.contracts;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.utils.Utils;

/**
 * The topics of the contract: names, partitions, settings.
 *
 * @param prefix of every name, {@value #DEFAULT_PREFIX} by default
 * @param partitions of every topic; cannot be changed once there is state
 */
public record Topics(String prefix, int partitions) {

    public static final String DEFAULT_PREFIX = "flashsale.";

    /** Generous, because it cannot be changed under keyed state. */
    public static final int DEFAULT_PARTITIONS = 12;

    /** Log time decides: the broker's clock stamps what others write. */
    private static final Map<String, String> LOG_APPEND_TIME =
            Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");

    /** The books of the sales: {@code verify} rebuilds every product from them, and needs all of them. */
    private static final Map<String, String> KEPT = Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1");

    private static final String ONE_HOUR_MS = "3600000";

    /** A dead letter is the record as received plus headers, so it must be allowed to be a little longer. */
    private static final String DEAD_LETTER_MAX_BYTES = "2097152";

    /** The topics as they are by default. */
    public static Topics defaults() {
        return new Topics(DEFAULT_PREFIX, DEFAULT_PARTITIONS);
    }

    public Topic productCommands() {
        return topic("product-commands", LOG_APPEND_TIME);
    }

    public Topic holdCommands() {
        return topic("hold-commands", LOG_APPEND_TIME);
    }

    public Topic orderCommands() {
        return topic("order-commands", LOG_APPEND_TIME);
    }

    public Topic webhookCommands() {
        return topic("webhook-commands", LOG_APPEND_TIME);
    }

    public Topic inventoryEvents() {
        return topic("inventory-events", KEPT);
    }

    public Topic orderEvents() {
        return topic("order-events", KEPT);
    }

    public Topic productStock() {
        return topic("product-stock", Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
    }

    /**
     * Kept as long as commands: a tick is what is left of a timer that fired, so one that is deleted unread would leave
     * its hold's stock held for ever.
     */
    public Topic inventoryTicks() {
        return topic("inventory-ticks", LOG_APPEND_TIME);
    }

    /** Kept as long as commands, see {@link #inventoryTicks}. */
    public Topic orderTicks() {
        return topic("order-ticks", LOG_APPEND_TIME);
    }

    public Topic replies() {
        return topic("replies", Map.of(TopicConfig.RETENTION_MS_CONFIG, ONE_HOUR_MS));
    }

    public Topic deadLetters() {
        return topic("dead-letters", Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, DEAD_LETTER_MAX_BYTES));
    }

    /** Those that others than the applications write. */
    public List<Topic> commands() {
        return List.of(productCommands(), holdCommands(), orderCommands(), webhookCommands());
    }

    /** All of them. */
    public List<Topic> all() {
        return List.of(
                productCommands(),
                holdCommands(),
                orderCommands(),
                webhookCommands(),
                inventoryEvents(),
                orderEvents(),
                productStock(),
                inventoryTicks(),
                orderTicks(),
                replies(),
                deadLetters());
    }

    /** The partition that Kafka's default partitioner gives a key: the one place a product's records may stand in. */
    public int partitionOf(byte[] key) {
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }

    private Topic topic(String name, Map<String, String> settings) {
        return new Topic(prefix + name, partitions, settings);
    }
}
