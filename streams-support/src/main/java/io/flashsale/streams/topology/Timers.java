package io.flashsale.streams.topology;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
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
 * <p>Timers that are due at about the same time share a record: in a rush that is one for dozens of holds, not one for each.
 * Each time is rounded up to {@link #RESOLUTION}. A record's key is its time and the first id it had; its value are its
 * ids, or nothing while that is the only one.
 *
 * <p>A timer that is no longer needed is not deleted but fires and finds nothing to do: that is one write less for
 * every hold that is redeemed.
 */
public final class Timers {

    /** Timers that are due within one such time fire together. */
    static final Duration RESOLUTION = Duration.ofMillis(100);

    /** In one record: about twenty. Each commit writes the records that were added to anew. */
    private static final int MAX_BYTES_OF_IDS = 1_024;

    /** Records that may still get another id; for the times that are set less often another record begins. */
    private static final int MAX_OPEN = 100;

    private final KeyValueStore<Bytes, byte[]> store;
    private final Duration grace;
    private final int limit;

    /** By time, those used last at the end. */
    private final LinkedHashMap<Instant, TimerRecord> open = new LinkedHashMap<>(16, 0.75f, true);

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

    /** Cached: what one transaction adds to a record is one write. */
    public static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingEnabled();
    }

    /** Sets a timer. What is set twice may fire twice. */
    public void arm(Instant time, String id) {
        Instant due = roundedUp(time);
        TimerRecord record = open.get(due);
        if (record == null || !record.add(id)) {
            record = new TimerRecord(due, id);
            if (store.get(record.key()) != null) {
                // It is set already, and others may be behind it.
                return;
            }
            keepOpen(due, record);
        }
        store.put(record.key(), record.value());
        if (cursor != null && record.key().compareTo(cursor) < 0) {
            cursor = record.key();
        }
        Instant next = nextDue;
        if (next == null || due.isBefore(next)) {
            nextDue = due;
        }
    }

    private void keepOpen(Instant due, TimerRecord record) {
        open.put(due, record);
        if (open.size() > MAX_OPEN) {
            open.pollFirstEntry();
        }
    }

    private static Instant roundedUp(Instant time) {
        long step = RESOLUTION.toMillis();
        return Instant.ofEpochMilli(Math.ceilDiv(time.toEpochMilli(), step) * step);
    }

    /** When the first timer is due that has not fired; null if there is none. May be asked by any thread. */
    public @Nullable Instant nextDue() {
        return nextDue;
    }

    /** Whether a timer of this time and id is still to fire. Looks through all of that time. */
    public boolean isArmed(Instant time, String id) {
        Instant due = roundedUp(time);
        Bytes end = TimerRecord.keyOf(due.plusMillis(1), new byte[0]);
        try (KeyValueIterator<Bytes, byte[]> timers = store.range(TimerRecord.keyOf(due, new byte[0]), end)) {
            boolean found = false;
            while (!found && timers.hasNext()) {
                found = TimerRecord.ids(timers.next()).contains(id);
            }
            return found;
        }
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
            return timers.hasNext() ? Optional.of(TimerRecord.ids(timers.next()).getFirst()) : Optional.empty();
        }
    }

    /** Fires what is due, at most the limit. */
    public void fire(Instant wallClock, Consumer<String> tick) {
        Bytes end = endOf(wallClock);
        if (isBehindCursor(end)) {
            return;
        }
        List<KeyValue<Bytes, byte[]>> records = new ArrayList<>();
        List<String> due = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> timers = store.range(cursor, end)) {
            while (timers.hasNext() && due.size() < limit) {
                KeyValue<Bytes, byte[]> record = timers.next();
                records.add(record);
                due.addAll(TimerRecord.ids(record));
            }
        }
        for (KeyValue<Bytes, byte[]> record : records) {
            store.delete(record.key);
            open.remove(TimerRecord.due(record.key));
            cursor = record.key;
        }
        if (due.size() > limit) {
            store.put(records.getLast().key, TimerRecord.value(due.subList(limit, due.size())));
        }
        due.stream().limit(limit).forEach(tick);
        if (!records.isEmpty()) {
            nextDue = dueOfFirst();
        }
    }

    private @Nullable Instant dueOfFirst() {
        try (KeyValueIterator<Bytes, byte[]> timers = store.range(cursor, null)) {
            return timers.hasNext() ? TimerRecord.due(timers.next().key) : null;
        }
    }

    /** After a time that was ahead of this one nothing is left; the store would warn of a range that runs backwards. */
    private boolean isBehindCursor(Bytes end) {
        return cursor != null && end.compareTo(cursor) <= 0;
    }

    /** One more, because a timer's key is longer than its time alone and sorts behind it. */
    private Bytes endOf(Instant wallClock) {
        return TimerRecord.keyOf(wallClock.minus(grace).plusMillis(1), new byte[0]);
    }

    /** What is due at one time, or a part of it. */
    private static final class TimerRecord {

        private static final byte[] ONE_ID = new byte[0];

        private final Bytes key;
        private byte[] ids = new byte[64];
        private int size;
        private boolean hasSeveral;

        TimerRecord(Instant due, String firstId) {
            this.key = keyOf(due, bytes(firstId));
            append(bytes(firstId));
        }

        static Bytes keyOf(Instant due, byte[] firstId) {
            return Bytes.wrap(ByteBuffer.allocate(Long.BYTES + firstId.length)
                    .putLong(due.toEpochMilli())
                    .put(firstId)
                    .array());
        }

        static Instant due(Bytes key) {
            return Instant.ofEpochMilli(ByteBuffer.wrap(key.get()).getLong());
        }

        static List<String> ids(KeyValue<Bytes, byte[]> record) {
            if (record.value.length == 0) {
                byte[] key = record.key.get();
                return List.of(new String(key, Long.BYTES, key.length - Long.BYTES, StandardCharsets.UTF_8));
            }
            List<String> ids = new ArrayList<>();
            ByteBuffer rest = ByteBuffer.wrap(record.value);
            while (rest.hasRemaining()) {
                byte[] id = new byte[rest.getShort()];
                rest.get(id);
                ids.add(new String(id, StandardCharsets.UTF_8));
            }
            return ids;
        }

        static byte[] value(List<String> ids) {
            TimerRecord record = new TimerRecord(Instant.EPOCH, ids.getFirst());
            ids.stream().skip(1).forEach(id -> record.append(bytes(id)));
            return Arrays.copyOf(record.ids, record.size);
        }

        /** Whether there was room for it. */
        boolean add(String id) {
            byte[] bytes = bytes(id);
            boolean fits = size + Short.BYTES + bytes.length <= MAX_BYTES_OF_IDS;
            if (fits) {
                append(bytes);
                hasSeveral = true;
            }
            return fits;
        }

        private void append(byte[] id) {
            int end = size + Short.BYTES + id.length;
            if (end > ids.length) {
                ids = Arrays.copyOf(ids, Math.max(end, 2 * ids.length));
            }
            ByteBuffer.wrap(ids, size, end - size).putShort((short) id.length).put(id);
            size = end;
        }

        Bytes key() {
            return key;
        }

        /** A copy, because the cache keeps it. */
        byte[] value() {
            return hasSeveral ? Arrays.copyOf(ids, size) : ONE_ID;
        }

        private static byte[] bytes(String id) {
            return id.getBytes(StandardCharsets.UTF_8);
        }
    }
}
