package io.flashsale.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.benchmarks.report.Plot.Axis;
import io.flashsale.benchmarks.report.Plot.Line;
import io.flashsale.benchmarks.report.Plot.Point;
import io.flashsale.benchmarks.report.Plot.Scale;
import io.flashsale.contracts.Json;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportTest {

    private static final Machine MACHINE = new Machine(
            Instant.parse("2026-11-20T07:00:00Z"), 2, "A CPU", 8_000_000_000L, "Linux 6", "A JVM", "4", 0.5);

    private final Report report = new Report(
            MACHINE,
            List.of(
                    Section.named("engine", "one hot product")
                            .figure(
                                    "decisions_per_second",
                                    Figure.ofRounds(
                                                    "decisions/s",
                                                    Unit.PER_SECOND,
                                                    List.of(30_000.0, 10_000.0, 20_000.0))
                                            .atLeast(25_000)
                                            .reference("others: 1/s"))
                            .figure(
                                    "p99_ms",
                                    Figure.of("p99", Unit.MILLIS, 3.25).atMost(4))
                            .cpu("decisions", Map.of("inventory-1", 0.05))
                            .note("All is well.")
                            .plot(plot(Scale.LINEAR))
                            .build(),
                    Section.failure("http", "There was no answer.")));

    @TempDir
    private Path directory;

    @Test
    void takesTheMiddleRound() {
        assertThat(Statistics.median(List.of(9.0, 7.0, 8.0))).isEqualTo(8);
        assertThat(Statistics.median(List.of(40.0, 10.0, 20.0, 30.0))).isEqualTo(25);
        assertThat(Statistics.medians(List.of(Map.of("a", 1.0), Map.of("a", 3.0))))
                .isEqualTo(Map.of("a", 2.0));
    }

    @Test
    void showsWhatWasMeasuredAndOnWhat() {
        assertThat(String.join("\n", report.lines()))
                .contains("2 cores A CPU, 8.0 GB, Linux 6, load 0.5 before the start", "A JVM, Kafka 4")
                .contains("\nengine: one hot product\n", "\nAll is well.")
                .containsPattern(
                        "decisions/s +20,000/s +30,000/s  10,000/s  20,000/s +≥ 25,000/s, NOT met +others: 1/s\n")
                .containsPattern("p99 +3.3 ms +≤ 4.0 ms, met\n")
                .containsPattern("CPU seconds per 1,000 decisions +0.050 s\n")
                .containsPattern("  inventory-1 +0.050 s\n")
                .contains("FAILED: There was no answer.");
        assertThat(report.isFailed()).isTrue();
    }

    @Test
    void writesAPageWithItsPlots() throws Exception {
        ReportFiles.writePage(report, directory.resolve("page"));

        assertThat(Files.readString(directory.resolve("page/report.md")))
                .contains("## engine: one hot product\n\n| what | measured |")
                .contains("| p99 | 3.3 ms |  | ≤ 4.0 ms, met |  |\n")
                .contains("![A & B](a-plot.svg)");
        assertThat(Files.readString(directory.resolve("page/a-plot.svg"))).startsWith("<svg ");
    }

    @Test
    void writesTheSameForPrograms() throws Exception {
        Path file = directory.resolve("figures.json");

        ReportFiles.writeJson(report, file);

        var json = Json.MAPPER.readTree(file);
        assertThat(json.at("/machine/cores").intValue()).isEqualTo(2);
        var decisions = json.at("/sections/engine/figures/decisions_per_second");
        assertThat(decisions.path("value").doubleValue()).isEqualTo(20_000);
        assertThat(decisions.path("rounds").size()).isEqualTo(3);
        assertThat(decisions.at("/target/value").doubleValue()).isEqualTo(25_000);
        assertThat(json.at("/sections/http/failed").booleanValue()).isTrue();
    }

    @Test
    void findsAFigureAgain() {
        assertThat(report.value("engine", "p99_ms")).hasValue(3.25);
        assertThat(report.value("engine", "p98_ms")).isEmpty();
        assertThat(report.value("growth", "p99_ms")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Scale.class)
    void drawsOnEveryScale(Scale scale) throws Exception {
        Document svg = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(SvgPlot.draw(plot(scale)))));

        var lines = svg.getElementsByTagName("polyline");
        assertThat(lines.getLength()).isEqualTo(2);
        for (int i = 0; i < lines.getLength(); i++) {
            String points = lines.item(i).getAttributes().getNamedItem("points").getNodeValue();
            for (String coordinate : points.split("[ ,]")) {
                assertThat(Double.parseDouble(coordinate)).isBetween(0.0, 760.0);
            }
        }
    }

    @Test
    void putsThePointsWhereTheyBelong() throws Exception {
        Plot plot = new Plot(
                "p",
                "p",
                new Axis("x", Scale.PERCENTILE),
                new Axis("y", Scale.LOG),
                List.of(new Line("l", List.of(new Point(0, 1), new Point(90, 10), new Point(99, 100)))));

        String svg = SvgPlot.draw(plot);

        // The plane goes from 80 to 740, and from 350 up to 40: each nine, and each ten times, is half of that.
        assertThat(svg).contains("points=\"80.0,350.0 410.0,195.0 740.0,40.0\"");
    }

    private static Plot plot(Scale scale) {
        return new Plot(
                "a-plot",
                "A & B",
                new Axis("x < y", scale),
                new Axis("ms", Scale.LINEAR),
                List.of(
                        new Line("first", List.of(new Point(1, 10), new Point(90, 20))),
                        new Line("second", List.of(new Point(50, 3), new Point(99.99, 70)))));
    }
}
