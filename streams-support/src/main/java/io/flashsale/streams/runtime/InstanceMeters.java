package io.flashsale.streams.runtime;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.streams.TaskMetadata;
import org.apache.kafka.streams.ThreadMetadata;

/**
 * What an instance is at the moment: {@code instance.ready}, 1 while it can serve, and {@code stream.tasks}, the
 * partitions it decides on and those it keeps a copy of.
 */
final class InstanceMeters implements MeterBinder {

    private final StreamsService service;

    InstanceMeters(StreamsService service) {
        this.service = service;
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        Gauge.builder("instance.ready", () -> service.isReady() ? 1 : 0)
                .description("Whether it can serve")
                .register(meters);
        tasks("active", ThreadMetadata::activeTasks, meters);
        tasks("standby", ThreadMetadata::standbyTasks, meters);
    }

    private void tasks(String role, Function<ThreadMetadata, Set<TaskMetadata>> ofThread, MeterRegistry meters) {
        Gauge.builder(
                        "stream.tasks",
                        () -> service.streams().metadataForLocalThreads().stream()
                                .mapToInt(thread -> ofThread.apply(thread).size())
                                .sum())
                .description("Partitions it decides on, or keeps a copy of")
                .tag("role", role)
                .register(meters);
    }
}
