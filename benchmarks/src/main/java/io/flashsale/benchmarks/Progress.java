package io.flashsale.benchmarks;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/** Says what is going on, a line at a time, each with the seconds since the start. */
final class Progress {

    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final PrintStream out;
    private final long started = System.nanoTime();
    private long lastLine = started;

    Progress(PrintStream out) {
        this.out = out;
    }

    synchronized void step(String what) {
        lastLine = System.nanoTime();
        out.printf(Locale.ROOT, "%6.1f s  %s%n", (lastLine - started) / 1e9, what);
    }

    /** For something that is counted: says it only every other second. */
    synchronized void sometimes(Supplier<String> what) {
        if (System.nanoTime() - lastLine > INTERVAL.toNanos()) {
            step(what.get());
        }
    }
}
