package io.flashsale.endtoend;

import io.flashsale.contracts.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The dashboards and alerts in {@code ops}. */
final class Monitoring {

    private static final Path OPS = Path.of("../ops");

    private Monitoring() {}

    /** A rule of Prometheus. */
    record Alert(String name, PrometheusQuery query, Map<String, Object> labels, Map<String, Object> annotations) {}

    static List<Alert> alerts() {
        return DeploymentFiles.maps(DeploymentFiles.yaml("ops/prometheus/rules/flashsale.yml"), "groups").stream()
                .flatMap(group -> DeploymentFiles.maps(group, "rules").stream())
                .map(rule -> new Alert(
                        (String) rule.get("alert"),
                        new PrometheusQuery((String) rule.get("expr")),
                        DeploymentFiles.map(rule, "labels"),
                        DeploymentFiles.map(rule, "annotations")))
                .toList();
    }

    static List<JsonNode> dashboards() {
        try (Stream<Path> files = Files.list(OPS.resolve("grafana/dashboards"))) {
            return files.map(Json.MAPPER::readTree).toList();
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    static List<PrometheusQuery> queriesOf(JsonNode dashboard) {
        return dashboard
                .get("panels")
                .valueStream()
                .flatMap(panel -> panel.path("targets").valueStream())
                .map(target -> new PrometheusQuery(target.get("expr").asString()))
                .toList();
    }

    /** Everything that somebody looks at or is told of. */
    static List<PrometheusQuery> queries() {
        return Stream.concat(
                        alerts().stream().map(Alert::query),
                        dashboards().stream().flatMap(dashboard -> queriesOf(dashboard).stream()))
                .toList();
    }
}
