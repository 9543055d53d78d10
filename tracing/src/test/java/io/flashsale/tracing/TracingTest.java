package io.flashsale.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class TracingTest {

    /** What no stop and no call may take, however busy the machine is: a hundred times what they need. */
    private static final Duration LONG = Duration.ofSeconds(8);

    private static final Context SAMPLED = TraceHeaders.read(name ->
            name.equals(TraceHeaders.TRACEPARENT) ? "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" : null);
    private static final Context NOT_SAMPLED = TraceHeaders.read(name ->
            name.equals(TraceHeaders.TRACEPARENT) ? "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00" : null);

    private final MeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void withoutAnEndpointThereIsNothing() {
        Tracing tracing = Tracing.of(new TraceSettings(null, 1, 2048), "service", "1", meters);

        assertThat(tracing).isSameAs(Tracing.OFF);
        assertThat(tracing.isOn()).isFalse();
        assertThat(meters.getMeters()).isEmpty();
        tracing.close();
    }

    @Test
    void whatIsSentFollowsFromTheCallAndWhatIsDoneWithItFromThat() {
        InMemorySpanExporter spans = InMemorySpanExporter.create();
        Tracing tracing = Tracing.of(SimpleSpanProcessor.create(spans), 1, "service", "7");
        Headers headers = new RecordHeaders();

        Span call = tracing.answering("POST", SAMPLED);
        try (Scope current = call.makeCurrent()) {
            Span sent = tracing.sending("commands");
            TraceHeaders.write(sent, headers);
            sent.end();
        }
        tracing.processing("commands", 3, 41, TraceHeaders.read(headers)).end();
        call.end();

        List<SpanData> ended = spans.getFinishedSpanItems();
        assertThat(ended).extracting(SpanData::getName).containsExactly("send commands", "process commands", "POST");
        assertThat(ended)
                .extracting(SpanData::getKind)
                .containsExactly(SpanKind.PRODUCER, SpanKind.CONSUMER, SpanKind.SERVER);
        assertThat(ended).extracting(SpanData::getTraceId).containsOnly("0af7651916cd43dd8448eb211c80319c");
        assertThat(ended.get(2).getParentSpanId()).isEqualTo("b7ad6b7169203331");
        assertThat(ended.get(0).getParentSpanId()).isEqualTo(ended.get(2).getSpanId());
        assertThat(ended.get(1).getParentSpanId()).isEqualTo(ended.get(0).getSpanId());
        assertThat(ended.getFirst().getResource().getAttributes().asMap().toString())
                .contains("service.name=service", "service.instance.id=7");
    }

    @Test
    void theCallerSaysWhetherItsTraceIsRecordedAndTheRatioWhichOthersAre() {
        InMemorySpanExporter spans = InMemorySpanExporter.create();
        Tracing none = Tracing.of(SimpleSpanProcessor.create(spans), 0, "service", "1");
        none.answering("POST", NOT_SAMPLED).end();
        none.answering("POST", Context.root()).end();
        assertThat(spans.getFinishedSpanItems()).isEmpty();
        none.answering("POST", SAMPLED).end();
        assertThat(spans.getFinishedSpanItems()).hasSize(1);

        spans.reset();
        Tracing half = Tracing.of(SimpleSpanProcessor.create(spans), 0.5, "service", "1");
        half.answering("POST", NOT_SAMPLED).end();
        assertThat(spans.getFinishedSpanItems()).isEmpty();
        for (int i = 0; i < 10_000; i++) {
            half.answering("POST", Context.root()).end();
        }
        assertThat(spans.getFinishedSpanItems().size()).isBetween(4_000, 6_000);
    }

    /** The trace goes on, so that nobody behind begins another one with half of it. */
    @Test
    void whatIsNotRecordedIsPassedOnAsNotRecorded() {
        Tracing none = Tracing.of(SimpleSpanProcessor.create(InMemorySpanExporter.create()), 0, "service", "1");
        Headers headers = new RecordHeaders();

        TraceHeaders.write(none.answering("POST", Context.root()), headers);

        Span read = Span.fromContext(TraceHeaders.read(headers));
        assertThat(read.getSpanContext().isValid()).isTrue();
        assertThat(read.getSpanContext().isSampled()).isFalse();
    }

    @Test
    void theCollectorGetsSpansByOtlpOverHttpAtTheLatestAtTheEnd() throws IOException {
        assertThat(oneSpanTo(200)).containsExactly("/v1/traces application/x-protobuf");
        assertThat(count("ended")).isEqualTo(1);
        assertThat(count("exported")).isEqualTo(1);
    }

    @Test
    void whatTheCollectorRefusesIsNotExported() throws IOException {
        assertThat(oneSpanTo(400)).hasSize(1);
        assertThat(count("ended")).isEqualTo(1);
        assertThat(count("exported")).isZero();
    }

    /** Returns what a collector that always answers the same was asked. */
    private List<String> oneSpanTo(int status) throws IOException {
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        List<String> requests = new CopyOnWriteArrayList<>();
        collector.createContext("/", exchange -> {
            requests.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type"));
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        collector.start();
        try {
            Tracing tracing = to("http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces", 100);
            tracing.answering("POST", SAMPLED).end();
            tracing.close();
        } finally {
            collector.stop(0);
        }
        return requests;
    }

    @Test
    void whatTheQueueHasNoRoomForIsDropped() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/", exchange -> {
            try {
                slow.await();
            } catch (InterruptedException stopped) {
                throw new IOException(stopped);
            }
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        try {
            Tracing tracing = to("http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces", 100);
            for (int i = 0; i < 10_000; i++) {
                tracing.answering("POST", SAMPLED).end();
            }
            slow.countDown();
            tracing.close();
        } finally {
            collector.stop(0);
        }

        // What was on its way, and what waited behind it.
        assertThat(count("exported")).isBetween(1.0, 300.0);
        assertThat(count("ended")).isEqualTo(10_000);
    }

    @Test
    void aCollectorThatIsNotThereCostsNobodyAnything() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        requireNobodyWaitsFor("http://127.0.0.1:" + free + "/v1/traces");
    }

    @Test
    void aCollectorThatNeverAnswersCostsNobodyAnything() throws IOException {
        // Its connections are made by the operating system; nobody accepts, reads or answers.
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            requireNobodyWaitsFor("http://127.0.0.1:" + silent.getLocalPort() + "/v1/traces");
        }
    }

    private void requireNobodyWaitsFor(String endpoint) {
        Tracing tracing = to(endpoint, 100);
        long start = System.nanoTime();

        List<Span> made = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            Span span = tracing.answering("POST", SAMPLED);
            span.end();
            made.add(span);
        }
        tracing.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG);
        assertThat(made).allMatch(span -> span.getSpanContext().isValid());
        assertThat(count("ended")).isEqualTo(20_000);
        assertThat(count("exported")).isZero();
    }

    private Tracing to(String endpoint, int queue) {
        return Tracing.of(new TraceSettings(URI.create(endpoint), 0, queue), "service", "1", meters);
    }

    private double count(String what) {
        return meters.get("traces.spans." + what).counter().count();
    }
}
