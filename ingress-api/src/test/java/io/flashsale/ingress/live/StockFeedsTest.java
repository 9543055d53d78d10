package io.flashsale.ingress.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flashsale.ingress.config.IngressSettings.LiveSettings;
import io.flashsale.ingress.gateway.ProductReads;
import io.flashsale.ingress.gateway.QueryAnswer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What needs no wire; the rest is in the test over HTTP. */
class StockFeedsTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicInteger queries = new AtomicInteger();
    private final CountDownLatch answer = new CountDownLatch(1);
    private final ProductReads reads = new ProductReads(this::query, LONG, 10, System::nanoTime, meters);
    private final StockFeeds feeds = new StockFeeds(reads, reads, new LiveSettings(10, 10, 10, 10), meters);

    @Test
    void aCrowdThatComesAtOnceSharesOneRead() throws InterruptedException {
        List<CompletableFuture<Optional<Watch>>> crowd = List.of(come("1"), come("2"), come("3"));
        await().atMost(LONG).until(() -> meters.get("reads.collapsed").counter().count() == 2);

        answer.countDown();

        for (CompletableFuture<Optional<Watch>> one : crowd) {
            assertThat(one.join().orElseThrow().next(LONG))
                    .extracting(Event::data)
                    .containsExactly("{\"id\":\"lamp\",\"revision\":7}");
        }
        assertThat(queries).hasValue(1);
    }

    @Test
    void keepsNothingOfWhatNobodyWatches() {
        answer.countDown();
        Watch one = feeds.watch("lamp", "one").orElseThrow();
        Watch other = feeds.watch("lamp", "other").orElseThrow();
        assertThat(feeds.size()).isEqualTo(1);

        one.close();
        other.close();

        assertThat(feeds.size()).isZero();
        assertThat(feeds.watchers()).isZero();
    }

    private CompletableFuture<Optional<Watch>> come(String client) {
        CompletableFuture<Optional<Watch>> watch = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> watch.complete(feeds.watch("lamp", client)));
        return watch;
    }

    private QueryAnswer query(String productId) {
        queries.incrementAndGet();
        try {
            answer.await();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
        String product = "{\"id\":\"" + productId + "\",\"revision\":7}";
        return new QueryAnswer(200, product.getBytes(StandardCharsets.UTF_8), false);
    }
}
