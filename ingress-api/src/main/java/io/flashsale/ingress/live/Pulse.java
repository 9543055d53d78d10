package io.flashsale.ingress.live;

import io.flashsale.contracts.Json;
import io.flashsale.ingress.gateway.DecisionTimes;
import io.flashsale.ingress.gateway.KafkaStatus;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Tells the rates once a second. All events of a sale are read for that, so only while somebody watches; and what the
 * pipeline's state needs is let go when nobody has asked for it for a while.
 *
 * <p>While Kafka is away it tells nothing: who watches takes the silence for what it is, and a zero for a quiet sale.
 */
final class Pulse implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(3);

    private final StockFeeds feeds;
    private final SaleEvents events;
    private final DecisionTimes times;
    private final KafkaStatus kafka;
    private final PipelineWatch pipeline;
    private final SaleCounter counter = new SaleCounter();
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("live-pulse").factory());
    private volatile boolean running;
    /** Only the scheduler's thread uses these two, and whoever stops it after it. */
    private @Nullable Runnable stopListening;

    private long lastNanos;

    Pulse(StockFeeds feeds, SaleEvents events, DecisionTimes times, KafkaStatus kafka, PipelineWatch pipeline) {
        this.feeds = feeds;
        this.events = events;
        this.times = times;
        this.kafka = kafka;
        this.pipeline = pipeline;
    }

    @Override
    public void start() {
        running = true;
        scheduler.scheduleAtFixedRate(this::beat, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void beat() {
        try {
            beat(System.nanoTime());
            pipeline.letGoIfUnused();
        } catch (RuntimeException fault) {
            // A task that throws is never run again.
            LOG.warn("The live page misses a beat.", fault);
        }
    }

    void beat(long nanos) {
        Runnable stop = stopListening;
        if (!feeds.isAllWatched()) {
            if (stop != null) {
                stop.run();
                stopListening = null;
            }
        } else if (stop == null) {
            stopListening = events.listen(counter::count);
            counter.take(1, times.lately());
            lastNanos = nanos;
        } else if (kafka.problem().isEmpty()) {
            double seconds = Math.max(1, nanos - lastNanos) / 1e9;
            lastNanos = nanos;
            feeds.tellAll(new Event("rates", Json.MAPPER.writeValueAsString(counter.take(seconds, times.lately()))));
        }
    }

    @Override
    public void stop() {
        running = false;
        scheduler.shutdownNow();
        try {
            if (scheduler.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS) && stopListening != null) {
                stopListening.run();
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        pipeline.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** With the tails: before the web server, and after it. */
    @Override
    public int getPhase() {
        return 0;
    }
}
