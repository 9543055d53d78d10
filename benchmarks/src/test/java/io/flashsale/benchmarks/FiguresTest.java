package io.flashsale.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flashsale.benchmarks.ShopResult.AtRate;
import io.flashsale.benchmarks.ShopResult.Most;
import io.flashsale.benchmarks.ShopResult.Step;
import io.flashsale.benchmarks.report.Figure;
import io.flashsale.benchmarks.report.Plot.Point;
import io.flashsale.benchmarks.report.Section;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class FiguresTest {

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
    void readsTheMemoryOfAProcess() {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "needs Linux");

        assertThat(GrowthBenchmark.residentMegabytes(ProcessHandle.current().pid()))
                .isBetween(10.0, 10_000.0);
    }

    @Test
    void readsPercentilesOffTheHistogram() {
        LoadResult load = load(1_000, Map.of("201", 1_000L));

        assertThat(load.latencyMillis(50)).isCloseTo(500, within(1.0));
        assertThat(load.latencyMillis(99)).isCloseTo(990, within(1.0));
        assertThat(load.latencyMillis(100)).isCloseTo(1_000, within(1.0));
        assertThat(load.perSecondInAll()).isEqualTo(500);
        assertThat(load.latencyLine("a").points())
                .extracting(Point::x)
                .endsWith(99.5, 99.9)
                .doesNotContain(99.95);
    }

    @Test
    void countsALoadAsGoodOnlyWhenEveryAnswerIs() {
        assertThat(load(10, Map.of("201", 10L)).isOnly(201)).isTrue();
        assertThat(load(10, Map.of("201", 9L, "202", 1L)).isOnly(201)).isFalse();
        assertThat(load(10, Map.of("201", 9L, "EOFException", 1L)).isOnly(201)).isFalse();
    }

    @Test
    void callsSustainedOnlyWhatIsQuickAndRight() {
        assertThat(ShopLoad.isSustained(load(250, Map.of("201", 250L)), 201)).isTrue();
        assertThat(ShopLoad.isSustained(load(260, Map.of("201", 260L)), 201)).isFalse();
        assertThat(ShopLoad.isSustained(load(250, Map.of("503", 250L)), 201)).isFalse();
    }

    @Test
    void namesAHoldByItsNumber() {
        assertThat(Commands.numberOf(Commands.holdId("hot-1", 299_999))).isEqualTo(299_999);
    }

    @Test
    void tellsTheRateWithAndWithoutTheWarmUp() {
        Marks marks = new Marks(100, () -> new CpuTimes(Map.of("a", Duration.ZERO)));
        marks.reached(1);
        marks.reached(20);
        marks.reached(60);
        marks.reached(100);

        Marks.Round round = marks.round("one");

        assertThat(round.perSecond()).isPositive();
        assertThat(round.perSecondInAll()).isPositive();
        assertThat(round.cpuSecondsPerThousand()).isEqualTo(Map.of("a", 0.0));
    }

    @Test
    void comparesTheShops() {
        List<Section> sections = HttpSections.of(List.of(shop("flashsale", 9_000), shop("other", 3_000)));

        assertThat(sections)
                .extracting(Section::name)
                .containsExactly("http_1000", "http_peer_1000", "http_most_holds", "http_most_reads");
        assertThat(figure(sections.get(0), "latency_p50_ms").met()).isFalse();
        assertThat(figure(sections.get(1), "latency_p50_ms").met()).isNull();
        assertThat(figure(sections.get(2), "per_second").met()).isTrue();
        assertThat(figure(sections.get(2), "peer_per_second").value()).isEqualTo(3_000);
        assertThat(figure(sections.get(2), "ratio").value()).isEqualTo(3);
        assertThat(figure(sections.get(2), "ratio").met()).isTrue();
    }

    private static Figure figure(Section section, String name) {
        return Objects.requireNonNull(section.figures().get(name));
    }

    private static ShopResult shop(String name, int most) {
        LoadResult load = load(100, Map.of("201", 100L));
        Most found = new Most(most, List.of(new Step(most, load)));
        return new ShopResult(name, List.of(new AtRate(1_000, load, Map.of("ingress-1", 0.1))), found, found, load);
    }

    /** Calls of 1 ms, 2 ms and so on, in two seconds. */
    private static LoadResult load(int calls, Map<String, Long> answers) {
        Histogram micros = new Histogram(3);
        for (int i = 1; i <= calls; i++) {
            micros.recordValue(i * 1_000L);
        }
        return new LoadResult(micros, micros, answers, 2, true, List.of((long) calls));
    }
}
