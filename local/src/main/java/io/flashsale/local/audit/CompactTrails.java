package io.flashsale.local.audit;

/**
 * What is left of ended holds and orders: 24 bytes each instead of some hundred, in an open-addressing table. The key is
 * the 16 random bytes of the id, the value whatever {@link Trail} packs. Entries are replaced, never removed.
 */
final class CompactTrails {

    private static final int FIRST_CAPACITY = 16;

    private long[] keys = new long[2 * FIRST_CAPACITY];
    private int[] values = new int[FIRST_CAPACITY];
    private int[] endTimes = new int[FIRST_CAPACITY];
    private int size;

    int size() {
        return size;
    }

    /** @param value not 0, which marks a free place */
    void put(TrailKey key, int value, int endTime) {
        // Two thirds: beyond that, probing costs more than the memory is worth.
        if (size >= values.length / 3 * 2) {
            grow();
        }
        int place = placeOf(key.high(), key.low());
        if (values[place] == 0) {
            size++;
        }
        set(place, key.high(), key.low(), value, endTime);
    }

    /** The value, or 0 if there is none. */
    int value(TrailKey key) {
        return values[placeOf(key.high(), key.low())];
    }

    /** What was put as the end's time; 0 if there is none. */
    int endTime(TrailKey key) {
        return endTimes[placeOf(key.high(), key.low())];
    }

    private int placeOf(long high, long low) {
        int mask = values.length - 1;
        // The bytes are random, or at least chosen by someone who gains nothing by choosing them badly.
        long mixed = (high ^ Long.rotateLeft(low, 32)) * 0x9E3779B97F4A7C15L;
        int place = (int) (mixed >>> 32) & mask;
        while (values[place] != 0 && (keys[2 * place] != high || keys[2 * place + 1] != low)) {
            place = (place + 1) & mask;
        }
        return place;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        int[] oldTimes = endTimes;
        int capacity = Math.multiplyExact(oldValues.length, 2);
        keys = new long[2 * capacity];
        values = new int[capacity];
        endTimes = new int[capacity];
        for (int old = 0; old < oldValues.length; old++) {
            if (oldValues[old] != 0) {
                long high = oldKeys[2 * old];
                long low = oldKeys[2 * old + 1];
                set(placeOf(high, low), high, low, oldValues[old], oldTimes[old]);
            }
        }
    }

    private void set(int place, long high, long low, int value, int endTime) {
        keys[2 * place] = high;
        keys[2 * place + 1] = low;
        values[place] = value;
        endTimes[place] = endTime;
    }
}
