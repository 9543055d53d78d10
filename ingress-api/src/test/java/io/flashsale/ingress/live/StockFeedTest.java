package io.flashsale.ingress.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StockFeedTest {

    private final StockFeed feed = new StockFeed(2);
    private final Watch watch = new Watch(closed -> {});

    @Test
    void nobodyIsShownWhatWasBeforeWhatHeWasShown() {
        feed.join(watch, 10);
        feed.load(List.of(stock("lamp", 5, "read")));
        assertThat(taken()).containsExactly("read");

        feed.change(stock("lamp", 4, "published late"));
        feed.load(List.of(stock("lamp", 5, "read again"), stock("lamp", 3, "a standby's")));
        assertThat(taken()).isEmpty();

        feed.change(stock("lamp", 6, "published"));
        assertThat(taken()).containsExactly("published");
    }

    @Test
    void aChangeThatComesBeforeTheReadIsNotUndoneByIt() {
        feed.join(watch, 10);
        feed.change(stock("lamp", 6, "published"));

        feed.load(List.of(stock("lamp", 5, "read")));

        assertThat(taken()).containsExactly("published");
        assertThat(feed.isLoaded()).isTrue();
    }

    @Test
    void whatIsPublishedCountsForMoreThanWhatWasReadBeforeItWasCommitted() {
        feed.join(watch, 10);
        feed.load(List.of(stock("lamp", 5, "read of a decision that is undone")));
        taken();

        feed.change(stock("lamp", 5, "what was decided instead"));
        assertThat(taken()).containsExactly("what was decided instead");

        feed.change(stock("lamp", 5, "what was decided instead"));
        assertThat(taken()).isEmpty();
    }

    @Test
    void whoComesLaterIsShownWhatIsKnown() {
        feed.join(new Watch(closed -> {}), 10);
        feed.load(List.of(stock("shoe", 1, "shoe"), stock("lamp", 1, "lamp")));

        feed.join(watch, 10);

        assertThat(taken()).containsExactly("lamp", "shoe");
    }

    @Test
    void doesNotGrowBeyondItsProducts() {
        feed.join(watch, 10);
        feed.load(List.of(stock("lamp", 1, "lamp"), stock("shoe", 1, "shoe")));

        feed.change(stock("hat", 1, "hat"));
        feed.change(stock("shoe", 2, "shoe 2"));

        assertThat(taken()).containsExactly("lamp", "shoe 2");
    }

    @Test
    void hasNoPlaceForMoreThanItMay() {
        assertThat(feed.join(watch, 1)).isTrue();
        Watch late = new Watch(closed -> {});
        assertThat(feed.join(late, 1)).isFalse();

        assertThat(feed.leave(watch)).isTrue();

        assertThat(feed.join(late, 1)).isTrue();
    }

    private List<String> taken() {
        try {
            return watch.next(Duration.ZERO).stream().map(Event::data).toList();
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Stock stock(String productId, long revision, String json) {
        return new Stock(productId, revision, json);
    }
}
