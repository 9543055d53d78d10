package io.flashsale.streams.topology;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * What is due when, in a store ordered by time. The wall clock only detects: a timer that fires leaves the store and
 * becomes a tick in the same transaction, and the tick is decided in log order.
 *
 * <p>A timer that is no longer needed is not deleted but fires and finds nothing to do: that is one write less for
 * every hold that is redeemed.
 */
public final class Timers {

    private static final byte[] NOTHING = new byte[0];

    private final KeyValueStore<Bytes, byte[]> store;
    private final Duration grace;
    private final int limit;

    /** No timer is earlier; scans start here, because a scan over the tombstones of fired timers is slow. */
    private @Nullable Bytes cursor;

    /** For metrics, which are read by other threads. */
    private volatile @Nullable Instant nextDue;

    /**
     * @param store made with {@link #store(String)}
     * @param grace how long after its time a timer fires. Commands that were appended in time get this long to be
     *     fetched, so that the tick queues up behind them
     * @param limit how many fire at once; the next punctuation goes on
     */
    public Timers(KeyValueStore<Bytes, byte[]> store, Duration grace, int limit) {
        this.store = store;
        this.grace = grace;
        this.limit = limit;
        this.nextDue = dueOfFirst();
    }

    public static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled();
    }

    /** Sets a timer; the same time and id again is the same timer. */
    public void arm(Instant due, String id) {
        Bytes key = key(due, id);
        store.put(key, NOTHING);
        if (cursor != null && key.compareTo(cursor) < 0) {
            cursor = key;
        }
        Instant next = nextDue;
        if (next == null || due.isBefore(next)) {
            nextDue = due;
        }
    }

    /** When the first timer is due that has not fired; null if there is none. May be asked by any thread. */
    public @Nullable Instant nextDue() {
        return nextDue;
    }

    /** Whether the timer set for exactly this time is still to fire. */
    public boolean isArmed(Instant due, String id) {
        return store.get(key(due, id)) != null;
    }

    /**
     * Sets a timer again whose tick came too early by log time, because the clocks of this machine and the broker
     * differ: by as much as was missing.
     */
    public void rearm(Instant due, Instant logTime, Instant wallClock, String id) {
        arm(wallClock.plus(Duration.between(logTime, due)), id);
    }

    /** The id of the first timer that is due; it does not fire. */
    Optional<String> firstDue(Instant wallClock) {
        Bytes end = endOf(wallClock);
        if (isBehindCursor(end)) {
            return Optional.empty();
        }
        try (KeyValueIterator<Bytes, byte[]> timers = store.range(cursor, end)) {
            return timers.hasNext() ? Optional.of(id(timers.next().key)) : Optional.empty();
        }
    }

    /** Fires what is due, at most the limit. */
    public void fire(Instant wallClock, Consumer<String> tick) {
        Bytes end = endOf(wallClock);
        if (isBehindCursor(end)) {
            return;
        }
        List<Bytes> due = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> timers = store.range(cursor, end)) {
            while (timers.hasNext() && due.size() < limit) {
                KeyValue<Bytes, byte[]> timer = timers.next();
                due.add(timer.key);
            }
        }
        for (Bytes key : due) {
            store.delete(key);
            tick.accept(id(key));
            cursor = key;
        }
        if (!due.isEmpty()) {
            nextDue = dueOfFirst();
        }
    }

    private @Nullable Instant dueOfFirst() {
        try (KeyValueIterator<Bytes, byte[]> timers = store.range(cursor, null)) {
            return timers.hasNext()
                    ? Instant.ofEpochMilli(
                            ByteBuffer.wrap(timers.next().key.get()).getLong())
                    : null;
        }
    }

    private static Bytes key(Instant due, String id) {
        byte[] name = id.getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES + name.length)
                .putLong(due.toEpochMilli())
                .put(name)
                .array());
    }

    /** After a time that was ahead of this one nothing is left; the store would warn of a range that runs backwards. */
    private boolean isBehindCursor(Bytes end) {
        return cursor != null && end.compareTo(cursor) <= 0;
    }

    /** One more, because a timer's key is longer than its time alone and sorts behind it. */
    private Bytes endOf(Instant wallClock) {
        return Bytes.wrap(millis(wallClock.minus(grace).plusMillis(1)));
    }

    private static String id(Bytes key) {
        return new String(key.get(), Long.BYTES, key.get().length - Long.BYTES, StandardCharsets.UTF_8);
    }

    private static byte[] millis(Instant time) {
        return ByteBuffer.allocate(Long.BYTES).putLong(time.toEpochMilli()).array();
    }
}
