package io.flashsale.ingress.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.tracing.Tracing;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.servlet.HandlerMapping;

class TraceFilterTest {

    private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final TraceFilter filter =
            new TraceFilter(Tracing.of(SimpleSpanProcessor.create(spans), 1, "ingress-api", "0"));
    private final MockHttpServletResponse response = new MockHttpServletResponse();

    @Test
    void aCallIsASpanOfItsCallersTraceNamedAfterItsRoute() throws Exception {
        MockHttpServletRequest request = request("DELETE", "/api/holds/h_1");
        request.addHeader("traceparent", "00-" + TRACE_ID + "-" + CALLER + "-01");

        filter.doFilter(request, response, answer("/api/holds/{hold_id}", 404));

        SpanData span = onlySpan();
        assertThat(span.getName()).isEqualTo("DELETE /api/holds/{hold_id}");
        assertThat(span.getKind()).isEqualTo(SpanKind.SERVER);
        assertThat(span.getTraceId()).isEqualTo(TRACE_ID);
        assertThat(span.getParentSpanId()).isEqualTo(CALLER);
        assertThat(span.getAttributes().asMap())
                .isEqualTo(Attributes.builder()
                        .put("http.request.method", "DELETE")
                        .put("http.route", "/api/holds/{hold_id}")
                        .put("http.response.status_code", 404)
                        .build()
                        .asMap());
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "00-" + TRACE_ID + "-" + CALLER + "-0"})
    void aBadTraceparentIsNone(String bad) throws Exception {
        MockHttpServletRequest request = request("POST", "/api/holds");
        request.addHeader("traceparent", bad);

        filter.doFilter(request, response, answer("/api/holds", 201));

        assertThat(onlySpan().getTraceId()).isNotEqualTo(TRACE_ID);
        assertThat(onlySpan().getParentSpanContext().isValid()).isFalse();
        assertThat(response.getStatus()).isEqualTo(201);
    }

    @Test
    void whatIsDoneForTheCallIsDoneInItsTrace() throws Exception {
        filter.doFilter(
                request("POST", "/api/holds"),
                response,
                (request, answered) ->
                        assertThat(Span.current().getSpanContext().isValid()).isTrue());

        assertThat(Span.current().getSpanContext().isValid()).isFalse();
    }

    @Test
    void anErrorOfOursIsOneInTheTraceToo() throws Exception {
        filter.doFilter(request("POST", "/api/holds"), response, answer("/api/holds", 503));
        assertThat(onlySpan().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);

        spans.reset();
        assertThatThrownBy(() -> filter.doFilter(request("POST", "/api/holds"), response, (request, answered) -> {
                    throw new ServletException("broken");
                }))
                .isInstanceOf(ServletException.class);
        assertThat(onlySpan().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    }

    @Test
    void aReadIsNoSpan() throws Exception {
        filter.doFilter(request("GET", "/api/products/1"), response, answer("/api/products/{product_id}", 200));

        assertThat(spans.getFinishedSpanItems()).isEmpty();
    }

    private static FilterChain answer(String route, int status) {
        return (request, response) -> {
            request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, route);
            ((MockHttpServletResponse) response).setStatus(status);
        };
    }

    private static MockHttpServletRequest request(String method, String path) {
        return new MockHttpServletRequest(method, path);
    }

    private SpanData onlySpan() {
        assertThat(spans.getFinishedSpanItems()).hasSize(1);
        return spans.getFinishedSpanItems().getFirst();
    }
}
