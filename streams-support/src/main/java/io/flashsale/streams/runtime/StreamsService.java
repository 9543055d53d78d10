package io.flashsale.streams.runtime;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Duration;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Runs one topology for as long as the application runs. Starts before the web server and stops after it, so that
 * queries in flight still find their stores.
 */
public final class StreamsService implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(StreamsService.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

    private final SharedRocksDbMemory memory;
    private final KafkaStreams streams;
    private final KafkaStreamsMetrics metrics;
    private volatile boolean running;
    private volatile boolean everReady;

    /**
     * @param fatal called once when the topology cannot go on
     */
    public StreamsService(
            Topology topology, StreamsSettings settings, String applicationId, MeterRegistry meters, Runnable fatal) {
        this.memory = new SharedRocksDbMemory(settings.state().memory());
        this.streams = new KafkaStreams(topology, StreamsProperties.of(settings, applicationId, memory));
        this.metrics = new KafkaStreamsMetrics(streams);
        metrics.bindTo(meters);
        streams.setUncaughtExceptionHandler(StreamsService::respond);
        streams.setStateListener((now, before) -> {
            LOG.info("{} is {} (was {})", applicationId, now, before);
            if (now == State.RUNNING) {
                everReady = true;
            }
            if (now == State.ERROR) {
                LOG.error("{} cannot go on; see the error above", applicationId);
                fatal.run();
            }
        });
    }

    /**
     * A thread that met a passing fault of Kafka is replaced; what it had not committed is decided again. Bad records
     * never get here, they are dead letters.
     */
    private static StreamThreadExceptionResponse respond(Throwable failure) {
        if (rootOf(failure) instanceof MissingSourceTopicException) {
            LOG.error("A topic is missing: {}", rootOf(failure).getMessage());
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

    /** Whether it decides, or did and is only changing hands of some partitions. */
    public boolean isReady() {
        State state = streams.state();
        return state == State.RUNNING || (everReady && state == State.REBALANCING);
    }

    @Override
    public void start() {
        running = true;
        streams.start();
    }

    @Override
    public void stop() {
        // Leaving the group lets another instance take over at once instead of after the session timeout.
        streams.close(CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSE_TIMEOUT));
        metrics.close();
        memory.close();
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
