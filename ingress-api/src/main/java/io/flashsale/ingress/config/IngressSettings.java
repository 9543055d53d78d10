package io.flashsale.ingress.config;

import io.flashsale.contracts.Topics;
import io.flashsale.tracing.TraceSettings;
import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.validation.annotation.Validated;

/**
 * Every setting of the ingress beside Spring's own.
 *
 * @param kafka bootstrap servers, a host:port list
 * @param instance the partition of {@code replies} that this instance reads; two instances must not share one
 * @param inventory where inventory-streams answers reads
 * @param orders where order-streams answers reads
 * @param drainTime how long a stop goes on serving, so that a balancer hears of it before the port is closed
 */
@Validated
@ConfigurationProperties("flashsale")
public record IngressSettings(
        @DefaultValue("localhost:9092") @NotBlank String kafka,
        @DefaultValue @Valid TopicSettings topics,
        @DefaultValue AdminSettings admin,
        @DefaultValue @Valid WebhookSettings webhook,
        @DefaultValue StripeSettings stripe,
        @DefaultValue IdSettings id,
        @DefaultValue("0") @Min(0) int instance,
        @DefaultValue("http://localhost:8082") @Valid Urls inventory,
        @DefaultValue("http://localhost:8083") @Valid Urls orders,
        @DefaultValue @Valid RequestSettings request,
        @DefaultValue @Valid ReplySettings reply,
        @DefaultValue @Valid QuerySettings query,
        @DefaultValue @Valid LiveSettings live,
        @DefaultValue @Valid RateLimitSettings ratelimit,
        @DefaultValue @Valid TraceSettings traces,
        @DefaultValue("5s") Duration drainTime) {

    @AssertTrue(message = "flashsale.instance must be lower than flashsale.topics.partitions")
    boolean isInstanceAPartition() {
        return instance < topics.partitions();
    }

    @AssertTrue(message = "flashsale.drain-time must be 0 to 60s")
    boolean isDrainTimeInRange() {
        return drainTime.isZero() || isPositiveUpToAMinute(drainTime);
    }

    /**
     * @param prefix of every topic's name
     * @param partitions of every topic; the same in all services
     */
    public record TopicSettings(
            @DefaultValue(Topics.DEFAULT_PREFIX) @Pattern(regexp = "[A-Za-z0-9._-]{0,100}")
            String prefix,

            @DefaultValue("" + Topics.DEFAULT_PARTITIONS) @Min(1) @Max(1000)
            int partitions) {

        public Topics toTopics() {
            return new Topics(prefix, partitions);
        }
    }

    /** @param key of the calls that define products: plain keys or their digests, comma separated */
    public record AdminSettings(@Nullable Secret key) {}

    /**
     * @param secrets a payment provider signs with, several while they are changed; none takes unsigned webhooks, in the
     *     local profile only
     */
    public record WebhookSettings(
            @DefaultValue @Name("secret") List<Secret> secrets) {

        @AssertTrue(message = "flashsale.webhook.secret must have the key in base64 behind whsec_")
        boolean isEachAKey() {
            return secrets.stream().allMatch(WebhookSettings::isKey);
        }

        private static boolean isKey(Secret secret) {
            try {
                secret.webhookKey();
                return true;
            } catch (IllegalArgumentException notBase64) {
                return false;
            }
        }
    }

    /** @param secrets Stripe signs with, several while they are changed; none switches Stripe's endpoint off */
    public record StripeSettings(
            @DefaultValue @Name("secret") List<Secret> secrets) {}

    /** @param secret ids are derived with from an idempotency key; the same in all ingress instances */
    public record IdSettings(@Nullable Secret secret) {}

    /** @param urls base URLs of the query ports of one service */
    public record Urls(@NotEmpty List<URI> urls) {

        /** The form of a default value. */
        public static Urls of(String url) {
            return new Urls(List.of(URI.create(url)));
        }

        @AssertTrue(message = "flashsale.inventory.urls and flashsale.orders.urls must be http or https URLs")
        boolean isHttp() {
            return urls.stream().allMatch(IngressSettings::isHttp);
        }
    }

    /** @param timeout from the first byte of a request to the last one of its body; then it is not waited for */
    public record RequestSettings(@DefaultValue("15s") Duration timeout) {

        @AssertTrue(message = "flashsale.request.timeout must be more than 0 and at most 60s")
        boolean isTimeoutInRange() {
            return isPositiveUpToAMinute(timeout);
        }
    }

    /**
     * @param timeout how long a caller waits for a decision before it is told "pending"
     * @param inflight calls that may wait at the same time; a further one is answered 503
     * @param inflightPerProduct those among them that may be about the same product; half of them if it is not set
     */
    public record ReplySettings(
            @DefaultValue("5s") Duration timeout,
            @DefaultValue("4096") @Min(1) @Max(1_000_000) int inflight,
            @Nullable Integer inflightPerProduct) {

        /** Half by default: the hot product of a sale has room, and so has everything else. */
        public int limitPerProduct() {
            // Rounded up, or half of 1 would be none.
            return inflightPerProduct == null ? (inflight + 1) / 2 : inflightPerProduct;
        }

        @AssertTrue(message = "flashsale.reply.inflight-per-product must be from 1 to flashsale.reply.inflight")
        boolean isInflightPerProductInRange() {
            return limitPerProduct() >= 1 && limitPerProduct() <= inflight;
        }

        @AssertTrue(message = "flashsale.reply.timeout must be more than 0 and at most 60s")
        boolean isTimeoutInRange() {
            return isPositiveUpToAMinute(timeout);
        }
    }

    /**
     * @param timeout of one read, all attempts at other instances together
     * @param freshFor how long the answer to a read of a product is given again; zero shares nothing
     * @param sharedProducts products whose reads are shared at the same time
     */
    public record QuerySettings(
            @DefaultValue("2s") Duration timeout,
            @DefaultValue("10ms") Duration freshFor,
            @DefaultValue("10000") @Min(1) @Max(1_000_000) int sharedProducts) {

        @AssertTrue(message = "flashsale.query.timeout must be more than 0 and at most 60s")
        boolean isTimeoutInRange() {
            return isPositiveUpToAMinute(timeout);
        }

        @AssertTrue(message = "flashsale.query.fresh-for must be 0 to 60s")
        boolean isFreshForInRange() {
            return freshFor.isZero() || isPositiveUpToAMinute(freshFor);
        }
    }

    /**
     * @param watchers streams that may be open at the same time; a further one is answered 503
     * @param watchersPerProduct those among them that may show the same product, or all products; half of them if it is
     *     not set
     * @param watchersPerClient those among them of the same client; a tenth of them if it is not set
     * @param products that a stream of all products shows
     */
    public record LiveSettings(
            @DefaultValue("1000") @Min(1) @Max(100_000) int watchers,
            @Nullable Integer watchersPerProduct,
            @Nullable Integer watchersPerClient,
            @DefaultValue("100") @Min(1) @Max(100) int products) {

        /** Half by default: the hot product of a sale has room, and so has everything else. */
        public int limitPerProduct() {
            return watchersPerProduct == null ? (watchers + 1) / 2 : watchersPerProduct;
        }

        /** A tenth by default: behind one address there may be a whole office, but not everybody. */
        public int limitPerClient() {
            return watchersPerClient == null ? Math.ceilDiv(watchers, 10) : watchersPerClient;
        }

        @AssertTrue(message = "flashsale.live.watchers-per-client must be from 1 to flashsale.live.watchers")
        boolean isWatchersPerClientInRange() {
            return limitPerClient() >= 1 && limitPerClient() <= watchers;
        }

        @AssertTrue(message = "flashsale.live.watchers-per-product must be from 1 to flashsale.live.watchers")
        boolean isWatchersPerProductInRange() {
            return limitPerProduct() >= 1 && limitPerProduct() <= watchers;
        }
    }

    /**
     * How many requests a client may send; each instance counts for itself.
     *
     * @param requests of one client in a second; 0 takes any number
     * @param burst that a client may send at once after a pause
     * @param webhookRequests of one client in a second to the payment webhooks, also at once; 0 takes any number
     * @param clients that are remembered at the same time
     * @param trustedProxies whose X-Forwarded-For is believed
     */
    public record RateLimitSettings(
            @DefaultValue("100") @Min(0) @Max(1_000_000) int requests,
            @DefaultValue("200") @Min(1) @Max(1_000_000) int burst,
            @DefaultValue("1000") @Min(0) @Max(1_000_000) int webhookRequests,
            @DefaultValue("50000") @Min(1) @Max(10_000_000) int clients,
            @DefaultValue List<IpRange> trustedProxies) {}

    private static boolean isHttp(URI url) {
        return ("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null;
    }

    private static boolean isPositiveUpToAMinute(Duration duration) {
        return duration.isPositive() && duration.compareTo(Duration.ofMinutes(1)) <= 0;
    }
}
