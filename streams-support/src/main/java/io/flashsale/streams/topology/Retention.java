package io.flashsale.streams.topology;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What leaves the stores when. Forgetting changes answers, so it is decided in log order like everything else: the wall
 * clock only detects that something is due and sends a tick, and what is due by the tick's log time is forgotten.
 */
public final class Retention {

    private final Timers timers;
    private boolean sweeping;

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
        Optional<String> first = sweeping ? Optional.empty() : timers.firstDue(wallClock);
        sweeping = sweeping || first.isPresent();
        return first;
    }

    /** Passes on what is due by the tick's log time. The record may have changed since: look before you forget. */
    public void sweep(Instant logTime, Consumer<String> forget) {
        sweeping = false;
        timers.fire(logTime, forget);
    }
}
