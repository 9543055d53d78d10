package io.flashsale.ingress.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Tells browsers and caches to do nothing with a response but hand it over. A handler that sets one of these headers
 * itself has its way. What never reaches a filter gets them from {@link ProblemReportValve}.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
final class SecurityHeadersFilter extends OncePerRequestFilter {

    private static final Map<String, String> HEADERS = Map.of(
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer",
            "Content-Security-Policy",
            "default-src 'none'; frame-ancestors 'none'",
            // Holds and orders are for who asked; a stale decision is worse than another request.
            HttpHeaders.CACHE_CONTROL,
            "no-store");

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        setOn(response);
        chain.doFilter(request, response);
    }

    static void setOn(HttpServletResponse response) {
        HEADERS.forEach(response::setHeader);
    }
}
