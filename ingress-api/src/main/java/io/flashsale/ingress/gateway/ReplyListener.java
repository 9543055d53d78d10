package io.flashsale.ingress.gateway;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.Reply;
import io.flashsale.tracing.TraceHeaders;
import io.flashsale.tracing.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Hands every reply of this instance's partition of {@code replies} to its caller. Nothing may be published before the
 * tail that tells it has its position, or a reply could pass unheard.
 */
final class ReplyListener implements TopicTail.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(ReplyListener.class);

    private final PendingReplies pending;
    private final Timer delay;
    private final Tracing tracing;

    ReplyListener(PendingReplies pending, MeterRegistry meters, Tracing tracing) {
        this.pending = pending;
        this.tracing = tracing;
        this.delay = Timer.builder("replies.delay")
                .description(
                        "From the append of a command to its committed reply, by the clocks of broker and instance")
                .register(meters);
    }

    @Override
    public void on(ConsumerRecord<String, byte[]> received) {
        // A reply carries the log time of what it answers.
        delay.record(Math.max(0, System.currentTimeMillis() - received.timestamp()), TimeUnit.MILLISECONDS);
        if (received.key() == null || received.value() == null) {
            return;
        }
        try {
            Reply reply = Json.MAPPER.readValue(received.value(), Reply.class);
            // Before its caller, who may end the trace's first span at once.
            if (tracing.isOn()) {
                trace(received);
            }
            pending.complete(received.key(), reply);
        } catch (JacksonException unreadable) {
            // Its caller is told "pending" at its timeout. The content stays out of the log: it may name a payment.
            LOG.error(
                    "The reply at {}-{} offset {} is unreadable.",
                    received.topic(),
                    received.partition(),
                    received.offset());
        }
    }

    /** A moment, not a duration: what lies between it and its decision is the commit, and the way back. */
    private void trace(ConsumerRecord<String, byte[]> received) {
        Context decision = TraceHeaders.read(received.headers());
        if (Span.fromContext(decision).getSpanContext().isValid()) {
            tracing.processing(received.topic(), received.partition(), received.offset(), decision)
                    .end();
        }
    }
}
