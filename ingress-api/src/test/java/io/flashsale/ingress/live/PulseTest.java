package io.flashsale.ingress.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.ingress.config.IngressSettings.LiveSettings;
import io.flashsale.ingress.gateway.DecisionTimes;
import io.flashsale.ingress.gateway.ProductReads;
import io.flashsale.ingress.gateway.QueryAnswer;
import io.flashsale.ingress.gateway.TopicTail;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PulseTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ProductReads reads =
            new ProductReads(ignored -> noProducts(), Duration.ZERO, 1, System::nanoTime, meters);
    private final StockFeeds feeds = new StockFeeds(reads, reads, new LiveSettings(10, 10, 10, 10), meters);
    private final List<TopicTail.Listener> listeners = new ArrayList<>();
    private Optional<String> problem = Optional.empty();
    private final Pulse pulse = new Pulse(
            feeds,
            listener -> {
                listeners.add(listener);
                return () -> listeners.remove(listener);
            },
            new DecisionTimes(),
            () -> problem,
            new PipelineWatch(new NoPipeline(), System::nanoTime));

    @AfterEach
    void stop() {
        pulse.stop();
    }

    @Test
    void tellsWhatWasDecidedInTheTimeThatPassed() throws InterruptedException {
        Watch watch = feeds.watchAll("client");
        pulse.beat(0);
        holds(30);

        pulse.beat(2 * SECOND);

        assertThat(watch.next(Duration.ZERO))
                .extracting(Event::name, Event::data)
                .singleElement()
                .asString()
                .contains("rates", "\"holds\":15.0");
    }

    @Test
    void saysNothingWhileNothingCanBeHeard() throws InterruptedException {
        Watch watch = feeds.watchAll("client");
        pulse.beat(0);
        problem = Optional.of("Kafka is away.");

        pulse.beat(SECOND);
        assertThat(watch.next(Duration.ZERO)).isEmpty();

        problem = Optional.empty();
        pulse.beat(2 * SECOND);
        assertThat(watch.next(Duration.ZERO)).hasSize(1);
    }

    @Test
    void readsTheEventsOnlyWhileSomebodyWatches() {
        pulse.beat(0);
        assertThat(listeners).isEmpty();
        Watch watch = feeds.watchAll("client");

        pulse.beat(SECOND);
        assertThat(listeners).hasSize(1);
        watch.close();
        pulse.beat(2 * SECOND);

        assertThat(listeners).isEmpty();
    }

    private void holds(int count) {
        for (int i = 0; i < count; i++) {
            ConsumerRecord<String, byte[]> placed = new ConsumerRecord<>("inventory-events", 0, i, "lamp", new byte[0]);
            placed.headers().add("ce_type", "HoldPlaced".getBytes(StandardCharsets.UTF_8));
            listeners.forEach(listener -> listener.on(placed));
        }
    }

    private static QueryAnswer noProducts() {
        return new QueryAnswer(200, "{\"products\":[]}".getBytes(StandardCharsets.UTF_8), false);
    }

    private static final class NoPipeline implements PipelineSource {

        @Override
        public PipelineState look() {
            return new PipelineState(Instant.EPOCH, List.of(), List.of());
        }

        @Override
        public void letGo() {}
    }
}
