package io.flashsale.model;

import io.flashsale.contracts.ReplyTo;
import io.flashsale.model.Action.App;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A topic with one partition: records never change their order, and each reader has its own position. */
final class Log {

    /** @param caller the reply address in its headers, or null */
    record Entry(Instant time, byte[] value, ReplyTo caller) {}

    private final List<Entry> entries = new ArrayList<>();
    private final Map<App, Integer> positions = new EnumMap<>(App.class);

    void append(Instant time, String json, ReplyTo caller) {
        entries.add(new Entry(time, json.getBytes(StandardCharsets.UTF_8), caller));
    }

    boolean isReadToTheEnd(App reader) {
        return positionOf(reader) == entries.size();
    }

    Entry peek(App reader) {
        return entries.get(positionOf(reader));
    }

    Entry read(App reader) {
        Entry next = peek(reader);
        positions.merge(reader, 1, Integer::sum);
        return next;
    }

    private int positionOf(App reader) {
        return positions.getOrDefault(reader, 0);
    }
}
