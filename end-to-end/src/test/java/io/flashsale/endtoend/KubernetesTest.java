package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.flashsale.contracts.Topic;
import io.flashsale.contracts.Topics;
import io.flashsale.local.AccessRules;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.Test;

/** {@code deploy/kubernetes} is what Kubernetes and Strimzi understand, and says of Kafka what the code says. */
class KubernetesTest {

    private static final Map<String, Class<?>> KINDS = Map.of(
            "v1 ConfigMap", ConfigMap.class,
            "v1 Namespace", Namespace.class,
            "v1 Service", Service.class,
            "apps/v1 StatefulSet", StatefulSet.class,
            "networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class,
            "policy/v1 PodDisruptionBudget", PodDisruptionBudget.class,
            "kafka.strimzi.io/v1 Kafka", Kafka.class,
            "kafka.strimzi.io/v1 KafkaNodePool", KafkaNodePool.class,
            "kafka.strimzi.io/v1 KafkaTopic", KafkaTopic.class,
            "kafka.strimzi.io/v1 KafkaUser", KafkaUser.class);

    /** Names that the classes do not know would be kept aside by them; here they are an error. */
    private static final ObjectMapper STRICT = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated member) {
                    return false;
                }
            });

    private static final Topics TOPICS = Topics.defaults();

    /** As Strimzi calls them. */
    private static final Map<AclOperation, String> OPERATIONS = Map.of(
            AclOperation.CREATE, "Create",
            AclOperation.READ, "Read",
            AclOperation.WRITE, "Write",
            AclOperation.DESCRIBE, "Describe",
            AclOperation.DESCRIBE_CONFIGS, "DescribeConfigs");

    @Test
    void everyObjectIsOneOfItsKind() {
        List<Map<String, Object>> objects = DeploymentFiles.kubernetes();

        assertThat(objects)
                .hasSizeGreaterThan(20)
                .allSatisfy(
                        object -> assertThat(read(object)).as(object.toString()).isNotNull());
    }

    @Test
    void aMisspeltNameIsSeen() {
        // given every kind with one wrong name, deep in it, so that the check above is known to check
        for (Map<String, Object> object : DeploymentFiles.kubernetes()) {
            String part = object.containsKey("spec") ? "spec" : "metadata";
            DeploymentFiles.map(object, part).put("replicsa", 3);
            assertThatIllegalArgumentException()
                    .as(object.toString())
                    .isThrownBy(() -> read(object))
                    .withMessageContaining("replicsa");
        }
        Map<String, Object> pods = only("StatefulSet", "ingress-api");
        DeploymentFiles.maps(DeploymentFiles.map(pods, "spec", "template", "spec"), "containers")
                .getFirst()
                .put("imagePolicy", "Always");
        assertThatIllegalArgumentException().isThrownBy(() -> read(pods)).withMessageContaining("imagePolicy");
    }

    @Test
    void everyFileIsApplied() {
        List<String> applied = DeploymentFiles.kubernetes().stream()
                .map(KubernetesTest::nameOf)
                .toList();

        assertThat(applied).doesNotHaveDuplicates();
        assertThat(DeploymentFiles.kubernetesFiles())
                .hasSize(DeploymentFiles.text("deploy/kubernetes/kustomization.yaml")
                        .split("\n  - [a-z-]+\\.yaml")
                        .length);
    }

    @Test
    void theTopicsAreThoseOfTheContract() {
        Map<String, String> told = new TreeMap<>();
        for (Map<String, Object> object : ofKind("KafkaTopic")) {
            KafkaTopic topic = (KafkaTopic) read(object);
            Map<String, String> settings = new TreeMap<>();
            topic.getSpec().getConfig().forEach((name, value) -> settings.put(name, String.valueOf(value)));
            told.put(topic.getMetadata().getName(), topic.getSpec().getPartitions() + " " + settings);
            assertThat(topic.getSpec().getReplicas()).isEqualTo(3);
        }

        assertThat(told)
                .containsExactlyInAnyOrderEntriesOf(TOPICS.all().stream()
                        .collect(Collectors.toMap(
                                Topic::name, topic -> topic.partitions() + " " + new TreeMap<>(topic.settings()))));
    }

    @Test
    void theUsersHaveTheRightsOfTheRulesAndNoOthers() {
        Map<String, Set<String>> told = new TreeMap<>();
        for (Map<String, Object> object : ofKind("KafkaUser")) {
            told.put(
                    (String) DeploymentFiles.map(object, "metadata").get("name"),
                    DeploymentFiles.maps(DeploymentFiles.map(object, "spec", "authorization"), "acls").stream()
                            .flatMap(acl -> DeploymentFiles.list(acl, "operations").stream()
                                    .map(operation -> operation + " " + resourceOf(acl)))
                            .collect(Collectors.toCollection(TreeSet::new)));
        }

        Map<String, Set<String>> expected = new TreeMap<>();
        AccessRules.of(TOPICS)
                .forEach((user, rights) -> expected.put(
                        user,
                        rights.stream().map(KubernetesTest::told).collect(Collectors.toCollection(TreeSet::new))));
        assertThat(told).isEqualTo(expected);
    }

    @Test
    void kafkaIsTheVersionThatIsTested() {
        assertThat(DeploymentFiles.map(only("Kafka", "flashsale"), "spec", "kafka"))
                .containsEntry("version", AppInfoParser.getVersion());
    }

    @Test
    void everyServiceStopsInItsOwnTimeAndKeepsTheStrictestRules() {
        List<Map<String, Object>> services = ofKind("StatefulSet");

        assertThat(services).hasSize(3).allSatisfy(service -> {
            StatefulSet set = (StatefulSet) read(service);
            var pod = set.getSpec().getTemplate().getSpec();
            assertThat(pod.getTerminationGracePeriodSeconds()).isGreaterThanOrEqualTo(40);
            assertThat(pod.getAutomountServiceAccountToken()).isFalse();
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(pod.getContainers()).hasSize(1).allSatisfy(container -> {
                assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                        .isTrue();
                assertThat(container.getSecurityContext().getCapabilities().getDrop())
                        .containsExactly("ALL");
            });
        });
    }

    @Test
    void everyServiceIsAskedHowItIsAtThePortOfItsImage() {
        for (Map<String, Object> service : ofKind("StatefulSet")) {
            Container container = containerOf(service);

            assertThat(container.getStartupProbe()).satisfies(asks("/actuator/health/liveness"));
            assertThat(container.getLivenessProbe()).satisfies(asks("/actuator/health/liveness"));
            assertThat(container.getReadinessProbe()).satisfies(asks("/actuator/health/readiness"));
            assertThat(DeploymentFiles.text("Dockerfile"))
                    .contains("MANAGEMENT_SERVER_PORT=" + portOf(container, "management") + " ");
        }
    }

    @Test
    void ofEveryServiceOnePodMayBeTakenAwayAtATime() {
        Map<String, Map<String, String>> budgets = new TreeMap<>();
        for (Map<String, Object> object : ofKind("PodDisruptionBudget")) {
            PodDisruptionBudget budget = (PodDisruptionBudget) read(object);
            assertThat(budget.getSpec().getMaxUnavailable().getIntVal()).isEqualTo(1);
            budgets.put(
                    budget.getMetadata().getName(),
                    budget.getSpec().getSelector().getMatchLabels());
        }

        assertThat(budgets)
                .isEqualTo(ofKind("StatefulSet").stream()
                        .map(object -> (StatefulSet) read(object))
                        .collect(Collectors.toMap(
                                set -> set.getMetadata().getName(),
                                set -> set.getSpec().getTemplate().getMetadata().getLabels())));
    }

    @Test
    void streamApplicationsKeepTheirStateWhereTheImageHasIt() {
        for (String service : List.of("inventory-streams", "order-streams")) {
            Map<String, Object> object = only("StatefulSet", service);
            var claims = ((StatefulSet) read(object)).getSpec().getVolumeClaimTemplates();

            assertThat(claims).hasSize(1);
            assertThat(containerOf(object).getVolumeMounts().stream()
                            .filter(mount -> mount.getName()
                                    .equals(claims.getFirst().getMetadata().getName())))
                    .singleElement()
                    .satisfies(mount -> assertThat(DeploymentFiles.text("Dockerfile"))
                            .contains("FLASHSALE_STATE_DIR=" + mount.getMountPath() + " "));
        }
    }

    private static Consumer<Probe> asks(String path) {
        return probe -> {
            assertThat(probe.getHttpGet().getPath()).isEqualTo(path);
            assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("management");
        };
    }

    private static int portOf(Container container, String name) {
        return container.getPorts().stream()
                .filter(port -> port.getName().equals(name))
                .findFirst()
                .orElseThrow()
                .getContainerPort();
    }

    private static Container containerOf(Map<String, Object> service) {
        return ((StatefulSet) read(service))
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst();
    }

    private static Object read(Map<String, Object> object) {
        Class<?> kind = KINDS.get(object.get("apiVersion") + " " + object.get("kind"));
        assertThat(kind).as(nameOf(object)).isNotNull();
        return STRICT.convertValue(object, kind);
    }

    private static List<Map<String, Object>> ofKind(String kind) {
        return DeploymentFiles.kubernetes().stream()
                .filter(object -> kind.equals(object.get("kind")))
                .toList();
    }

    private static Map<String, Object> only(String kind, String name) {
        return ofKind(kind).stream()
                .filter(object -> nameOf(object).equals(kind + " " + name))
                .findFirst()
                .orElseThrow();
    }

    private static String nameOf(Map<String, Object> object) {
        return object.get("kind") + " "
                + DeploymentFiles.map(object, "metadata").get("name");
    }

    /** As Strimzi says it. */
    private static String told(AclBinding right) {
        String type = switch (right.pattern().resourceType()) {
            case TOPIC -> "topic";
            case GROUP -> "group";
            case TRANSACTIONAL_ID -> "transactionalId";
            case CLUSTER -> "cluster";
            default -> throw new IllegalArgumentException("Strimzi knows no " + right);
        };
        String resource = right.pattern().resourceType() == ResourceType.CLUSTER
                ? type
                : type + " " + right.pattern().name() + " "
                        + (right.pattern().patternType() == PatternType.PREFIXED ? "prefix" : "literal");
        return OPERATIONS.get(right.entry().operation()) + " " + resource;
    }

    private static String resourceOf(Map<String, Object> acl) {
        Map<String, Object> resource = DeploymentFiles.map(acl, "resource");
        assertThat(resource.keySet()).isSubsetOf("type", "name", "patternType");
        return "cluster".equals(resource.get("type"))
                ? "cluster"
                : resource.get("type") + " " + resource.get("name") + " " + resource.get("patternType");
    }
}
