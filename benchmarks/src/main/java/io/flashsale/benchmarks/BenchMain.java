package io.flashsale.benchmarks;

import io.flashsale.local.Main;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The main class behind {@code ./flashsale bench}. */
public final class BenchMain {

    private BenchMain() {}

    /** Runs the benchmarks and exits with the code of the command line, see {@link Main}. */
    public static void main(String[] args) {
        // The figures look the same everywhere.
        Locale.setDefault(Locale.ROOT);
        System.exit(new Main(Map.of("bench", new BenchCommand(System.out)), System.err).run(List.of(args)));
    }
}
