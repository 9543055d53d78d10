package io.flashsale.ingress.gateway;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Looks every second whether Kafka is there, so that calls fail at once and not after a timeout each, and so that the
 * load balancer is told. Says it in the log once, when it changes.
 */
final class KafkaProbe implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaProbe.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final ClusterCheck cluster;
    private final String servers;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("kafka-probe").factory());
    private volatile boolean started;
    private volatile @Nullable String problem = "Kafka was not asked yet.";

    /** @param servers where the cluster is, for the log */
    KafkaProbe(ClusterCheck cluster, String servers) {
        this.cluster = cluster;
        this.servers = servers;
    }

    /** Why the cluster cannot serve, or empty when it can. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    @Override
    public void start() {
        started = true;
        scheduler.scheduleWithFixedDelay(this::look, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() {
        started = false;
        scheduler.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return started;
    }

    /** With the reply listener: before the web server, and after it. */
    @Override
    public int getPhase() {
        return 0;
    }

    void look() {
        String before = problem;
        String now = ask();
        problem = now;
        if (now == null && before != null) {
            LOG.info("Kafka at {} is there: commands are taken.", servers);
        } else if (now != null && !now.equals(before) && started) {
            LOG.warn("Commands are answered 503 until this is mended: {}", now);
        }
    }

    private @Nullable String ask() {
        try {
            cluster.check();
            return null;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return "This instance is stopping.";
        } catch (IllegalStateException unfit) {
            return unfit.getMessage();
        } catch (Throwable away) {
            // Whatever it is, an Error too: a probe that died would leave the instance as it last was for ever.
            LOG.debug("Kafka does not answer", away);
            Throwable cause = away instanceof ExecutionException && away.getCause() != null ? away.getCause() : away;
            return "Kafka at " + servers + " does not answer ("
                    + cause.getClass().getSimpleName() + ").";
        }
    }
}
