package io.flashsale.benchmarks;

import io.flashsale.benchmarks.report.Figure;
import io.flashsale.benchmarks.report.Report;
import io.flashsale.benchmarks.report.Section;
import io.flashsale.benchmarks.report.Unit;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** How many times as many decisions as holds in a peer, where both were measured in the same run. */
final class Comparison {

    static final String NAME = "comparison";

    private static final Map<String, Double> TARGETS = Map.of("mariadb_atomic", 30.0, "redis_everysec", 3.0);

    private Comparison() {}

    static Optional<Section> of(Report report) {
        OptionalDouble engine = report.value(EngineBenchmark.NAME, EngineBenchmark.DECISIONS_PER_SECOND);
        Optional<Section> peers = report.section(PeersBenchmark.NAME);
        if (engine.isEmpty() || peers.isEmpty()) {
            return Optional.empty();
        }
        Section.Builder section = Section.named(NAME, "decisions/s of the engine ÷ holds/s of the peers, the same run");
        peers.get().figures().forEach((name, peer) -> {
            if (peer.unit() == Unit.PER_SECOND) {
                Figure ratio = Figure.of("engine ÷ " + peer.what(), Unit.TIMES, engine.getAsDouble() / peer.value());
                Double target = TARGETS.get(name);
                section.figure("engine_to_" + name, target == null ? ratio : ratio.atLeast(target));
            }
        });
        return Optional.of(section.build());
    }
}
