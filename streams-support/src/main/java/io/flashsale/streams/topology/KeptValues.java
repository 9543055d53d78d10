package io.flashsale.streams.topology;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The values of a store that were used last, as objects: a hot one need not be read and decoded for every decision, nor
 * be encoded for each.
 *
 * <p>Only for a store that nobody else writes, and made anew whenever its processor is initialized: after an aborted
 * transaction or a rebalance the store may hold something else, and the task then initializes its processor again.
 *
 * @param <V> immutable
 */
public final class KeptValues<V> {

    private final KeyValueStore<String, V> store;
    private final int limit;
    private final LinkedHashMap<String, V> kept = new LinkedHashMap<>(16, 0.75f, true);
    private final Set<String> unstored = new HashSet<>();

    /** @param limit how many are kept; then the one that was not used for the longest time goes */
    public KeptValues(KeyValueStore<String, V> store, int limit) {
        this.store = store;
        this.limit = limit;
    }

    public @Nullable V get(String key) {
        V value = kept.get(key);
        if (value == null) {
            value = store.get(key);
            if (value != null) {
                keep(key, value);
            }
        }
        return value;
    }

    /** Keeps a value; other readers of the store see it after {@link #storeAll()}, without which it is lost. */
    public void put(String key, V value) {
        unstored.add(key);
        keep(key, value);
    }

    /** To be called before the end of {@code process} and of a punctuation that put something. */
    public void storeAll() {
        for (String key : unstored) {
            store.put(key, kept.get(key));
        }
        unstored.clear();
    }

    private void keep(String key, V value) {
        kept.put(key, value);
        if (kept.size() > limit) {
            Map.Entry<String, V> oldest = kept.pollFirstEntry();
            if (unstored.remove(oldest.getKey())) {
                store.put(oldest.getKey(), oldest.getValue());
            }
        }
    }
}
