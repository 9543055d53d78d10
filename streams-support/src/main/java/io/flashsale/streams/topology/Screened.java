package io.flashsale.streams.topology;

import io.flashsale.contracts.ReplyTo;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * An input that may be decided: readable, and in the partition of its product.
 *
 * @param time the record's timestamp, which is the input's log time
 * @param caller who waits for a reply, or null
 * @param raw the record as received, should it become a dead letter after all
 * @param trace what is told of its decision in a trace, or null if traces are off
 */
public record Screened<I>(
        I input,
        Instant time,
        @Nullable ReplyTo caller,
        Origin origin,
        Record<byte[], byte[]> raw,
        @Nullable DecisionSpan trace) {}
