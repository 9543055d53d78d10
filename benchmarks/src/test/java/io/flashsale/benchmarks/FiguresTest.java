package io.flashsale.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flashsale.benchmarks.EngineResult.Round;
import io.flashsale.contracts.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class FiguresTest {

    private static final Machine MACHINE = new Machine(
            Instant.parse("2026-11-20T07:00:00Z"), 2, "A CPU", 8_000_000_000L, "Linux 6", "A JVM", "4", 0.5);

    @Test
    void takesTheMiddleRound() {
        EngineResult result = EngineResult.of(
                1_000, 0.2, List.of(round(30, 3, 0.3), round(10, 1, 0.1), round(20, 2, 0.2), round(40, 4, 0.4)));

        assertThat(result.decisionsPerSecond()).isEqualTo(25);
        assertThat(result.decisionsPerSecondInAll()).isEqualTo(2.5);
        assertThat(result.cpuSecondsPerThousand()).containsExactly(Map.entry("inventory-1", 0.25));
        assertThat(Statistics.median(List.of(9.0, 7.0, 8.0))).isEqualTo(8);
    }

    @Test
    void countsTheCpuTimeThatWasUsedMeanwhile() {
        CpuTimes before = new CpuTimes(Map.of("a", Duration.ofSeconds(10)));
        CpuTimes after = new CpuTimes(Map.of("a", Duration.ofMillis(11_500)));

        assertThat(after.secondsPerThousandSince(before, 3_000)).isEqualTo(Map.of("a", 0.5));
    }

    @Test
    void readsTheCpuTimeOfProcesses() {
        CpuTimes times =
                CpuTimes.of(List.of("me"), name -> ProcessHandle.current().pid());

        assertThat(times.byName()).containsOnlyKeys("me", CpuTimes.LOAD_GENERATOR);
        assertThat(times.byName().values()).allMatch(Duration::isPositive);
    }

    @Test
    void readsPercentilesOffTheHistogram() {
        Histogram micros = new Histogram(3);
        for (int i = 1; i <= 1_000; i++) {
            micros.recordValue(i * 1_000L);
        }

        Latency latency = Latency.of(micros);

        assertThat(latency.p50()).isCloseTo(500, within(1.0));
        assertThat(latency.p90()).isCloseTo(900, within(1.0));
        assertThat(latency.p99()).isCloseTo(990, within(1.0));
        assertThat(latency.p999()).isCloseTo(999, within(1.0));
        assertThat(latency.max()).isCloseTo(1_000, within(1.0));
    }

    @Test
    void countsACallAsGoodOnlyWhenItIsCreated() {
        assertThat(http(Map.of("201", 10L), Map.of("201", 5L)).isAllCreated()).isTrue();
        assertThat(http(Map.of("201", 10L), Map.of("201", 5L)).created()).isEqualTo(15);
        assertThat(http(Map.of("201", 10L), Map.of()).isAllCreated()).isTrue();
        assertThat(http(Map.of("201", 10L, "202", 1L), Map.of()).isAllCreated()).isFalse();
        assertThat(http(Map.of("201", 10L), Map.of("EOFException", 1L)).isAllCreated())
                .isFalse();
    }

    @Test
    void namesAHoldByItsNumber() {
        assertThat(Commands.numberOf(Commands.holdId("hot-1", 299_999))).isEqualTo(299_999);
    }

    @Test
    void showsWhatWasMeasuredAndOnWhat() {
        EngineResult engine = EngineResult.of(1_000, 0.2, List.of(round(30_000, 20_000, 0.05)));
        Report report = new Report(MACHINE, Optional.of(engine), Optional.of(http(Map.of("201", 10L), Map.of())));

        String text = String.join("\n", report.lines());

        assertThat(text)
                .contains("2 cores A CPU, 8.0 GB, Linux 6, load 0.5 before the start", "A JVM, Kafka 4")
                .containsPattern("decisions/s, without the first 20 % +30,000 ")
                .containsPattern("decisions/s, all of them +20,000 ")
                .containsPattern("inventory-1 +0.050\n")
                .containsPattern("latency p99 +3.0 ms ")
                .containsPattern("answers +10 × 201\n");
    }

    @Test
    void writesTheSameToAFile() {
        Report report = new Report(MACHINE, Optional.empty(), Optional.of(http(Map.of("201", 10L), Map.of())));

        var json = Json.MAPPER.readTree(Json.MAPPER.writeValueAsBytes(report));

        assertThat(json.at("/machine/cores").intValue()).isEqualTo(2);
        assertThat(json.at("/http/latency_ms/p99").doubleValue()).isEqualTo(3);
        assertThat(json.at("/http/answers/201").intValue()).isEqualTo(10);
        assertThat(json.path("engine").isNull() || json.path("engine").isMissingNode())
                .isTrue();
    }

    private static Round round(double warm, double inAll, double cpu) {
        return new Round(warm, inAll, Map.of("inventory-1", cpu));
    }

    private static HttpResult http(Map<String, Long> answers, Map<String, Long> warmupAnswers) {
        Latency latency = new Latency(1, 2, 3, 4, 5);
        return new HttpResult(10, 10, 1, 0, 1, answers, warmupAnswers, latency, latency, Map.of("ingress-1", 0.1));
    }
}
