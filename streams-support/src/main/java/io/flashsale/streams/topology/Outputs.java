package io.flashsale.streams.topology;

import io.flashsale.contracts.InstantText;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.ReplyTo;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a deciding processor sends, each to the node that writes it. */
public final class Outputs {

    private static final Logger LOG = LoggerFactory.getLogger(Outputs.class);
    private static final byte[] CE_SPECVERSION = bytes("1.0");
    private static final byte[] JSON = bytes("application/json");

    private final ProcessorContext<Object, Object> context;
    private final String eventsNode;
    private final String ticksNode;
    private final DecisionMeters meters;
    private final byte[] source;
    private long sent;

    /** Of the input that is being decided. */
    private @Nullable DecisionSpan trace;

    /**
     * @param eventsNode the sink of the application's events
     * @param ticksNode the sink of its ticks
     */
    Outputs(ProcessorContext<Object, Object> context, String eventsNode, String ticksNode, DecisionMeters meters) {
        this.context = context;
        this.eventsNode = eventsNode;
        this.ticksNode = ticksNode;
        this.meters = meters;
        this.source = bytes("/" + context.applicationId());
    }

    /** How many records were sent so far. */
    long sent() {
        return sent;
    }

    /** What is sent from now on follows from this, or from nothing that is traced. */
    void trace(@Nullable DecisionSpan trace) {
        this.trace = trace;
    }

    /**
     * An event, described in headers as the Kafka binding of CloudEvents 1.0 says (binary mode).
     *
     * @param cause the input it follows from; the event's id is made of it, so the same decision has the same id
     * @param number of this event among those of its cause
     * @param passedOn the caller that another application answers, or null
     */
    public void event(
            String productId, Object event, Origin cause, int number, Instant time, @Nullable ReplyTo passedOn) {
        Headers headers = new RecordHeaders();
        headers.add("ce_specversion", CE_SPECVERSION);
        headers.add("ce_id", bytes(cause + "-" + number));
        headers.add("ce_type", bytes(event.getClass().getSimpleName()));
        headers.add("ce_source", source);
        headers.add("ce_time", bytes(InstantText.of(time)));
        headers.add("content-type", JSON);
        if (passedOn != null) {
            passedOn.writeTo(headers);
        }
        if (trace != null) {
            trace.event(event);
            trace.writeTo(headers);
        }
        meters.event(event);
        forward(new Record<>(productId, event, time.toEpochMilli(), headers), eventsNode);
    }

    /** Counts a refusal, told by whatever way. One that is only repeated is not counted again. */
    public void refused(Screened<?> screened, Refusal refusal) {
        meters.refused(screened.input(), refusal.code());
        if (trace != null) {
            trace.refused(refusal.code().code());
        }
    }

    public void reply(ReplyTo caller, Reply reply, Instant time) {
        Record<Object, Object> addressed = new Record<>(
                caller.correlationId(), new AddressedReply(caller.partition(), reply), time.toEpochMilli());
        if (trace != null) {
            trace.replied();
            trace.writeTo(addressed.headers());
        }
        forward(addressed, Nodes.WRITE_REPLIES);
    }

    public void tick(String productId, Object tick, Instant wallClock) {
        forward(new Record<>(productId, tick, wallClock.toEpochMilli()), ticksNode);
    }

    public void deadLetter(Screened<?> screened, String reason, String detail) {
        meters.deadLetter(reason, screened.origin(), trace);
        forward(DeadLetter.of(screened.raw(), screened.origin(), reason, detail), Nodes.WRITE_DEAD_LETTERS);
    }

    /**
     * Puts an input aside on which a rule failed, before anything of it was stored or sent, so that the next one can be
     * decided; its caller is told.
     */
    public void putAside(Screened<?> screened, RuntimeException fault) {
        LOG.error("Could not decide on {}", screened.origin(), fault);
        deadLetter(screened, RefusalCode.INTERNAL_ERROR.code(), fault.toString());
        if (screened.caller() != null) {
            Refusal refusal = Refusal.of(RefusalCode.INTERNAL_ERROR, "This could not be decided; nothing was changed.");
            reply(screened.caller(), new Reply.Refused(refusal, false), screened.time());
        }
    }

    private void forward(Record<?, ?> record, String node) {
        sent++;
        context.forward(record, node);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
