package io.flashsale.ingress.security;

import io.flashsale.ingress.config.IngressSettings.RateLimitSettings;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;

/** Which limit is for which requests: one for everybody, and a bigger one for payment providers. */
public final class RateLimits {

    /** A provider sends all its customers' payments from few addresses, and proves who it is by its signature. */
    private static final String WEBHOOKS = "/api/payments/webhook";

    private final Optional<RateLimiter> requests;
    private final Optional<RateLimiter> webhooks;

    RateLimits(RateLimitSettings limits, TimeMeter time, MeterRegistry meters) {
        this.requests = limiter("default", limits.requests(), limits.burst(), limits.clients(), time, meters);
        int perSecond = limits.webhookRequests();
        this.webhooks = limiter("webhook", perSecond, perSecond, limits.clients(), time, meters);
    }

    /**
     * The limit of a request.
     *
     * @param path decoded and without dots, as the web server maps it
     * @return empty if there is none
     */
    public Optional<RateLimiter> of(String path) {
        return path.startsWith(WEBHOOKS) ? webhooks : requests;
    }

    private static Optional<RateLimiter> limiter(
            String policy, int perSecond, int burst, int clients, TimeMeter time, MeterRegistry meters) {
        RateLimiter.limited(policy, meters);
        return perSecond == 0
                ? Optional.empty()
                : Optional.of(new RateLimiter(policy, perSecond, burst, clients, time, meters));
    }
}
