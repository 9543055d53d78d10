package io.flashsale.benchmarks;

import io.flashsale.local.OptionParser;
import io.flashsale.local.UsageException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The options of {@code bench}.
 *
 * @param parts what is measured
 * @param commands holds of one round of the engine
 * @param rounds of the engine, of whole lives and of the peers
 * @param rates calls per second at which latencies are measured
 * @param seconds of measured calls
 * @param warmupSeconds of calls before them
 * @param stepSeconds how long one rate is tried when the most is looked for, and a round of the peers
 * @param connections at most, where latencies are measured
 * @param holds that are in the store when it is large
 * @param peers which of them are measured, as far as they are installed
 * @param report directory of the page; empty for one of this run among the project's reports
 * @param json where the figures are written too
 */
record BenchOptions(
        Set<Part> parts,
        int commands,
        int rounds,
        List<Integer> rates,
        int seconds,
        int warmupSeconds,
        int stepSeconds,
        int connections,
        int holds,
        Set<ServerKind> peers,
        Optional<Path> report,
        Optional<Path> json) {

    /** Fewer come at once, and then there is no rate. */
    private static final int MIN_COMMANDS = 1_000;

    /** All of them are kept until the round is checked, in one partition. */
    private static final int MAX_COMMANDS = 10_000_000;

    private static final int MAX_ROUNDS = 100;
    private static final int MAX_RATE = 20_000;
    private static final int MAX_SECONDS = 3_600;
    private static final int MAX_CONNECTIONS = 1_000;
    private static final int MAX_HOLDS = 100_000_000;

    static BenchOptions parse(List<String> arguments) throws UsageException {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        int commands = 300_000;
        int rounds = 3;
        List<Integer> rates = List.of(500, 1_000);
        int seconds = 20;
        // On two cores it takes about a minute until what matters is compiled.
        int warmupSeconds = 60;
        int stepSeconds = 8;
        int connections = 256;
        int holds = 10_000_000;
        Set<ServerKind> peers = EnumSet.allOf(ServerKind.class);
        Optional<Path> report = Optional.empty();
        Optional<Path> json = Optional.empty();
        OptionParser parser = new OptionParser(arguments);
        while (parser.next()) {
            switch (parser.name()) {
                case "--commands" -> commands = parser.number(MIN_COMMANDS, MAX_COMMANDS);
                case "--rounds" -> rounds = parser.number(1, MAX_ROUNDS);
                case "--rate" -> rates = List.of(parser.number(1, MAX_RATE));
                case "--seconds" -> seconds = parser.number(1, MAX_SECONDS);
                case "--warmup" -> warmupSeconds = parser.number(0, MAX_SECONDS);
                case "--step" -> stepSeconds = parser.number(1, MAX_SECONDS);
                case "--connections" -> connections = parser.number(1, MAX_CONNECTIONS);
                case "--holds" -> holds = parser.number(MIN_COMMANDS, MAX_HOLDS);
                case "--peer" -> peers = EnumSet.of(peer(parser.value()));
                case "--report" -> report = Optional.of(parser.path("a directory"));
                case "--json" -> json = Optional.of(parser.path("a file"));
                // For the script, which decides about building.
                case "--no-build" -> parser.flag();
                default -> {
                    parts.add(Part.named(parser.name()).orElseThrow(() -> unknown(parser.name())));
                    parser.flag();
                }
            }
        }
        return new BenchOptions(
                parts.isEmpty() ? EnumSet.allOf(Part.class) : parts,
                commands,
                rounds,
                rates,
                seconds,
                warmupSeconds,
                stepSeconds,
                connections,
                holds,
                peers,
                report,
                json);
    }

    private static ServerKind peer(String name) throws UsageException {
        return Arrays.stream(ServerKind.values())
                .filter(kind -> kind.optionName().equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("There is no peer " + name));
    }

    private static UsageException unknown(String argument) {
        return new UsageException(
                (argument.startsWith("-") ? "There is no option " : "There is no benchmark ") + argument);
    }
}
