package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.Topics;
import io.flashsale.local.AccessRules;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.Test;

/** {@code compose.yaml} and the files it uses say the same things. */
class ComposeTest {

    private static final Set<String> SERVICES = Set.of("ingress-api", "inventory-streams", "order-streams");

    private static final Map<String, Object> CONTAINERS = DeploymentFiles.map(DeploymentFiles.compose(), "services");

    @Test
    void prometheusAsksEveryInstance() {
        Map<String, Set<String>> instances = new TreeMap<>();
        CONTAINERS.keySet().forEach(name -> {
            String service = imageOf(name).replace("flashsale/", "");
            if (SERVICES.contains(service)) {
                instances.computeIfAbsent(service, ignored -> new TreeSet<>()).add(name + ":9090");
            }
        });

        Map<String, Set<String>> asked = new TreeMap<>();
        for (Map<String, Object> job : DeploymentFiles.maps(DeploymentFiles.prometheus(), "scrape_configs")) {
            for (Map<String, Object> group : DeploymentFiles.maps(job, "static_configs")) {
                asked.put(
                        (String) DeploymentFiles.map(group, "labels").get("service"),
                        DeploymentFiles.list(group, "targets").stream()
                                .map(String.class::cast)
                                .collect(Collectors.toCollection(TreeSet::new)));
            }
        }
        assertThat(instances.values())
                .hasSize(3)
                .allSatisfy(two -> assertThat(two).hasSize(2));
        assertThat(asked).isEqualTo(instances);
    }

    @Test
    void everyInstanceOfTheIngressReadsItsOwnReplies() {
        assertThat(CONTAINERS.keySet().stream()
                        .filter(name -> imageOf(name).equals("flashsale/ingress-api"))
                        .map(name -> environmentOf(name).get("FLASHSALE_INSTANCE")))
                .hasSize(2)
                .doesNotHaveDuplicates()
                .doesNotContainNull();
    }

    @Test
    void everyInstanceSaysItsOwnName() {
        assertThat(CONTAINERS.keySet().stream()
                        .filter(name -> imageOf(name).endsWith("-streams"))
                        .toList())
                .hasSize(4)
                .allSatisfy(
                        name -> assertThat(environmentOf(name)).containsEntry("FLASHSALE_ADVERTISED", name + ":8080"));
    }

    @Test
    void everyUserHasAPassword() {
        assertThat(DeploymentFiles.text("ops/secrets/generate"))
                .contains("\nfor user in "
                        + String.join(" ", AccessRules.of(Topics.defaults()).keySet()) + "; do\n");
    }

    @Test
    void kafkaIsTheVersionThatIsTested() {
        List<String> brokers = CONTAINERS.keySet().stream()
                .filter(name -> name.matches("kafka-\\d"))
                .toList();

        assertThat(brokers)
                .hasSize(3)
                .allSatisfy(name -> assertThat(imageOf(name)).isEqualTo("apache/kafka:" + AppInfoParser.getVersion()));
    }

    private static String imageOf(String container) {
        return (String) DeploymentFiles.map(CONTAINERS, container).get("image");
    }

    private static Map<String, Object> environmentOf(String container) {
        return DeploymentFiles.map(CONTAINERS, container, "environment");
    }
}
