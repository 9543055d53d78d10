package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.endtoend.Monitoring.Alert;
import io.flashsale.endtoend.PrometheusQuery.Sample;
import io.flashsale.endtoend.PrometheusQuery.Selector;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Alerts and dashboards are what Prometheus, Grafana and a person on call can use. */
class MonitoringTest {

    private static final Pattern HEADING = Pattern.compile("(?m)^### ([A-Za-z]+)$");

    @Test
    void prometheusReadsTheRules() {
        assertThat(DeploymentFiles.list(DeploymentFiles.prometheus(), "rule_files"))
                .containsExactly("/etc/prometheus/rules/*.yml");
        assertThat(Monitoring.alerts()).hasSizeGreaterThan(10).allSatisfy(alert -> {
            assertThat(alert.labels().get("severity")).isIn("critical", "warning", "info");
            assertThat((String) alert.annotations().get("summary")).endsWith(".");
        });
    }

    /** What to do is written where the alert says. */
    @Test
    void eachAlertHasItsParagraph() {
        String operating = DeploymentFiles.text("docs/operating.md");
        String chapter = operating.substring(operating.indexOf("\n## Alerts\n"));
        List<String> headings = HEADING.matcher(chapter.substring(0, chapter.indexOf("\n## ", 1)))
                .results()
                .map(heading -> heading.group(1))
                .toList();

        List<Alert> alerts = Monitoring.alerts();

        assertThat(alerts).extracting(Alert::name).containsExactlyElementsOf(headings);
        assertThat(alerts)
                .allSatisfy(alert -> assertThat(alert.annotations().get("runbook"))
                        .isEqualTo("docs/operating.md#" + alert.name().toLowerCase(Locale.ROOT)));
    }

    @Test
    void whatAnAutoscalerAsksForIsWhatAnAlertAsksFor() {
        String scaling = DeploymentFiles.text("docs/operating.md").split("\\*\\*Scaling\\.\\*\\*", 2)[1];
        String query = scaling.split("```\n", 3)[1].strip();

        assertThat(query).startsWith("sum by (service)");
        assertThat(DeploymentFiles.text("ops/prometheus/rules/flashsale.yml")).contains(query + " > ");
    }

    @Test
    void dashboardsAreOnesThatGrafanaCanShow() {
        List<JsonNode> dashboards = Monitoring.dashboards();

        assertThat(dashboards)
                .hasSize(3)
                .extracting(dashboard -> dashboard.get("uid").asString())
                .doesNotHaveDuplicates();
        assertThat(dashboards).allSatisfy(dashboard -> {
            List<JsonNode> panels = dashboard.get("panels").valueStream().toList();
            assertThat(panels).extracting(panel -> panel.get("id").intValue()).doesNotHaveDuplicates();
            assertThat(panels)
                    .allSatisfy(panel -> assertThat(panel.path("title").asString(""))
                            .as(panel.get("id").toString())
                            .isNotBlank());
            assertThat(panels.stream().filter(panel -> panel.has("targets")))
                    .isNotEmpty()
                    .allSatisfy(panel -> {
                        assertThat(panel.at("/datasource/uid").asString()).isEqualTo("prometheus");
                        assertThat(panel.at("/fieldConfig/defaults/unit").asString(""))
                                .as(panel.get("title").asString())
                                .isNotBlank();
                    });
        });
    }

    @Test
    void queriesAreWholeAndAskForSomething() {
        assertThat(Monitoring.queries()).allSatisfy(query -> {
            assertThat(count(query, "(")).isEqualTo(count(query, ")"));
            assertThat(count(query, "{")).isEqualTo(count(query, "}"));
            assertThat(query.text().equals("up{job=\"flashsale\"} == 0")
                            || !query.selectors().isEmpty())
                    .as(query.text())
                    .isTrue();
        });
    }

    @Test
    void theSeriesOfAQueryAreFound() {
        PrometheusQuery query = new PrometheusQuery(
                "histogram_quantile(0.99, sum by (le, service) (rate(a_bucket{x=~\"b|c\"}[5m]))) > 2 * up and b_total"
                        + " or on (service) count(d{y!~\"z.*\",service=\"s\"} offset 5m)");

        assertThat(query.selectors())
                .extracting(Selector::name, Selector::matchers)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a_bucket", "x=~\"b|c\""),
                        org.assertj.core.groups.Tuple.tuple("b_total", ""),
                        org.assertj.core.groups.Tuple.tuple("d", "y!~\"z.*\",service=\"s\""));
    }

    @Test
    void aSeriesIsFoundInAScrape() {
        List<Sample> samples = Sample.of("# HELP a\na{x=\"b\",y=\"q\\\"uote\"} 1.0\nb 2.0\n");

        assertThat(matches("a", "x=\"b\"", samples)).isTrue();
        assertThat(matches("a", "x=~\"b|c\",service=\"any\"", samples)).isTrue();
        assertThat(matches("b", "", samples)).isTrue();
        assertThat(Stream.of("x=\"c\"", "z=\"b\"", "x!=\"b\"", "x!~\"b|c\"", "z!=\"b\""))
                .allSatisfy(matchers ->
                        assertThat(matches("a", matchers, samples)).as(matchers).isFalse());
        assertThat(matches("c", "", samples)).isFalse();
    }

    private static boolean matches(String name, String matchers, List<Sample> samples) {
        return samples.stream().anyMatch(new Selector(name, matchers)::selects);
    }

    private static long count(PrometheusQuery query, String character) {
        return query.text().chars().filter(c -> c == character.charAt(0)).count();
    }
}
