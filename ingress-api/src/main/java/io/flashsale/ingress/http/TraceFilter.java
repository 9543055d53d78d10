package io.flashsale.ingress.http;

import io.flashsale.tracing.TraceHeaders;
import io.flashsale.tracing.Tracing;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Makes each call that asks for a decision a span, of its caller's trace if the caller has one. Reads are none: they meet
 * no topic.
 */
final class TraceFilter extends OncePerRequestFilter {

    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");

    private static final Set<String> ASKING = Set.of("POST", "PUT", "DELETE");

    private final Tracing tracing;

    TraceFilter(Tracing tracing) {
        this.tracing = tracing;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !ASKING.contains(request.getMethod());
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Span span = tracing.answering(request.getMethod(), TraceHeaders.read(request::getHeader));
        int status = HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
        try (Scope current = span.makeCurrent()) {
            chain.doFilter(request, response);
            status = response.getStatus();
        } finally {
            end(span, request, status);
        }
    }

    private static void end(Span span, HttpServletRequest request, int status) {
        span.setAttribute(METHOD, request.getMethod()).setAttribute(STATUS, status);
        // The pattern and not the path: an id in a name would make each call one of a kind.
        if (request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE) instanceof String route) {
            span.updateName(request.getMethod() + " " + route).setAttribute(ROUTE, route);
        }
        if (status >= HttpServletResponse.SC_INTERNAL_SERVER_ERROR) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }
}
