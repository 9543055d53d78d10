package io.flashsale.ingress.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.ingress.security.RateLimiter.Quota;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimiterTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final FixedTime time = new FixedTime();
    private final RateLimiter limiter = limiter(2, 5, 100);

    @Test
    void grantsABurstAndThenTheRate() {
        assertThat(granted("a", 10)).isEqualTo(5);

        time.advance(Duration.ofSeconds(1));
        assertThat(granted("a", 10)).isEqualTo(2);

        time.advance(Duration.ofHours(1));
        assertThat(granted("a", 10)).isEqualTo(5);
    }

    @Test
    void givesTokensBackOneByOne() {
        granted("a", 5);

        time.advance(Duration.ofMillis(499));
        assertThat(granted("a", 1)).isZero();

        time.advance(Duration.ofMillis(1));
        assertThat(granted("a", 2)).isEqualTo(1);
    }

    @Test
    void whatOneClientTakesIsNotTakenFromAnother() {
        granted("a", 100);

        assertThat(granted("b", 10)).isEqualTo(5);
    }

    @Test
    void tellsWhatIsLeftAndWhenItIsFullAgain() {
        assertThat(limiter.take("a")).isEqualTo(new Quota("test", true, 4, 1));
        granted("a", 3);
        assertThat(limiter.take("a")).isEqualTo(new Quota("test", true, 0, 3));
        assertThat(limiter.take("a")).isEqualTo(new Quota("test", false, 0, 1));
    }

    @Test
    void roundsTheTimeToTheNextTokenUp() {
        RateLimiter slow = limiter(1, 1, 100);
        slow.take("a");

        assertThat(slow.take("a").seconds()).isEqualTo(1);
        time.advance(Duration.ofMillis(999));
        assertThat(slow.take("a").seconds()).isEqualTo(1);
        time.advance(Duration.ofMillis(1));
        assertThat(slow.take("a").granted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"100, 200, 2", "100, 201, 3", "100, 1, 1", "1, 60, 60"})
    void describesItsPolicyAsStructuredField(int perSecond, int burst, int window) {
        assertThat(limiter(perSecond, burst, 1).describe()).isEqualTo("\"test\";q=" + burst + ";w=" + window);
        assertThat(new Quota("test", true, 7, window).describe()).isEqualTo("\"test\";r=7;t=" + window);
    }

    @Test
    void countsWhatIsNotGranted() {
        granted("a", 7);
        granted("b", 6);

        assertThat(meters.get("requests.rate.limited")
                        .tag("policy", "test")
                        .counter()
                        .count())
                .isEqualTo(3);
    }

    @Test
    void remembersNoMoreClientsThanItMay() {
        IntStream.range(0, 10_000).forEach(client -> limiter.take("client " + client));

        assertThat(limiter.clients()).isLessThanOrEqualTo(100);
    }

    @Test
    void forgetsAClientWhenItsBucketIsFullAgain() {
        granted("a", 5);

        time.advance(Duration.ofMillis(2_999));
        limiter.take("b");
        assertThat(limiter.clients()).isEqualTo(2);

        time.advance(Duration.ofMillis(1));
        limiter.take("b");
        assertThat(limiter.clients()).isEqualTo(1);
    }

    private RateLimiter limiter(int perSecond, int burst, int clients) {
        return new RateLimiter("test", perSecond, burst, clients, time, meters);
    }

    private long granted(String client, int requests) {
        return IntStream.range(0, requests)
                .mapToObj(request -> limiter.take(client))
                .filter(Quota::granted)
                .count();
    }
}
