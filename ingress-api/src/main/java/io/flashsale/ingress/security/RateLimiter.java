package io.flashsale.ingress.security;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/**
 * A bucket of tokens for each client; a request takes one. Bounded: when more clients are remembered than may be, one
 * that is seldom seen is forgotten and begins anew with a full bucket.
 */
public final class RateLimiter {

    private final String policy;
    private final int burst;
    private final long windowSeconds;
    private final LoadingCache<String, Bucket> buckets;
    private final Counter limited;

    /**
     * @param policy its name, for callers and metrics
     * @param perSecond tokens that a bucket gets back
     * @param burst tokens that a bucket holds
     * @param clients that are remembered
     * @param time that refills the buckets
     */
    RateLimiter(String policy, int perSecond, int burst, int clients, TimeMeter time, MeterRegistry meters) {
        this.policy = policy;
        this.burst = burst;
        this.windowSeconds = Math.ceilDiv(burst, perSecond);
        this.buckets = Caffeine.newBuilder()
                .maximumSize(clients)
                // By then the bucket is full again, so nothing is lost with it.
                .expireAfterAccess(Duration.ofSeconds(windowSeconds))
                .ticker(time::currentTimeNanos)
                // What there is to tidy up is little, and needs no other thread.
                .executor(Runnable::run)
                .build(client -> newBucket(perSecond, burst, time));
        this.limited = limited(policy, meters);
        Gauge.builder("ratelimit.clients", this, RateLimiter::clients)
                .description("Clients whose requests are remembered")
                .tag("policy", policy)
                .register(meters);
    }

    /** There without a limit too: who looks at it sees 0 and not nothing. */
    static Counter limited(String policy, MeterRegistry meters) {
        return Counter.builder("requests.rate.limited")
                .description("Requests that were answered 429")
                .tag("policy", policy)
                .register(meters);
    }

    /** Takes a token of the client's, if there is one, and counts if there is none. */
    public Quota take(String client) {
        ConsumptionProbe probe = buckets.get(client).tryConsumeAndReturnRemaining(1);
        if (probe.isConsumed()) {
            return new Quota(policy, true, probe.getRemainingTokens(), seconds(probe.getNanosToWaitForReset()));
        }
        limited.increment();
        return new Quota(policy, false, 0, seconds(probe.getNanosToWaitForRefill()));
    }

    /** The value of the header {@code RateLimit-Policy} (draft-ietf-httpapi-ratelimit-headers-11). */
    public String describe() {
        return "\"" + policy + "\";q=" + burst + ";w=" + windowSeconds;
    }

    long clients() {
        // Else those whose time is over are still counted until somebody asks for something.
        buckets.cleanUp();
        return buckets.estimatedSize();
    }

    private static Bucket newBucket(int perSecond, int burst, TimeMeter time) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(burst).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .withCustomTimePrecision(time)
                .build();
    }

    private static long seconds(long nanos) {
        return Math.ceilDiv(nanos, 1_000_000_000L);
    }

    /**
     * What a client may still do.
     *
     * @param granted whether this request may pass
     * @param remaining tokens that are left
     * @param seconds until as many as can be are there again; until there is one, if the request was not granted
     */
    public record Quota(String policy, boolean granted, long remaining, long seconds) {

        /** The value of the header {@code RateLimit} (draft-ietf-httpapi-ratelimit-headers-11). */
        public String describe() {
            return "\"" + policy + "\";r=" + remaining + ";t=" + seconds;
        }
    }
}
