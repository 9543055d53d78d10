package io.flashsale.streams.topology;

import io.flashsale.contracts.HoldId;
import io.flashsale.tracing.TraceHeaders;
import io.flashsale.tracing.Tracing;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What one input came to, as a span of the trace that its record belongs to. There is none where traces are off, and it
 * goes nowhere if nothing was decided: each application reads much that is the other one's business.
 *
 * <p>It ends before its transaction does. What an aborted one decided is decided again, and is two spans.
 */
public final class DecisionSpan {

    static final AttributeKey<String> INPUT = AttributeKey.stringKey("flashsale.input");
    static final AttributeKey<String> HOLD_ID = AttributeKey.stringKey("flashsale.hold.id");
    static final AttributeKey<List<String>> EVENTS = AttributeKey.stringArrayKey("flashsale.events");
    static final AttributeKey<String> REFUSAL = AttributeKey.stringKey("flashsale.refusal");
    static final AttributeKey<String> DEAD_LETTER = AttributeKey.stringKey("flashsale.dead_letter");

    private final Span span;
    private final List<String> events = new ArrayList<>();
    private boolean decided;

    private DecisionSpan(Span span) {
        this.span = span;
    }

    /** Null if traces are off: then nothing is looked up or made. */
    static @Nullable DecisionSpan begin(Tracing tracing, Origin origin, Headers headers) {
        return tracing.isOn()
                ? new DecisionSpan(tracing.processing(
                        origin.topic(), origin.partition(), origin.offset(), TraceHeaders.read(headers)))
                : null;
    }

    /** What the record was read as. */
    void input(Object input, String productId) {
        span.setAttribute(INPUT, input.getClass().getSimpleName()).setAttribute(Tracing.PRODUCT_ID, productId);
    }

    /** The hold it is about; null changes nothing. */
    public void hold(@Nullable String holdId) {
        if (holdId != null) {
            span.setAttribute(HOLD_ID, holdId);
        }
    }

    /** The order it is about, by the hold that it was made of. */
    public void order(String orderId) {
        hold(HoldId.ofOrder(orderId));
    }

    void event(Object event) {
        decided = true;
        events.add(event.getClass().getSimpleName());
    }

    void replied() {
        decided = true;
    }

    void refused(String code) {
        decided = true;
        span.setAttribute(REFUSAL, code);
    }

    void deadLetter(String reason) {
        decided = true;
        span.setAttribute(DEAD_LETTER, reason).setStatus(StatusCode.ERROR);
    }

    /** The trace goes on with whoever reads what these headers are of. */
    void writeTo(Headers headers) {
        TraceHeaders.write(span, headers);
    }

    String traceId() {
        return span.getSpanContext().getTraceId();
    }

    void end() {
        if (!decided) {
            // A span that does not end is never exported.
            return;
        }
        if (!events.isEmpty()) {
            span.setAttribute(EVENTS, events);
        }
        span.end();
    }
}
