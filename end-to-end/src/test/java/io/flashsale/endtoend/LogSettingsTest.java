package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Lines of all services can be read in the same way. How they look is tested with one of them. */
class LogSettingsTest {

    @Test
    void theIngressWritesLinesAsTheStreamApplicationsDo() {
        List<Map<String, Object>> ingress = DeploymentFiles.yamls("ingress-api/src/main/resources/application.yaml");
        List<Map<String, Object>> streams = DeploymentFiles.yamls("streams-support/src/main/resources/streams.yaml");

        assertThat(pattern(ingress)).isEqualTo(pattern(streams));
        assertThat(ingress.getLast()).isEqualTo(streams.getLast());
        assertThat(ingress.getLast())
                .isEqualTo(Map.of(
                        "spring", Map.of("config", Map.of("activate", Map.of("on-profile", "!local"))),
                        "logging", Map.of("structured", Map.of("format", Map.of("console", "ecs")))));
    }

    private static Map<String, Object> pattern(List<Map<String, Object>> settings) {
        return DeploymentFiles.map(settings.getFirst(), "logging", "pattern");
    }
}
