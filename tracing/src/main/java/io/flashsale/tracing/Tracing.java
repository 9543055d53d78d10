package io.flashsale.tracing;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins the spans of one service, and hands them to whoever exports them. Names and attributes follow OpenTelemetry's
 * conventions for HTTP and for messaging.
 *
 * <p>Ask {@link #isOn()} before anything else: off, nothing must be looked up or made for a record or a call.
 */
public final class Tracing implements AutoCloseable {

    /** Records nothing. */
    public static final Tracing OFF = new Tracing(null, TracerProvider.noop());

    /** What a call or a record is about. */
    public static final AttributeKey<String> PRODUCT_ID = AttributeKey.stringKey("flashsale.product.id");

    private static final Logger LOG = LoggerFactory.getLogger(Tracing.class);
    private static final String SCOPE = "io.flashsale";

    private static final AttributeKey<String> SERVICE_NAME = AttributeKey.stringKey("service.name");
    private static final AttributeKey<String> SERVICE_INSTANCE = AttributeKey.stringKey("service.instance.id");
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> OPERATION_NAME = AttributeKey.stringKey("messaging.operation.name");
    private static final AttributeKey<String> OPERATION_TYPE = AttributeKey.stringKey("messaging.operation.type");
    private static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("messaging.destination.name");
    private static final AttributeKey<String> PARTITION = AttributeKey.stringKey("messaging.destination.partition.id");
    private static final AttributeKey<Long> OFFSET = AttributeKey.longKey("messaging.kafka.offset");

    /** At most this many spans in one request to the collector. */
    private static final int BATCH = 512;

    /** How long a span waits for others to go with. */
    private static final Duration BATCH_DELAY = Duration.ofSeconds(1);

    private static final Duration EXPORT_TIMEOUT = Duration.ofSeconds(10);

    /** The last spans of a process are worth this much of its stop; a collector that is away must not hold it up. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final @Nullable SdkTracerProvider provider;
    private final Tracer tracer;

    private Tracing(@Nullable SdkTracerProvider provider, TracerProvider tracers) {
        this.provider = provider;
        this.tracer = tracers.get(SCOPE);
    }

    /**
     * Traces as the settings say, {@link #OFF} without an endpoint. Spans wait for their export in a queue of bounded
     * length, and a thread of their own sends them: whether somebody takes them is no matter of those who make them.
     *
     * @param service as which its spans are shown
     * @param instance which one of the service's
     */
    public static Tracing of(TraceSettings settings, String service, String instance, MeterRegistry meters) {
        URI endpoint = settings.endpoint();
        if (endpoint == null) {
            return OFF;
        }
        LOG.info("Traces go to {}: {} of those that begin here", endpoint, settings.sampleRatio());
        SpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(endpoint.toString())
                .setTimeout(EXPORT_TIMEOUT)
                .build();
        CountedSpans counted = new CountedSpans(meters);
        SpanProcessor batches = BatchSpanProcessor.builder(counted.exported(exporter))
                .setMaxQueueSize(settings.queue())
                .setMaxExportBatchSize(Math.min(settings.queue(), BATCH))
                .setScheduleDelay(BATCH_DELAY)
                .setExporterTimeout(EXPORT_TIMEOUT)
                .build();
        return of(counted.ended(batches), settings.sampleRatio(), service, instance);
    }

    /** Traces whose spans somebody else takes as they end. */
    public static Tracing of(SpanProcessor spans, double sampleRatio, String service, String instance) {
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault()
                        .merge(Resource.create(Attributes.of(SERVICE_NAME, service, SERVICE_INSTANCE, instance))))
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(sampleRatio)))
                .addSpanProcessor(spans)
                .build();
        return new Tracing(provider, provider);
    }

    public boolean isOn() {
        return provider != null;
    }

    /**
     * A call that is answered.
     *
     * @param name its method, until it is known what was called
     * @param caller who called, as its headers say
     */
    public Span answering(String name, Context caller) {
        return tracer.spanBuilder(name)
                .setParent(caller)
                .setSpanKind(SpanKind.SERVER)
                .startSpan();
    }

    /** A record that is sent, for whatever this thread has made current. */
    public Span sending(String topic) {
        return messaging("send", topic, SpanKind.PRODUCER).startSpan();
    }

    /**
     * A record that something is done with.
     *
     * @param sender who sent it, as its headers say
     */
    public Span processing(String topic, int partition, long offset, Context sender) {
        return messaging("process", topic, SpanKind.CONSUMER)
                .setParent(sender)
                .setAttribute(PARTITION, Integer.toString(partition))
                .setAttribute(OFFSET, offset)
                .startSpan();
    }

    private SpanBuilder messaging(String operation, String topic, SpanKind kind) {
        return tracer.spanBuilder(operation + " " + topic)
                .setSpanKind(kind)
                .setAttribute(SYSTEM, "kafka")
                .setAttribute(OPERATION_NAME, operation)
                .setAttribute(OPERATION_TYPE, operation)
                .setAttribute(DESTINATION, topic);
    }

    /** Exports what waits, as far as there is somebody who takes it at once. */
    @Override
    public void close() {
        if (provider != null) {
            provider.shutdown().join(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
