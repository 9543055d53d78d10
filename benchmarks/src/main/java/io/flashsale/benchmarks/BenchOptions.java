package io.flashsale.benchmarks;

import io.flashsale.local.OptionParser;
import io.flashsale.local.UsageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The options of {@code bench}.
 *
 * @param engine whether decisions are measured
 * @param http whether calls are measured
 * @param commands holds of one round of the engine
 * @param rounds of the engine
 * @param rate calls per second
 * @param seconds of measured calls
 * @param warmupSeconds of calls before them
 * @param connections at most
 * @param json where the figures are written too
 */
record BenchOptions(
        boolean engine,
        boolean http,
        int commands,
        int rounds,
        int rate,
        int seconds,
        int warmupSeconds,
        int connections,
        Optional<Path> json) {

    /** Fewer come at once, and then there is no rate. */
    private static final int MIN_COMMANDS = 1_000;

    /** All of them are kept until the round is checked, in one partition. */
    private static final int MAX_COMMANDS = 10_000_000;

    private static final int MAX_ROUNDS = 100;
    private static final int MAX_RATE = 20_000;
    private static final int MAX_SECONDS = 3_600;

    /** Each one is a thread of ours. */
    private static final int MAX_CONNECTIONS = 1_000;

    static BenchOptions parse(List<String> arguments) throws UsageException {
        boolean engine = false;
        boolean http = false;
        int commands = 300_000;
        int rounds = 3;
        int rate = 500;
        int seconds = 20;
        // On two cores it takes about a minute until what matters is compiled.
        int warmupSeconds = 60;
        int connections = 256;
        Optional<Path> json = Optional.empty();
        OptionParser parser = new OptionParser(arguments);
        while (parser.next()) {
            switch (parser.name()) {
                case "engine" -> engine = parser.flag();
                case "http" -> http = parser.flag();
                case "--commands" -> commands = parser.number(MIN_COMMANDS, MAX_COMMANDS);
                case "--rounds" -> rounds = parser.number(1, MAX_ROUNDS);
                case "--rate" -> rate = parser.number(1, MAX_RATE);
                case "--seconds" -> seconds = parser.number(1, MAX_SECONDS);
                case "--warmup" -> warmupSeconds = parser.number(0, MAX_SECONDS);
                case "--connections" -> connections = parser.number(1, MAX_CONNECTIONS);
                case "--json" -> json = Optional.of(parser.path("a file"));
                // For the script, which decides about building.
                case "--no-build" -> parser.flag();
                default -> throw unknown(parser.name());
            }
        }
        boolean both = engine == http;
        // Each connection is used at least once a second, so that the server closes none for being idle.
        int used = Math.min(connections, rate);
        return new BenchOptions(
                engine || both, http || both, commands, rounds, rate, seconds, warmupSeconds, used, json);
    }

    private static UsageException unknown(String argument) {
        return new UsageException(
                (argument.startsWith("-") ? "There is no option " : "There is no benchmark ") + argument);
    }
}
