package io.flashsale.streams.runtime;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Ends the instance while there is still room on the disk of its state. RocksDB does not fail when the disk is full: it
 * lets its writers wait until there is room again, so the instance would keep its partitions, look well, and decide
 * nothing. Another instance has a copy of the state and takes over.
 */
final class SpaceWatch implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(SpaceWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final String directory;
    private final long minFreeBytes;
    private final LongSupplier freeBytes;
    private final Runnable fatal;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("space-watch").factory());
    private volatile boolean running;
    /** Only the scheduler's thread uses it. */
    private boolean told;

    /** @param fatal called once when there is too little room */
    SpaceWatch(StreamsSettings.State settings, MeterRegistry meters, Runnable fatal) {
        this(settings.dir(), settings.minFree(), () -> freeIn(Path.of(settings.dir())), meters, fatal);
    }

    SpaceWatch(String directory, long minFreeBytes, LongSupplier freeBytes, MeterRegistry meters, Runnable fatal) {
        this.directory = directory;
        this.minFreeBytes = minFreeBytes;
        this.freeBytes = freeBytes;
        this.fatal = fatal;
        Gauge.builder("state.free", freeBytes, LongSupplier::getAsLong)
                .description("Room on the disk of the state")
                .baseUnit(BaseUnits.BYTES)
                .register(meters);
        Gauge.builder("state.min.free", () -> minFreeBytes)
                .description("With less room this instance ends")
                .baseUnit(BaseUnits.BYTES)
                .register(meters);
    }

    /** @throws NoSpaceException if there is too little room already */
    @Override
    public void start() {
        if (isTooLittle()) {
            throw new NoSpaceException(NoSpace.sentence(directory));
        }
        running = true;
        scheduler.scheduleWithFixedDelay(this::look, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    void look() {
        if (!told && isTooLittle()) {
            told = true;
            LOG.error("This instance ends: {}", NoSpace.sentence(directory));
            fatal.run();
        }
    }

    private boolean isTooLittle() {
        return freeBytes.getAsLong() < minFreeBytes;
    }

    private static long freeIn(Path directory) {
        try {
            Files.createDirectories(directory);
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException unknown) {
            // Whatever it is, the stores meet it too and say it better.
            return Long.MAX_VALUE;
        }
    }

    @Override
    public void stop() {
        running = false;
        scheduler.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before the stores are opened. */
    @Override
    public int getPhase() {
        return -1;
    }
}
