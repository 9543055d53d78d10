package io.flashsale.benchmarks;

import io.flashsale.contracts.Topics;
import io.flashsale.local.Pipeline;
import io.flashsale.local.PipelineException;
import io.flashsale.local.PipelineOptions;
import io.flashsale.local.Role;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.KafkaException;

/**
 * A pipeline with an empty data directory, for one benchmark. Whatever happens, Ctrl-C included, its processes are
 * stopped and the directory is deleted.
 */
final class Workbench implements AutoCloseable {

    static final String BROKER = "broker-1";
    static final String INVENTORY = "inventory-1";
    static final String ORDERS = "orders-1";
    static final String INGRESS = "ingress-1";

    /** How long the ingress lets a call wait for its decision: as long as it can be told to. */
    static final Duration REPLY_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

    private final Topics topics = Topics.defaults();
    private final Progress progress;
    private final Scratch scratch;
    private final Pipeline pipeline;

    private Workbench(Progress progress, Scratch scratch, UnaryOperator<PipelineOptions.Builder> changes) {
        this.progress = progress;
        this.scratch = scratch;
        this.pipeline = new Pipeline(changes.apply(PipelineOptions.in(scratch.directory())
                        .topics(topics)
                        // The latency is the figure: a timeout would turn slow answers into 202 and hide how slow they
                        // were.
                        .property(Role.INGRESS, "flashsale.reply.timeout", REPLY_TIMEOUT.toSeconds() + "s")
                        .progress(progress::step))
                .build());
        scratch.beforeDeletion(pipeline::close);
    }

    /** Starts everything and returns when all are ready. */
    private static Workbench start(Progress progress, UnaryOperator<PipelineOptions.Builder> changes) {
        Workbench workbench = new Workbench(progress, Scratch.create(), changes);
        try {
            workbench.pipeline.startAll();
            return workbench;
        } catch (RuntimeException failed) {
            boolean asked = workbench.scratch.isClosing();
            workbench.close();
            throw asked ? new Scratch.StoppedException() : failed;
        }
    }

    /**
     * Measures something in a pipeline of its own: what one measurement leaves behind shall not slow the next one down.
     *
     * @param changes of what a pipeline is by default
     */
    static <T> T use(
            Progress progress, UnaryOperator<PipelineOptions.Builder> changes, Function<Workbench, T> benchmark) {
        try (Workbench workbench = start(progress, changes)) {
            try {
                return benchmark.apply(workbench);
            } catch (RuntimeException failed) {
                // If a process is gone, or all of them are being stopped, then that is the reason.
                workbench.requireHealth();
                throw failed instanceof KafkaException
                        ? new PipelineException("A Kafka client failed: " + failed.getMessage())
                        : failed;
            }
        }
    }

    /** As {@code up} has it. */
    static PipelineOptions.Builder complete(PipelineOptions.Builder options) {
        return options;
    }

    /** For what is written to the topics and not called over HTTP. */
    static PipelineOptions.Builder withoutIngress(PipelineOptions.Builder options) {
        return options.instances(Role.INGRESS, 0);
    }

    /** For what inventory-streams does alone. */
    static PipelineOptions.Builder inventoryAlone(PipelineOptions.Builder options) {
        return withoutIngress(options).instances(Role.ORDERS, 0);
    }

    Topics topics() {
        return topics;
    }

    Pipeline pipeline() {
        return pipeline;
    }

    Progress progress() {
        return progress;
    }

    /** The CPU time that these processes have used up to now. */
    CpuTimes cpuTimes(String... names) {
        return CpuTimes.of(List.of(names), pipeline::processId);
    }

    /** Throws when the result cannot be right any more: a process is gone, or everything is being stopped. */
    void requireHealth() {
        scratch.requireOpen();
        pipeline.unexpectedExit().ifPresent(sentence -> {
            throw new PipelineException(sentence);
        });
    }

    void await(String what, Duration deadline, BooleanSupplier condition) {
        long end = System.nanoTime() + deadline.toNanos();
        while (!condition.getAsBoolean()) {
            requireHealth();
            if (System.nanoTime() > end) {
                throw new PipelineException("Not within " + deadline.toSeconds() + " s: " + what + ".");
            }
            LockSupport.parkNanos(POLL_INTERVAL.toNanos());
        }
    }

    @Override
    public void close() {
        scratch.close();
    }
}
