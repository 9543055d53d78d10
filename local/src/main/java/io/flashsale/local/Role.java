package io.flashsale.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a process of the pipeline does, and what it may use. The order is the order of starting. */
public enum Role {
    BROKER("-Xms64m", "-Xmx384m"),
    INVENTORY(Role.ROOM_FOR_THE_YOUNG, "-Xmx320m"),
    ORDERS(Role.ROOM_FOR_THE_YOUNG, "-Xmx320m"),
    INGRESS(Role.ROOM_FOR_THE_YOUNG, "-Xmx384m");

    /** By itself the collector begins with 20 MB, and in a rush would be called some fifteen times a second. */
    private static final String ROOM_FOR_THE_YOUNG = "-Xmn96m";

    /**
     * Longer than the services' own graceful shutdown takes: up to 10 s to close Kafka Streams, and up to 10 s for the
     * calls that the ingress has taken; the rest is for a busy machine. Force before that would cut off accepted calls.
     */
    static final Duration STOP_DEADLINE = Duration.ofSeconds(30);

    private final List<String> jvmOptions;

    Role(String... heap) {
        List<String> options = new ArrayList<>(List.of(heap));
        // A process without memory may live on without the threads that failed, and answer nobody ever again.
        options.add("-XX:+ExitOnOutOfMemoryError");
        this.jvmOptions = List.copyOf(options);
    }

    /** The name of the {@code number}th process of this role, counted from 1, for example {@code inventory-1}. */
    public String processName(int number) {
        return label() + "-" + number;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Modest, because everything runs on one machine; later ones of the same kind win. */
    List<String> jvmOptions() {
        return jvmOptions;
    }
}
