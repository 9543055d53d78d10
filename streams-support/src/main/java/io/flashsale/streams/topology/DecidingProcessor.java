package io.flashsale.streams.topology;

import java.time.Instant;
import java.util.List;
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
public abstract class DecidingProcessor<I, O> implements Processor<byte[], List<Screened<I>>, Object, Object> {

    private final String eventsNode;
    private final String ticksNode;
    private final DecisionMeters meters;
    private final CommitPace commits;

    private ProcessorContext<Object, Object> context;
    private Outputs outputs;
    private CommitPace.OfThread pace;

    /**
     * @param eventsNode the sink of the application's events
     * @param ticksNode the sink of its ticks
     * @param commits the same for all tasks
     */
    protected DecidingProcessor(String eventsNode, String ticksNode, DecisionMeters meters, CommitPace commits) {
        this.eventsNode = eventsNode;
        this.ticksNode = ticksNode;
        this.meters = meters;
        this.commits = commits;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        this.context = context;
        this.outputs = new Outputs(context, eventsNode, ticksNode, meters);
        this.pace = commits.ofThisThread();
        context.schedule(CommitPace.SHORTEST_PAUSE, PunctuationType.WALL_CLOCK_TIME, this::commitSoon);
    }

    @Override
    public final void process(Record<byte[], List<Screened<I>>> record) {
        long sentBefore = outputs.sent();
        record.value().forEach(this::decideAndCarryOut);
        storeKept();
        if (outputs.sent() > sentBefore) {
            // Nobody waits for an input that nothing came of; that it was read is committed with the next ones.
            pace.decided(record.timestamp(), context.currentSystemTimeMs());
        }
    }

    private void decideAndCarryOut(Screened<I> screened) {
        DecisionSpan trace = screened.trace();
        outputs.trace(trace);
        decideUntraced(screened);
        outputs.trace(null);
        if (trace != null) {
            trace.end();
        }
    }

    private void decideUntraced(Screened<I> screened) {
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
            // The clock of the batch of records this one came in: nothing is asked for it, and it is late by that
            // batch.
            meters.decided(
                    screened.origin().topic(),
                    context.currentSystemTimeMs() - screened.time().toEpochMilli());
        }
    }

    /** Loads what the decision may look at, and decides. Stores and sends nothing. Null: nothing to decide. */
    protected abstract @Nullable O decide(Screened<I> screened);

    /** Stores and sends what was decided. */
    protected abstract void carryOut(Screened<I> screened, O outcome);

    /**
     * Stores what was kept back, because many decisions change it. Nothing is committed before: Kafka Streams commits
     * between two of the records that it handles.
     */
    protected void storeKept() {}

    private void commitSoon(long now) {
        if (pace.isDue(now)) {
            context.commit();
        }
    }

    protected final Outputs outputs() {
        return outputs;
    }

    /** For detecting what is due, never for deciding it. */
    protected final Instant wallClock() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
