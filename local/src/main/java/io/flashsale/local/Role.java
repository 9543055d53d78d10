package io.flashsale.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a process of the pipeline does, and what it may use. The order is the order of starting. */
public enum Role {
    // The collector begins with 20 MB for young objects, and in a rush would be called some fifteen times a second.
    // What lives longer than a second stays for minutes, and to copy it from one survivor space to the other fifteen
    // times doubled the pauses, which stop everybody: 14 ms instead of 8.
    BROKER("-Xmn64m", "-XX:MaxTenuringThreshold=2", "-Xmx384m"),
    INVENTORY("-Xmn96m", "-Xmx320m"),
    ORDERS("-Xmn96m", "-Xmx320m"),
    // In a rush a thousand calls wait for their decisions: what is theirs must fit into the survivors, or it fills
    // the old generation within a second, again and again.
    INGRESS("-Xmn256m", "-XX:SurvivorRatio=2", "-Xmx640m");

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
    public List<String> jvmOptions() {
        return jvmOptions;
    }
}
