package io.flashsale.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What leaves the stores when, as the applications' timers know it: each time it was kept until is looked at once. */
final class Retained {

    private final NavigableMap<Instant, List<String>> timers = new TreeMap<>();

    void keep(String id, Instant end) {
        timers.computeIfAbsent(end, ignored -> new ArrayList<>()).add(id);
    }

    void sweep(Instant time, Consumer<String> forget) {
        NavigableMap<Instant, List<String>> due = timers.headMap(time, true);
        due.values().forEach(ids -> ids.forEach(forget));
        due.clear();
    }
}
