package io.flashsale.ingress.http;

import io.flashsale.contracts.Json;
import io.flashsale.ingress.security.Clients;
import io.flashsale.ingress.security.RateLimiter;
import io.flashsale.ingress.security.RateLimiter.Quota;
import io.flashsale.ingress.security.RateLimits;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Answers 429 to a client that asks too often, before anything of its body is read. */
@Component
// Behind the filter that measures requests, so that these are in http_server_requests too.
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
final class RateLimitFilter extends OncePerRequestFilter {

    private final RateLimits limits;
    private final Clients clients;

    RateLimitFilter(RateLimits limits, Clients clients) {
        this.limits = limits;
        this.clients = clients;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<RateLimiter> limit = limits.of(request.getServletPath());
        if (limit.isPresent()) {
            Quota quota = limit.get().take(clients.of(request));
            response.setHeader("RateLimit-Policy", limit.get().describe());
            response.setHeader("RateLimit", quota.describe());
            if (!quota.granted()) {
                refuse(quota, request, response);
                return;
            }
        }
        chain.doFilter(request, response);
    }

    private static void refuse(Quota quota, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        ProblemException problem = ProblemException.of(
                ProblemType.RATE_LIMITED, "Too many requests of one client: try again in " + quota.seconds() + " s.");
        response.setStatus(problem.type().status());
        response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(quota.seconds()));
        response.setContentType(Problem.MEDIA_TYPE.toString());
        response.getOutputStream().write(Json.MAPPER.writeValueAsBytes(Problem.of(problem, request.getRequestURI())));
    }
}
