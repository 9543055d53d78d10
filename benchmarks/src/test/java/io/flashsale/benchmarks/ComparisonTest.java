package io.flashsale.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.benchmarks.report.Figure;
import io.flashsale.benchmarks.report.Machine;
import io.flashsale.benchmarks.report.Report;
import io.flashsale.benchmarks.report.Section;
import io.flashsale.benchmarks.report.Unit;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static final Section ENGINE = Section.named("engine", "e")
            .figure("decisions_per_second", Figure.of("decisions/s", Unit.PER_SECOND, 60_000))
            .build();
    private static final Section PEERS = Section.named("peers", "p")
            .figure("mariadb_atomic", Figure.of("MariaDB, atomic UPDATE", Unit.PER_SECOND, 3_000))
            .figure("mariadb_atomic_cpu_seconds_per_thousand", Figure.of("CPU", Unit.CPU_SECONDS, 0.2))
            .figure("redis_everysec", Figure.of("Redis", Unit.PER_SECOND, 15_000))
            .build();

    @Test
    void dividesTheEngineByEachPeer() {
        Section comparison = Comparison.of(report(ENGINE, PEERS)).orElseThrow();

        assertThat(comparison.figures()).containsOnlyKeys("engine_to_mariadb_atomic", "engine_to_redis_everysec");
        Figure mariadb = Objects.requireNonNull(comparison.figures().get("engine_to_mariadb_atomic"));
        assertThat(mariadb.value()).isEqualTo(20);
        assertThat(mariadb.met()).isFalse();
        Figure redis = Objects.requireNonNull(comparison.figures().get("engine_to_redis_everysec"));
        assertThat(redis.value()).isEqualTo(4);
        assertThat(redis.met()).isTrue();
    }

    @Test
    void needsBothInTheSameRun() {
        assertThat(Comparison.of(report(ENGINE))).isEmpty();
        assertThat(Comparison.of(report(PEERS))).isEmpty();
    }

    private static Report report(Section... sections) {
        return new Report(Machine.thisOne(), List.of(sections));
    }
}
