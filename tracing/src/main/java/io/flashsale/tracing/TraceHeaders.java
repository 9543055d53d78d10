package io.flashsale.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a call or a record belongs to, in its headers as W3C Trace Context says: {@value #TRACEPARENT} and
 * {@value #TRACESTATE}. Whatever else stands there is as if nothing did.
 */
public final class TraceHeaders {

    public static final String TRACEPARENT = "traceparent";
    public static final String TRACESTATE = "tracestate";

    /** What the standard asks everybody to pass on. Longer ones would travel with every event that follows. */
    private static final int MAX_LENGTH = 512;

    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();
    private static final TextMapGetter<Function<String, @Nullable String>> GETTER = new Getter();

    private TraceHeaders() {}

    /** Reads a record's trace; the root context if there is none. */
    public static Context read(Headers headers) {
        return read(name -> valueOf(headers.lastHeader(name)));
    }

    /**
     * Reads the trace of whatever has headers; the root context if there is none.
     *
     * @param headers the value of a header, or null
     */
    public static Context read(Function<String, @Nullable String> headers) {
        return W3C.extract(Context.root(), headers, GETTER);
    }

    /** Writes a span into the headers of what follows from it. */
    public static void write(Span span, Headers headers) {
        W3C.inject(
                Context.root().with(span),
                headers,
                (written, name, value) -> written.add(name, value.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static @Nullable String valueOf(@Nullable Header header) {
        return header == null || header.value() == null
                ? null
                : new String(header.value(), StandardCharsets.ISO_8859_1);
    }

    private static final class Getter implements TextMapGetter<Function<String, @Nullable String>> {

        @Override
        public Iterable<String> keys(Function<String, @Nullable String> headers) {
            return List.of(TRACEPARENT, TRACESTATE);
        }

        @Override
        public @Nullable String get(@Nullable Function<String, @Nullable String> headers, String name) {
            String value = headers == null ? null : headers.apply(name);
            return value == null || value.length() > MAX_LENGTH ? null : value;
        }
    }
}
