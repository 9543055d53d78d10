package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What is delivered may be used by everybody as the project itself may. */
class LicencesTest {

    /** Of several that somebody may choose from, one is enough. */
    private static final Set<String> ALLOWED =
            Set.of("Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "EPL-1.0", "EPL-2.0", "MIT", "MIT-0", "CC0-1.0");

    /** Of the broker that {@code up} starts: Kafka delivers these libraries itself. The first one is BSD-3-Clause by another name. */
    private static final Set<String> ALLOWED_OF_THE_BROKER = Set.of("Go License", "CDDL-1.0", "CDDL-1.1");

    @ParameterizedTest
    @ValueSource(strings = {"ingress-api", "inventory-streams", "order-streams"})
    void everythingInAServiceHasALicenceThatIsKnownAndAllowed(String module) {
        requireAllowed(module, ALLOWED);
    }

    @Test
    void everythingInTheToolsHasALicenceThatIsKnownAndAllowed() {
        Set<String> allowed = new TreeSet<>(ALLOWED);
        allowed.addAll(ALLOWED_OF_THE_BROKER);

        requireAllowed("local", allowed);
    }

    private static void requireAllowed(String module, Set<String> allowed) {
        JsonNode sbom =
                Json.MAPPER.readTree(Path.of("..", module, "target/classes/META-INF/sbom/application.cdx.json"));

        List<JsonNode> components = sbom.get("components").valueStream().toList();

        assertThat(components.size()).isGreaterThan(10);
        assertThat(components.stream()
                        .filter(component -> licencesOf(component).stream().noneMatch(allowed::contains))
                        .map(component -> component.get("purl").asString() + ": " + component.path("licenses")))
                .isEmpty();
    }

    private static List<String> licencesOf(JsonNode component) {
        return component
                .path("licenses")
                .valueStream()
                .flatMap(licence -> licence.has("expression")
                        ? Stream.of(licence.get("expression")
                                .asString()
                                .replaceAll("[()]", "")
                                .split(" OR "))
                        : Stream.of(nameOf(licence.get("license"))))
                .toList();
    }

    /** A licence that SPDX does not know has a name alone. */
    private static String nameOf(JsonNode licence) {
        return (licence.has("id") ? licence.get("id") : licence.get("name")).asString();
    }
}
