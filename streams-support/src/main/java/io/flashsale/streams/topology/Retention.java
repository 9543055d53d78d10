package io.flashsale.streams.topology;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What leaves the stores when. Forgetting changes answers, so it is decided in log order like everything else: the wall
 * clock only detects that something is due and sends a tick, and what is due by the tick's log time is forgotten.
 */
public final class Retention {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    /** The log's clock may be behind this machine's: what is due here may not be due there for a while. */
    private static final Duration PAUSE_AFTER_NOTHING = Duration.ofSeconds(1);

    private final Timers timers;
    private boolean sweeping;
    private Instant notBefore = Instant.MIN;
    private Instant tickedAt = Instant.MIN;

    /**
     * @param store made with {@link Timers#store(String)}
     * @param batch how many records one sweep may forget; the next one goes on
     */
    public Retention(KeyValueStore<Bytes, byte[]> store, int batch) {
        this.timers = new Timers(store, Duration.ZERO, batch);
    }

    /** The record of this id is looked at again at {@code end}, in log time. */
    public void keep(String id, Instant end) {
        timers.arm(end, id);
    }

    /** The first record that seems to be due, for a tick that names its partition; empty while a sweep is under way. */
    public Optional<String> due(Instant wallClock) {
        if (sweeping || wallClock.isBefore(notBefore)) {
            return Optional.empty();
        }
        Optional<String> first = timers.firstDue(wallClock);
        sweeping = first.isPresent();
        tickedAt = wallClock;
        return first;
    }

    /** Passes on what is due by the tick's log time. The record may have changed since: look before you forget. */
    public void sweep(Instant logTime, Consumer<String> forget) {
        sweeping = false;
        AtomicBoolean nothing = new AtomicBoolean(true);
        timers.fire(logTime, id -> {
            nothing.set(false);
            forgetOrLeave(id, forget);
        });
        notBefore = nothing.get() ? tickedAt.plus(PAUSE_AFTER_NOTHING) : Instant.MIN;
    }

    /** A record that cannot be read stays where it is: it must not stop the thread at this tick for ever. */
    private static void forgetOrLeave(String id, Consumer<String> forget) {
        try {
            forget.accept(id);
        } catch (KafkaException stores) {
            throw stores;
        } catch (RuntimeException fault) {
            LOG.error("Could not forget {}", id, fault);
        }
    }
}
