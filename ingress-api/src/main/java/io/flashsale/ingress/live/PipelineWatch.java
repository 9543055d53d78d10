package io.flashsale.ingress.live;

import io.flashsale.ingress.gateway.ReadsUnavailableException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The pipeline's state, looked at once a second at most, however many people ask for it: whoever comes while it is looked
 * at waits for that.
 */
public final class PipelineWatch implements AutoCloseable {

    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long UNUSED_NANOS = Duration.ofSeconds(30).toNanos();

    /** Longer than one look takes at most. */
    private static final Duration PATIENCE = Duration.ofSeconds(6);

    private final PipelineSource source;
    private final LongSupplier nanoTime;
    /** Not {@code synchronized}, because callers wait on virtual threads. */
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable PipelineState last;
    private boolean held;
    private long lookedNanos;
    private long askedNanos;

    /** @param nanoTime as {@link System#nanoTime} tells it */
    PipelineWatch(PipelineSource source, LongSupplier nanoTime) {
        this.source = source;
        this.nanoTime = nanoTime;
    }

    /** @throws ReadsUnavailableException if it cannot be said in time */
    public PipelineState look() {
        try {
            if (!lock.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ReadsUnavailableException("Too many wait for the pipeline's state.");
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new ReadsUnavailableException("This instance is stopping.");
        }
        try {
            PipelineState known = last;
            askedNanos = nanoTime.getAsLong();
            if (known != null && askedNanos - lookedNanos < FRESH_NANOS) {
                return known;
            }
            held = true;
            PipelineState looked = source.look();
            last = looked;
            lookedNanos = nanoTime.getAsLong();
            return looked;
        } finally {
            lock.unlock();
        }
    }

    void letGoIfUnused() {
        if (lock.tryLock()) {
            try {
                if (held && nanoTime.getAsLong() - askedNanos > UNUSED_NANOS) {
                    held = false;
                    last = null;
                    source.letGo();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            source.letGo();
        } finally {
            lock.unlock();
        }
    }
}
