package io.flashsale.streams.runtime;

import io.flashsale.contracts.KafkaCluster;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Metric;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Runs one topology for as long as the application runs. Starts before the web server and stops after it, so that
 * queries in flight still find their stores.
 */
public final class StreamsService implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(StreamsService.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    /** A fault that passes needs a few threads; one that stays would replace threads for ever and decide nothing. */
    private static final int MAX_REPLACEMENTS = 10;

    private static final Duration REPLACEMENT_WINDOW = Duration.ofMinutes(2);

    /** Well within the shortest session timeout. */
    private static final Duration CONTACT_INTERVAL = Duration.ofMillis(200);

    /** Of thousands of metrics those that count what came are looked for anew once a second: a new thread has new ones. */
    private static final int LOOKS_PER_SEARCH = 5;

    /** A rebalance that takes longer is no longer "only changing hands". */
    private static final Duration MAX_REBALANCE = Duration.ofSeconds(30);

    private final String stateDirectory;
    private final UncleanEnd uncleanEnd;
    private final SharedRocksDbMemory memory;
    private final KafkaStreams streams;
    private final KafkaStreamsMetrics metrics;
    private final TopicCheck topicCheck;
    private final KafkaContact contact;
    private final ScheduledExecutorService contactWatch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("kafka-contact").factory());
    private final Deque<Instant> replacements = new ArrayDeque<>();
    private List<? extends Metric> received = List.of();
    private long looks;
    private volatile boolean running;
    private volatile @Nullable Instant lastRunning;
    private volatile String whyNot = "see the error above";

    /**
     * @param fatal called once when the topology cannot go on
     */
    public StreamsService(
            Topology topology,
            StreamsSettings settings,
            KafkaCluster cluster,
            String applicationId,
            MeterRegistry meters,
            Runnable fatal) {
        this.stateDirectory = settings.state().dir();
        this.uncleanEnd = new UncleanEnd(Path.of(stateDirectory), applicationId);
        this.memory = new SharedRocksDbMemory(settings.state().memory());
        this.streams = new KafkaStreams(
                topology, StreamsProperties.of(settings, cluster, applicationId, memory), new BatchingClients());
        this.metrics = new KafkaStreamsMetrics(streams);
        metrics.bindTo(meters);
        this.topicCheck = new TopicCheck(cluster, settings.topicNames());
        // Two heartbeats missed: before the session ends, so before another instance takes over.
        this.contact = new KafkaContact(
                this::receivedBytes,
                settings.streams().sessionTimeout().multipliedBy(2).dividedBy(3),
                System::nanoTime);
        streams.setUncaughtExceptionHandler(this::respond);
        streams.setStateListener((now, before) -> {
            LOG.info("{} is {} (was {})", applicationId, now, before);
            if (before == State.RUNNING) {
                lastRunning = Instant.now();
            }
            if (now == State.ERROR) {
                LOG.error("{} cannot go on: {}", applicationId, whyNot);
                fatal.run();
            }
        });
    }

    /**
     * A thread that met a passing fault of Kafka is replaced; what it had not committed is decided again. Bad records
     * never get here, they are dead letters.
     */
    private synchronized StreamThreadExceptionResponse respond(Throwable failure) {
        if (rootOf(failure) instanceof MissingSourceTopicException) {
            whyNot = "a topic is missing: " + rootOf(failure).getMessage();
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        if (NoSpace.isCauseOf(failure)) {
            // A new thread would meet the same disk. Another instance has a copy of the state and takes over.
            whyNot = NoSpace.sentence(stateDirectory);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        Instant now = Instant.now();
        replacements.add(now);
        replacements.removeIf(earlier -> earlier.isBefore(now.minus(REPLACEMENT_WINDOW)));
        if (replacements.size() > MAX_REPLACEMENTS) {
            LOG.error("A stream thread failed", failure);
            whyNot = "stream threads go on failing, see the errors above";
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        LOG.error("A stream thread failed and is replaced", failure);
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** The running instance, for queries. */
    public KafkaStreams streams() {
        return streams;
    }

    /** Whether it decides, or did a moment ago and some partitions are changing hands. */
    public boolean isReady() {
        return !isCutOff() && isRunningOrRebalancing();
    }

    /** Whether Kafka is not heard of any more, so that another instance may have taken over what this one seems to own. */
    public boolean isCutOff() {
        return contact.isLost();
    }

    private boolean isRunningOrRebalancing() {
        Instant ran = lastRunning;
        return switch (streams.state()) {
            case RUNNING -> true;
            case REBALANCING -> ran != null && ran.isAfter(Instant.now().minus(MAX_REBALANCE));
            case CREATED, PENDING_ERROR, PENDING_SHUTDOWN, ERROR, NOT_RUNNING -> false;
        };
    }

    private double receivedBytes() {
        if (looks++ % LOOKS_PER_SEARCH == 0) {
            received = streams.metrics().values().stream()
                    .filter(metric -> metric.metricName().group().equals("consumer-metrics")
                            && metric.metricName().name().equals("incoming-byte-total"))
                    .toList();
        }
        return received.stream()
                .mapToDouble(metric -> (double) metric.metricValue())
                .sum();
    }

    private void watchContact() {
        boolean before = contact.isLost();
        contact.look();
        if (contact.isLost() != before) {
            LOG.warn(before ? "Kafka is heard of again" : "Kafka is not heard of: another instance may take over");
        }
    }

    @Override
    public void start() {
        topicCheck.run();
        if (uncleanEnd.wasThereOne()) {
            // Exactly-once leaves no choice, Streams would do it too: but task after task, each opened first, inside a
            // rebalance, during which no other instance may commit.
            LOG.warn("The last process did not end in order: its state is deleted and restored from Kafka");
            streams.cleanUp();
        }
        uncleanEnd.expect();
        running = true;
        streams.start();
        contactWatch.scheduleWithFixedDelay(this::watchContact, 0, CONTACT_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() {
        contactWatch.shutdownNow();
        // Leaving the group lets another instance take over at once instead of after the session timeout.
        boolean closed = streams.close(CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSE_TIMEOUT));
        metrics.close();
        if (closed) {
            uncleanEnd.averted();
            memory.close();
        } else {
            // The stores still use that memory, which is native: to free it now could crash the process.
            LOG.warn("Not closed within {}: others take over when its session has ended", CLOSE_TIMEOUT);
        }
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return 0;
    }
}
