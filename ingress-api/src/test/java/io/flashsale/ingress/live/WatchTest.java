package io.flashsale.ingress.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WatchTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration NOW = Duration.ZERO;

    private final AtomicInteger left = new AtomicInteger();
    private final Watch watch = new Watch(closed -> left.incrementAndGet());

    @Test
    void whoReadsSlowlyGetsTheNewestOfEachThing() throws InterruptedException {
        for (int number = 1; number <= 1000; number++) {
            watch.put("lamp", event("lamp " + number));
            watch.put("shoe", event("shoe " + number));
        }

        assertThat(watch.next(NOW)).containsExactly(event("lamp 1000"), event("shoe 1000"));
        assertThat(watch.next(NOW)).isEmpty();
    }

    @Test
    void waitsForTheNextThing() {
        CompletableFuture<List<Event>> taken = CompletableFuture.supplyAsync(() -> take(LONG));

        watch.put("lamp", event("lamp"));

        assertThat(taken.join()).containsExactly(event("lamp"));
    }

    @Test
    void endsWithWhatWaitsAndTakesNothingMore() throws InterruptedException {
        watch.put("lamp", event("last"));

        watch.end();
        watch.put("lamp", event("too late"));

        assertThat(watch.hasEnded()).isFalse();
        assertThat(watch.next(LONG)).containsExactly(event("last"));
        assertThat(watch.hasEnded()).isTrue();
        assertThat(watch.next(LONG)).isEmpty();
    }

    @Test
    void whoWaitsHearsOfTheEnd() {
        CompletableFuture<List<Event>> taken = CompletableFuture.supplyAsync(() -> take(LONG));

        watch.end();

        assertThat(taken.join()).isEmpty();
        assertThat(watch.hasEnded()).isTrue();
    }

    @Test
    void givesItsPlaceBackOnce() {
        watch.close();
        watch.close();

        assertThat(left).hasValue(1);
    }

    private List<Event> take(Duration atMost) {
        try {
            return watch.next(atMost);
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Event event(String data) {
        return new Event("stock", data);
    }
}
