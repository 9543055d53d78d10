package io.flashsale.benchmarks;

import io.flashsale.benchmarks.EngineResult.Round;
import io.flashsale.local.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Everything of one run, as it is written to a file and shown to a person.
 *
 * @param engine empty if it was not measured
 * @param http empty if it was not measured
 */
record Report(Machine machine, Optional<EngineResult> engine, Optional<HttpResult> http) {

    /** Figures of others, to compare with. Ours are only ever those that this command has just measured. */
    private static final String REFERENCE = "reference: an earlier prototype, other machine with 2 cores";

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("%d cores %s, %.1f GB, %s, load %.1f before the start"
                .formatted(
                        machine.cores(),
                        machine.cpu(),
                        machine.memoryBytes() / 1e9,
                        machine.system(),
                        machine.loadAtStart()));
        lines.add("%s, Kafka %s, %s".formatted(machine.jdk(), machine.kafka(), machine.measuredAt()));
        engine.ifPresent(result -> addEngine(lines, result));
        http.ifPresent(result -> addHttp(lines, result));
        return lines;
    }

    private static void addEngine(List<String> lines, EngineResult result) {
        lines.add("");
        lines.add("engine: one hot product, %,d holds from the log, exactly once, median of %d rounds"
                .formatted(result.commands(), result.rounds().size()));
        Table table = new Table("what", "measured", REFERENCE)
                .row(
                        "decisions/s, without the first %.0f %%".formatted(result.warmupShare() * 100),
                        "%,.0f".formatted(result.decisionsPerSecond()),
                        "28,000: JSON state, three cached RocksDB stores")
                .row(
                        "  each round",
                        eachRound(result, Round::decisionsPerSecond),
                        "57,000–61,000: binary state, two stores")
                .row(
                        "decisions/s, all of them",
                        "%,.0f".formatted(result.decisionsPerSecondInAll()),
                        "113,000–123,000: holds without record cache, lz4")
                .row("  each round", eachRound(result, Round::decisionsPerSecondInAll), "198,000: state in memory");
        addCpu(table, "decisions", result.cpuSecondsPerThousand());
        lines.addAll(table.lines());
    }

    private static void addHttp(List<String> lines, HttpResult result) {
        Latency latency = result.latencyMs();
        lines.add("");
        lines.add("http: POST /api/holds, one hot product, %,d calls/s for %d s after %d s, %d connections"
                .formatted(result.ratePerSecond(), result.seconds(), result.warmupSeconds(), result.connections()));
        Table table = new Table("what", "measured", REFERENCE)
                .row("latency p50", millis(latency.p50()), "8–10 ms: one exactly-once hop without HTTP, 1,000/s")
                .row("latency p90", millis(latency.p90()), "")
                .row("latency p99", millis(latency.p99()), "25–40 ms: the same")
                .row("latency p99.9", millis(latency.p999()), "")
                .row("latency max", millis(latency.max()), "")
                .row("sent late, p99", millis(result.delayMs().p99()), "")
                .row("answers/s", "%,.1f".formatted(result.achievedPerSecond()), "")
                .row("answers", HttpResult.inWords(result.answers()), "")
                .row("answers of the warm-up", HttpResult.inWords(result.warmupAnswers()), "");
        addCpu(table, "holds", result.cpuSecondsPerThousand());
        lines.addAll(table.lines());
    }

    private static void addCpu(Table table, String what, Map<String, Double> secondsPerThousand) {
        double sum = secondsPerThousand.values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
        table.row("CPU seconds per 1,000 " + what, "%.3f".formatted(sum), "");
        secondsPerThousand.forEach((process, seconds) -> table.row("  " + process, "%.3f".formatted(seconds), ""));
    }

    private static String eachRound(EngineResult result, ToDoubleFunction<Round> figure) {
        return result.rounds().stream()
                .map(round -> "%,.0f".formatted(figure.applyAsDouble(round)))
                .collect(Collectors.joining("  "));
    }

    private static String millis(double value) {
        return "%,.1f ms".formatted(value);
    }
}
