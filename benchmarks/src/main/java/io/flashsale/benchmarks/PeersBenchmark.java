package io.flashsale.benchmarks;

import io.flashsale.benchmarks.report.Figure;
import io.flashsale.benchmarks.report.Section;
import io.flashsale.benchmarks.report.Unit;
import io.flashsale.local.PipelineException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** One hot product in what a team would use instead: how many holds a second a database, or Redis, can take. */
final class PeersBenchmark {

    static final String NAME = "peers";

    /** Further ones only wait for the same row. */
    private static final List<Integer> CONNECTIONS = List.of(8, 16, 32, 64);

    private static final int TUNING_PART = 4;

    private final Progress progress;
    private final int rounds;
    private final int seconds;

    /** @param seconds of each round */
    PeersBenchmark(Progress progress, int rounds, int seconds) {
        this.progress = progress;
        this.rounds = rounds;
        this.seconds = seconds;
    }

    /** @param kinds those of them that are installed are measured */
    Section run(List<ServerKind> kinds) {
        Section.Builder section = Section.named(
                NAME,
                "holds of one hot row, each answered when it is durable, median of %d rounds of %d s"
                        .formatted(rounds, seconds));
        for (ServerKind kind : kinds) {
            if (!kind.isInstalled()) {
                section.note(kind.missing());
                continue;
            }
            try (PeerServer server = PeerServer.start(kind, progress)) {
                for (Supplier<HotRow> row : rows(server)) {
                    measure(server, row, section);
                }
            } catch (PipelineException failed) {
                // The others count.
                progress.step(kind.label() + " failed: " + failed.getMessage());
                section.failed(kind.label() + ", see the output.");
            }
        }
        return section.build();
    }

    private static List<Supplier<HotRow>> rows(PeerServer server) {
        return switch (server.kind()) {
            case MARIADB, POSTGRESQL -> {
                SqlHotRow.createTables(server);
                yield List.of(
                        () -> new SqlHotRow(server, SqlHotRow.Way.LOCK),
                        () -> new SqlHotRow(server, SqlHotRow.Way.ATOMIC));
            }
            case REDIS_EVERYSEC, REDIS_ALWAYS ->
                List.of(() -> new RedisHotRow(server, false), () -> new RedisHotRow(server, true));
        };
    }

    private void measure(PeerServer server, Supplier<HotRow> newRow, Section.Builder section) {
        try (HotRow row = newRow.get()) {
            Duration tuning = Duration.ofSeconds(seconds).dividedBy(TUNING_PART);
            // Our side is compiled meanwhile.
            long placed = run(server, row, CONNECTIONS.getFirst(), tuning).done();
            int best = 0;
            double bestPerSecond = 0;
            for (int connections : CONNECTIONS) {
                ClosedLoop.Result result = run(server, row, connections, tuning);
                placed += result.done();
                if (result.perSecond() > bestPerSecond) {
                    best = connections;
                    bestPerSecond = result.perSecond();
                }
            }
            List<Double> perSecond = new ArrayList<>();
            CpuTimes before = server.cpuTimes();
            long measured = 0;
            for (int round = 0; round < rounds; round++) {
                ClosedLoop.Result result = run(server, row, best, Duration.ofSeconds(seconds));
                measured += result.done();
                perSecond.add(result.perSecond());
            }
            double cpu = server.cpuTimes().secondsPerThousandSince(before, measured).values().stream()
                    .mapToDouble(Double::doubleValue)
                    .sum();
            row.requireHolds(placed + measured);
            section.figure(
                            row.name(),
                            Figure.ofRounds(
                                    "%s, %d connections".formatted(row.label(), best), Unit.PER_SECOND, perSecond))
                    .figure(
                            row.name() + "_cpu_seconds_per_thousand",
                            Figure.of("  CPU seconds per 1,000, with the clients", Unit.CPU_SECONDS, cpu));
        }
    }

    private ClosedLoop.Result run(PeerServer server, HotRow row, int connections, Duration duration) {
        ClosedLoop.Result result = ClosedLoop.run(connections, duration, row::newWorker, server::requireHealth);
        progress.step("%s, %d connections: %,.0f holds/s".formatted(row.label(), connections, result.perSecond()));
        return result;
    }
}
