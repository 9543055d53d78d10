package io.flashsale.endtoend;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** Takes spans by OTLP over HTTP, as the collector of those who have one does, and shows traces as trees. */
final class SpanCollector implements AutoCloseable {

    private static final HexFormat HEX = HexFormat.of();

    private final Queue<Received> spans = new ConcurrentLinkedQueue<>();
    private final HttpServer server;

    private record Received(String service, Span span) {}

    private SpanCollector(HttpServer server) {
        this.server = server;
    }

    static SpanCollector start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            SpanCollector collector = new SpanCollector(server);
            server.createContext("/v1/traces", collector::take);
            server.start();
            return collector;
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    /**
     * One line a span, below the one it follows from: its service, its name and the events that were decided. Those of the
     * same parent and text are one, because a decision whose transaction was aborted is there twice.
     *
     * @param parent the id of the span that all of it follows from
     */
    String tree(String traceId, String parent) {
        List<Received> ofTrace = spans.stream()
                .filter(received -> hex(received.span().getTraceId()).equals(traceId))
                .toList();
        return tree(ofTrace, List.of(parent), "");
    }

    /** All that was said of a trace. */
    String details(String traceId) {
        return spans.stream()
                .filter(received -> hex(received.span().getTraceId()).equals(traceId))
                .map(received -> received.service() + " " + received.span())
                .collect(Collectors.joining("\n"));
    }

    private static String tree(List<Received> ofTrace, List<String> parents, String indent) {
        Map<String, List<String>> children = ofTrace.stream()
                .filter(received -> parents.contains(hex(received.span().getParentSpanId())))
                .collect(Collectors.groupingBy(
                        SpanCollector::text,
                        TreeMap::new,
                        Collectors.mapping(received -> hex(received.span().getSpanId()), Collectors.toList())));
        return children.entrySet().stream()
                .map(child -> indent + child.getKey() + "\n" + tree(ofTrace, child.getValue(), indent + "  "))
                .collect(Collectors.joining());
    }

    private static String text(Received received) {
        String events = received.span().getAttributesList().stream()
                .filter(attribute -> attribute.getKey().equals("flashsale.events"))
                .flatMap(attribute -> attribute.getValue().getArrayValue().getValuesList().stream())
                .map(AnyValue::getStringValue)
                .collect(Collectors.joining(", "));
        return received.service() + ": " + received.span().getName() + (events.isEmpty() ? "" : " → " + events);
    }

    private void take(HttpExchange exchange) throws IOException {
        ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
        request.getResourceSpansList().forEach(resource -> {
            String service = resource.getResource().getAttributesList().stream()
                    .filter(attribute -> attribute.getKey().equals("service.name"))
                    .map(KeyValue::getValue)
                    .map(AnyValue::getStringValue)
                    .collect(Collectors.joining());
            resource.getScopeSpansList()
                    .forEach(scope -> scope.getSpansList().forEach(span -> spans.add(new Received(service, span))));
        });
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private static String hex(ByteString bytes) {
        return HEX.formatHex(bytes.toByteArray());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
