package io.flashsale.benchmarks;

import io.flashsale.local.UsageException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

    static BenchOptions parse(List<String> arguments) throws UsageException {
        Parser parser = new Parser(arguments.iterator());
        while (parser.next()) {
            parser.take();
        }
        return parser.result();
    }

    /** Reads one argument after the other; options are {@code --name value} or {@code --name=value}. */
    private static final class Parser {

        /** Fewer come at once, and then there is no rate. */
        private static final int MIN_COMMANDS = 1_000;

        /** All of them are kept until the round is checked, in one partition. */
        private static final int MAX_COMMANDS = 10_000_000;

        private static final int MAX_ROUNDS = 100;
        private static final int MAX_RATE = 20_000;
        private static final int MAX_SECONDS = 3_600;

        /** Each one is a thread of ours. */
        private static final int MAX_CONNECTIONS = 1_000;

        private final Iterator<String> arguments;
        private String name = "";
        private @Nullable String attached;

        private boolean engine;
        private boolean http;
        private int commands = 300_000;
        private int rounds = 3;
        private int rate = 500;
        private int seconds = 20;
        private int warmupSeconds = 10;
        private int connections = 256;
        private Optional<Path> json = Optional.empty();

        private Parser(Iterator<String> arguments) {
            this.arguments = arguments;
        }

        boolean next() {
            if (!arguments.hasNext()) {
                return false;
            }
            String argument = arguments.next();
            int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
            name = equals < 0 ? argument : argument.substring(0, equals);
            attached = equals < 0 ? null : argument.substring(equals + 1);
            return true;
        }

        void take() throws UsageException {
            switch (name) {
                case "engine" -> engine = true;
                case "http" -> http = true;
                case "--commands" -> commands = number(MIN_COMMANDS, MAX_COMMANDS);
                case "--rounds" -> rounds = number(1, MAX_ROUNDS);
                case "--rate" -> rate = number(1, MAX_RATE);
                case "--seconds" -> seconds = number(1, MAX_SECONDS);
                case "--warmup" -> warmupSeconds = number(0, MAX_SECONDS);
                case "--connections" -> connections = number(1, MAX_CONNECTIONS);
                case "--json" -> json = Optional.of(file());
                // For the script, which decides about building.
                case "--no-build" -> flag();
                default ->
                    throw new UsageException(
                            name.startsWith("-") ? "There is no option " + name : "There is no benchmark " + name);
            }
        }

        BenchOptions result() {
            boolean both = engine == http;
            return new BenchOptions(
                    engine || both,
                    http || both,
                    commands,
                    rounds,
                    rate,
                    seconds,
                    warmupSeconds,
                    // Each one is used at least once a second, so that the server closes none for being idle.
                    Math.min(connections, rate),
                    json);
        }

        private void flag() throws UsageException {
            if (attached != null) {
                throw new UsageException(name + " takes no value");
            }
        }

        private String value() throws UsageException {
            String value = attached != null ? attached : arguments.hasNext() ? arguments.next() : "";
            if (value.isBlank() || (attached == null && value.startsWith("--"))) {
                throw new UsageException(name + " needs a value");
            }
            return value;
        }

        private int number(int min, int max) throws UsageException {
            String value = value();
            int number = value.matches("[0-9]{1,9}") ? Integer.parseInt(value) : -1;
            if (number < min || number > max) {
                throw new UsageException(
                        name + " must be a whole number from " + min + " to " + max + ", not " + value);
            }
            return number;
        }

        private Path file() throws UsageException {
            String value = value();
            try {
                return Path.of(value);
            } catch (InvalidPathException invalid) {
                throw new UsageException(name + " must be a file, not " + value);
            }
        }
    }
}
