package io.flashsale.streams.topology;

import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Takes an input through its decision in two steps: the first changes nothing, so a fault in it puts one record aside
 * and the product's next one is decided; the second stores and sends.
 *
 * @param <I> what the topology decides on
 * @param <O> the outcome of a decision
 */
public abstract class DecidingProcessor<I, O> implements Processor<byte[], Screened<I>, Object, Object> {

    /** How long an answer waits for its commit, at the most, while decisions keep up with the log. */
    private static final Duration COMMIT_PAUSE = Duration.ofMillis(10);

    /** A decision on an input this old is behind: its caller has waited longer than for a seldom commit. */
    private static final Duration BEHIND = Duration.ofMillis(100);

    private static final long NOTHING = Long.MIN_VALUE;

    private final String eventsNode;
    private final String ticksNode;
    private final DecisionMeters meters;

    private ProcessorContext<Object, Object> context;
    private Outputs outputs;

    /** Log time of the newest input that was decided since the last look, or {@link #NOTHING}. */
    private long newest = NOTHING;

    /**
     * @param eventsNode the sink of the application's events
     * @param ticksNode the sink of its ticks
     */
    protected DecidingProcessor(String eventsNode, String ticksNode, DecisionMeters meters) {
        this.eventsNode = eventsNode;
        this.ticksNode = ticksNode;
        this.meters = meters;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        this.context = context;
        this.outputs = new Outputs(context, eventsNode, ticksNode, meters);
        this.newest = NOTHING;
        context.schedule(COMMIT_PAUSE, PunctuationType.WALL_CLOCK_TIME, this::commitSoon);
    }

    @Override
    public final void process(Record<byte[], Screened<I>> record) {
        Screened<I> screened = record.value();
        newest = Math.max(newest, record.timestamp());
        O outcome;
        try {
            outcome = decide(screened);
        } catch (KafkaException stores) {
            // The state cannot be read: that is no fault of this record.
            throw stores;
        } catch (RuntimeException fault) {
            outputs.putAside(screened, fault);
            return;
        }
        if (outcome != null) {
            carryOut(screened, outcome);
        }
    }

    /** Loads what the decision may look at, and decides. Stores and sends nothing. Null: nothing to decide. */
    protected abstract @Nullable O decide(Screened<I> screened);

    /** Stores and sends what was decided. */
    protected abstract void carryOut(Screened<I> screened, O outcome);

    /**
     * Callers are answered at the commit, so it comes soon. Behind a backlog it is left to {@code commit.interval.ms}: a
     * transaction costs a marker in each partition it wrote, and the thread waits for it.
     */
    private void commitSoon(long now) {
        if (newest != NOTHING && now - newest < BEHIND.toMillis()) {
            context.commit();
        }
        newest = NOTHING;
    }

    protected final Outputs outputs() {
        return outputs;
    }

    /** For detecting what is due, never for deciding it. */
    protected final Instant wallClock() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
