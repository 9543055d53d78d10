package io.flashsale.model;

import io.flashsale.contracts.ReplyTo;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A topic with one partition and one reader: records never change their order. */
final class Log {

    /** @param caller the reply address in its headers, or null */
    record Entry(Instant time, byte[] value, ReplyTo caller) {}

    private final List<Entry> entries = new ArrayList<>();
    private int position;

    void append(Instant time, String json, ReplyTo caller) {
        entries.add(new Entry(time, json.getBytes(StandardCharsets.UTF_8), caller));
    }

    boolean isReadToTheEnd() {
        return position == entries.size();
    }

    Entry peek() {
        return entries.get(position);
    }

    Entry read() {
        return entries.get(position++);
    }

    List<Entry> entries() {
        return entries;
    }
}
