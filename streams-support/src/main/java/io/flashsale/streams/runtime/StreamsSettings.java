package io.flashsale.streams.runtime;

import io.flashsale.contracts.Topics;
import io.flashsale.tracing.TraceSettings;
import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings both Kafka Streams services have. Their meaning, units and defaults are listed in
 * {@code docs/configuration.md}.
 *
 * @param kafka bootstrap servers, {@code host:port} with commas between
 * @param advertised {@code host:port} under which other instances reach this one's query port
 */
@Validated
@ConfigurationProperties("flashsale")
public record StreamsSettings(
        @DefaultValue("localhost:9092") @NotBlank String kafka,

        @Pattern(regexp = "[A-Za-z0-9.-]+:[0-9]{1,5}", message = "must be host:port")
        String advertised,

        @DefaultValue @Valid TopicSettings topics,
        @DefaultValue @Valid State state,
        @DefaultValue @Valid StreamSettings streams,
        @DefaultValue @Valid Timing timing,
        @DefaultValue @Valid RetentionTimes retention,
        @DefaultValue @Valid TraceSettings traces) {

    /** @param partitions of every topic; must be what the topics have */
    public record TopicSettings(
            @DefaultValue(Topics.DEFAULT_PREFIX) @Pattern(regexp = "[A-Za-z0-9._-]{0,100}")
            String prefix,

            @DefaultValue("12") @Min(1) @Max(1000) int partitions) {}

    /**
     * @param dir of the RocksDB stores, of this instance alone
     * @param memory bytes that all RocksDB stores of this instance share for cached blocks and write buffers
     * @param cache bytes of the record cache in front of the stores that use it
     * @param minFree bytes of its disk below which the instance ends; 0 never ends it
     */
    public record State(
            @NotBlank String dir,
            @DefaultValue("268435456") @Min(8_388_608) long memory,
            @DefaultValue("16777216") @Min(0) long cache,
            @DefaultValue("134217728") @Min(0) long minFree) {}

    /**
     * @param threads that decide; partitions are spread over them
     * @param standbys copies of each partition's state on other instances
     * @param sessionTimeout after which a silent instance is replaced
     * @param transactionTimeout after which the broker aborts a dead instance's transaction
     */
    public record StreamSettings(
            @DefaultValue("1") @Min(1) @Max(64) int threads,
            @DefaultValue("1") @Min(0) @Max(3) int standbys,
            @DefaultValue("6s") Duration sessionTimeout,
            @DefaultValue("1500ms") Duration transactionTimeout) {

        @AssertTrue(message = "flashsale.streams.session-timeout and transaction-timeout must be 1s to 5m")
        boolean isInRange() {
            return Stream.of(sessionTimeout, transactionTimeout)
                    .allMatch(timeout -> timeout.toMillis() >= 1_000 && timeout.toMillis() <= 300_000);
        }
    }

    /**
     * @param punctuation how often due timers are looked for
     * @param grace how long after its time a timer fires
     * @param batch how many timers fire at once
     */
    public record Timing(
            @DefaultValue("100ms") Duration punctuation,
            @DefaultValue("200ms") Duration grace,
            @DefaultValue("1000") @Min(1) @Max(100_000) int batch) {

        @AssertTrue(message = "flashsale.timing.punctuation must be 1ms to 1m, flashsale.timing.grace 0 to 1m")
        boolean isInRange() {
            return punctuation.toMillis() >= 1
                    && !grace.isNegative()
                    && Stream.of(punctuation, grace).allMatch(time -> time.toMillis() <= 60_000);
        }
    }

    /**
     * How long what ended stays in the stores. Both applications are told the same.
     *
     * @param keys idempotency keys of orders, extensions and adjustments; holds that were refused, released or expired
     * @param webhookKeys idempotency keys and payment ids of webhooks
     * @param orders ended orders and the holds they were made of
     */
    public record RetentionTimes(
            @DefaultValue("24h") Duration keys,
            @DefaultValue("7d") Duration webhookKeys,
            @DefaultValue("30d") Duration orders) {

        @AssertTrue(
                message = "flashsale.retention.keys, webhook-keys and orders must be 1s to 3650d,"
                        + " and orders not shorter than the others")
        boolean isInRange() {
            return Stream.of(keys, webhookKeys, orders)
                            .allMatch(time -> time.toSeconds() >= 1 && time.toDays() <= 3_650)
                    && orders.compareTo(keys) >= 0
                    && orders.compareTo(webhookKeys) >= 0;
        }
    }

    /** The topics as these settings name them. */
    public Topics topicNames() {
        return new Topics(topics.prefix(), topics.partitions());
    }
}
