package io.flashsale.streams.topology;

import io.flashsale.contracts.ReplyTo;
import io.flashsale.contracts.Topics;
import io.flashsale.contracts.UnreadableException;
import io.flashsale.tracing.Tracing;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Lets through what can be decided and makes everything else a dead letter. A record in another partition than its
 * key's is never decided: two writers would decide on one product, and serial decisions would break.
 *
 * @param <I> what the topology decides on
 */
public final class ScreenProcessor<I> extends ContextualProcessor<byte[], byte[], Object, Object> {

    static final String WRONG_PARTITION = "wrong-partition";
    static final String KEY_MISMATCH = "key-mismatch";
    static final String UNREADABLE = "unreadable";

    private final Topics topics;
    private final Map<String, InputReader<I>> readers;
    private final Function<I, String> productOf;
    private final Set<String> reportedElsewhere;
    private final DecisionMeters meters;
    private final String decideNode;
    private final Tracing tracing;

    /**
     * @param readers of each input topic, by its name
     * @param productOf the product an input is about
     * @param reportedElsewhere names of topics that the other application reads too and whose dead letters it writes
     * @param decideNode where what passes goes
     */
    public ScreenProcessor(
            Topics topics,
            Map<String, InputReader<I>> readers,
            Function<I, String> productOf,
            Set<String> reportedElsewhere,
            DecisionMeters meters,
            String decideNode,
            Tracing tracing) {
        this.topics = topics;
        this.readers = readers;
        this.productOf = productOf;
        this.reportedElsewhere = Set.copyOf(reportedElsewhere);
        this.meters = meters;
        this.decideNode = decideNode;
        this.tracing = tracing;
    }

    @Override
    public void process(Record<byte[], byte[]> raw) {
        List<Screened<I>> passed = new ArrayList<>();
        RecordBatch batch = RecordBatch.in(raw.headers());
        if (batch == null) {
            RecordMetadata metadata = context().recordMetadata().orElseThrow();
            screen(raw, new Origin(metadata.topic(), metadata.partition(), metadata.offset()), passed);
        } else {
            for (ConsumerRecord<byte[], byte[]> record : batch.records()) {
                screen(
                        new Record<>(record.key(), record.value(), record.timestamp(), record.headers()),
                        new Origin(record.topic(), record.partition(), record.offset()),
                        passed);
            }
        }
        if (!passed.isEmpty()) {
            context().forward(new Record<>(raw.key(), passed, raw.timestamp()), decideNode);
        }
    }

    private void screen(Record<byte[], byte[]> raw, Origin origin, List<Screened<I>> passed) {
        DecisionSpan trace = DecisionSpan.begin(tracing, origin, raw.headers());
        try {
            passed.add(screened(raw, origin, trace));
        } catch (UnreadableException unreadable) {
            if (!reportedElsewhere.contains(origin.topic())) {
                putAside(raw, origin, unreadable, trace);
            }
            if (trace != null) {
                trace.end();
            }
        }
    }

    private void putAside(
            Record<byte[], byte[]> raw, Origin origin, UnreadableException unreadable, @Nullable DecisionSpan trace) {
        meters.deadLetter(unreadable.reason(), origin, trace);
        context()
                .forward(
                        DeadLetter.of(raw, origin, unreadable.reason(), String.valueOf(unreadable.getMessage())),
                        Nodes.WRITE_DEAD_LETTERS);
    }

    private Screened<I> screened(Record<byte[], byte[]> raw, Origin origin, @Nullable DecisionSpan trace)
            throws UnreadableException {
        requireOwnPartition(raw.key(), origin);
        InputReader<I> reader = readers.get(origin.topic());
        if (reader == null) {
            throw new IllegalStateException("No reader for the topic " + origin.topic());
        }
        I input = read(reader, raw.value());
        String key = new String(raw.key(), StandardCharsets.UTF_8);
        if (!key.equals(productOf.apply(input))) {
            throw new UnreadableException(
                    KEY_MISMATCH, "Expected the key to be the product_id " + productOf.apply(input) + ".");
        }
        if (trace != null) {
            trace.input(input, key);
        }
        ReplyTo caller = ReplyTo.readFrom(raw.headers(), topics.partitions()).orElse(null);
        return new Screened<>(input, Instant.ofEpochMilli(raw.timestamp()), caller, origin, raw, trace);
    }

    private static <I> I read(InputReader<I> reader, byte @Nullable [] value) throws UnreadableException {
        try {
            return reader.read(value);
        } catch (RuntimeException bug) {
            // A reader that throws would stop the thread at this record for ever.
            throw new UnreadableException(UNREADABLE, bug.toString());
        }
    }

    private void requireOwnPartition(byte @Nullable [] key, Origin origin) throws UnreadableException {
        if (key == null || key.length == 0) {
            throw new UnreadableException(WRONG_PARTITION, "Expected a product_id as key, but there is none.");
        }
        int own = topics.partitionOf(key);
        if (own != origin.partition()) {
            throw new UnreadableException(
                    WRONG_PARTITION,
                    "Expected the key in partition " + own + " (murmur2 of " + topics.partitions() + "), but it is in "
                            + origin.partition() + ".");
        }
    }
}
