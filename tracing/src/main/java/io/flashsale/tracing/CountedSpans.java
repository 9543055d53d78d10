package io.flashsale.tracing;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;

/**
 * Counts spans where they go into the queue and where they have left it: {@code traces.spans.ended} and
 * {@code traces.spans.exported}. What the second lacks found the queue full, or nobody who took it.
 */
final class CountedSpans {

    private final Counter ended;
    private final Counter exported;

    CountedSpans(MeterRegistry meters) {
        this.ended = Counter.builder("traces.spans.ended")
                .description("Spans to export")
                .register(meters);
        this.exported = Counter.builder("traces.spans.exported")
                .description("Spans that the collector has taken")
                .register(meters);
    }

    SpanProcessor ended(SpanProcessor next) {
        return new SpanProcessor() {

            @Override
            public void onStart(Context parent, ReadWriteSpan span) {
                next.onStart(parent, span);
            }

            @Override
            public boolean isStartRequired() {
                return next.isStartRequired();
            }

            @Override
            public void onEnd(ReadableSpan span) {
                ended.increment();
                next.onEnd(span);
            }

            @Override
            public boolean isEndRequired() {
                return true;
            }

            @Override
            public CompletableResultCode shutdown() {
                return next.shutdown();
            }

            @Override
            public CompletableResultCode forceFlush() {
                return next.forceFlush();
            }
        };
    }

    SpanExporter exported(SpanExporter next) {
        return new SpanExporter() {

            @Override
            public CompletableResultCode export(Collection<SpanData> spans) {
                CompletableResultCode result = next.export(spans);
                return result.whenComplete(() -> {
                    if (result.isSuccess()) {
                        exported.increment(spans.size());
                    }
                });
            }

            @Override
            public CompletableResultCode flush() {
                return next.flush();
            }

            @Override
            public CompletableResultCode shutdown() {
                return next.shutdown();
            }
        };
    }
}
