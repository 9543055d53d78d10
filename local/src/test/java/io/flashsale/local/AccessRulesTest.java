package io.flashsale.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.flashsale.contracts.Topic;
import io.flashsale.contracts.Topics;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

class AccessRulesTest {

    private static final Topics TOPICS = new Topics("shop.", 3);
    private static final Map<String, List<AclBinding>> USERS = AccessRules.of(TOPICS);

    @Test
    void onlyTheApplicationThatDecidesWritesItsEvents() {
        assertThat(writers(TOPICS.inventoryEvents())).containsExactly("inventory-streams");
        assertThat(writers(TOPICS.productStock())).containsExactly("inventory-streams");
        assertThat(writers(TOPICS.inventoryTicks())).containsExactly("inventory-streams");
        assertThat(writers(TOPICS.orderEvents())).containsExactly("order-streams");
        assertThat(writers(TOPICS.orderTicks())).containsExactly("order-streams");
        assertThat(writers(TOPICS.replies())).containsExactly("inventory-streams", "order-streams");
        assertThat(writers(TOPICS.deadLetters())).containsExactly("inventory-streams", "order-streams");
    }

    @Test
    void commandsAreWrittenByWhoeverMayAsk() {
        for (Topic topic : List.of(
                TOPICS.productCommands(), TOPICS.holdCommands(), TOPICS.orderCommands(), TOPICS.webhookCommands())) {
            assertThat(writers(topic)).as(topic.name()).containsExactly("ingress-api", "upstream");
        }
    }

    @Test
    void whatEndsInSomebodyElsesNameIsNotOnesOwn() {
        // A group, a transaction or a changelog of the one must be out of the other's reach.
        assertThat(reachable("inventory-streams", ResourceType.GROUP)).containsExactly("shop.inventory-streams");
        assertThat(reachable("inventory-streams", ResourceType.TRANSACTIONAL_ID))
                .containsExactly("shop.inventory-streams-*");
        assertThat(reachable("order-streams", ResourceType.GROUP)).containsExactly("shop.order-streams");
        assertThat(reachable("order-streams", ResourceType.TRANSACTIONAL_ID)).containsExactly("shop.order-streams-*");
        assertThat(reachable("upstream", ResourceType.GROUP)).isEmpty();
    }

    @Test
    void theIngressSeesHowFarTheApplicationsAreAndCannotMoveThem() {
        assertThat(USERS.get("ingress-api"))
                .filteredOn(binding -> binding.pattern().resourceType() == ResourceType.GROUP)
                .extracting(
                        binding -> binding.pattern().name(),
                        binding -> binding.entry().operation())
                .containsExactly(
                        tuple("shop.inventory-streams", AclOperation.DESCRIBE),
                        tuple("shop.order-streams", AclOperation.DESCRIBE));
    }

    @Test
    void nobodyMayChangeSettingsOrRights() {
        assertThat(USERS.values().stream().flatMap(List::stream))
                .extracting(binding -> binding.entry().operation())
                .doesNotContain(AclOperation.ALL, AclOperation.ALTER, AclOperation.ALTER_CONFIGS, AclOperation.DELETE);
    }

    @Test
    void theOperatorChangesNothing() {
        assertThat(USERS.get("operator"))
                .extracting(binding -> binding.entry().operation())
                .containsOnly(AclOperation.READ, AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS);
    }

    @Test
    void everyRightIsOfItsUserAndAllows() {
        USERS.forEach((user, rights) -> assertThat(rights)
                .isNotEmpty()
                .doesNotHaveDuplicates()
                .allSatisfy(binding -> {
                    assertThat(binding.entry().principal()).isEqualTo("User:" + user);
                    assertThat(binding.entry().permissionType()).isEqualTo(AclPermissionType.ALLOW);
                }));
    }

    @Test
    void withoutAPrefixTheOperatorSeesAll() {
        assertThat(AccessRules.of(new Topics("", 3)).get("operator").getFirst().pattern())
                .extracting(pattern -> pattern.name(), pattern -> pattern.patternType())
                .containsExactly("*", PatternType.LITERAL);
    }

    private static Set<String> writers(Topic topic) {
        return USERS.entrySet().stream()
                .filter(user -> user.getValue().stream()
                        .anyMatch(binding ->
                                binding.entry().operation() == AclOperation.WRITE && covers(binding, topic.name())))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean covers(AclBinding binding, String topic) {
        return binding.pattern().resourceType() == ResourceType.TOPIC
                && (binding.pattern().patternType() == PatternType.PREFIXED
                        ? topic.startsWith(binding.pattern().name())
                        : topic.equals(binding.pattern().name()));
    }

    private static Set<String> reachable(String user, ResourceType type) {
        return USERS.get(user).stream()
                .map(AclBinding::pattern)
                .filter(pattern -> pattern.resourceType() == type)
                .map(pattern -> pattern.name() + (pattern.patternType() == PatternType.PREFIXED ? "*" : ""))
                .collect(Collectors.toSet());
    }
}
