package io.flashsale.benchmarks;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What can be measured by itself, in the order of measuring. */
enum Part {
    ENGINE,
    LIVES,
    HOP,
    HTTP,
    WEBHOOKS,
    PEERS,
    DUE,
    RESTART,
    GROWTH;

    static Optional<Part> named(String name) {
        return Arrays.stream(values()).filter(part -> part.label().equals(name)).findFirst();
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
