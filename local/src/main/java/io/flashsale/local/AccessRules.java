package io.flashsale.local;

import io.flashsale.contracts.Topic;
import io.flashsale.contracts.Topics;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Who may do what in a Kafka cluster that asks: the least that each of them needs. What Kafka derives by itself, that who
 * reads or writes also sees, is not repeated.
 */
public final class AccessRules {

    private static final String ANY_HOST = "*";

    private final Topics topics;

    private AccessRules(Topics topics) {
        this.topics = topics;
    }

    /** The rights of each user, by its name. */
    public static SortedMap<String, List<AclBinding>> of(Topics topics) {
        AccessRules rules = new AccessRules(topics);
        SortedMap<String, List<AclBinding>> users = new TreeMap<>();
        users.put("ingress-api", rules.ingress("ingress-api"));
        users.put("inventory-streams", rules.inventory("inventory-streams"));
        users.put("operator", rules.operator("operator"));
        users.put("order-streams", rules.orders("order-streams"));
        users.put("upstream", rules.commands("upstream").toList());
        return users;
    }

    /** It reads its own partition of the replies, and what its page shows, without a group; of others' it sees how far. */
    private List<AclBinding> ingress(String user) {
        Stream<AclBinding> shown = Stream.of(
                on(user, AclOperation.READ, topics.replies()),
                on(user, AclOperation.READ, topics.productStock()),
                on(user, AclOperation.READ, topics.inventoryEvents()),
                on(user, AclOperation.READ, topics.deadLetters()),
                on(user, AclOperation.DESCRIBE, topics.orderEvents()),
                on(user, AclOperation.DESCRIBE, topics.inventoryTicks()),
                on(user, AclOperation.DESCRIBE, topics.orderTicks()),
                group(user, "inventory-streams"),
                group(user, "order-streams"));
        return Stream.concat(commands(user), shown).toList();
    }

    private AclBinding group(String user, String application) {
        return on(user, AclOperation.DESCRIBE, ResourceType.GROUP, topics.prefix() + application, PatternType.LITERAL);
    }

    private Stream<AclBinding> commands(String user) {
        return topics.commands().stream().map(topic -> on(user, AclOperation.WRITE, topic));
    }

    private List<AclBinding> inventory(String user) {
        return application(
                user,
                List.of(
                        topics.productCommands(),
                        topics.holdCommands(),
                        topics.orderCommands(),
                        topics.orderEvents(),
                        topics.inventoryTicks()),
                List.of(
                        topics.inventoryEvents(),
                        topics.productStock(),
                        topics.inventoryTicks(),
                        topics.replies(),
                        topics.deadLetters()));
    }

    private List<AclBinding> orders(String user) {
        return application(
                user,
                List.of(
                        topics.inventoryEvents(),
                        topics.orderCommands(),
                        topics.webhookCommands(),
                        topics.orderTicks()),
                List.of(topics.orderEvents(), topics.orderTicks(), topics.replies(), topics.deadLetters()));
    }

    /** Its user is named as the application, whose id with the topics' prefix begins everything that is its own. */
    private List<AclBinding> application(String user, List<Topic> inputs, List<Topic> outputs) {
        String id = topics.prefix() + user;
        Stream<AclBinding> own = Stream.of(
                on(user, AclOperation.READ, ResourceType.GROUP, id, PatternType.LITERAL),
                on(user, AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID, id + "-", PatternType.PREFIXED),
                // The changelogs of its stores, which it makes itself.
                on(user, AclOperation.CREATE, ResourceType.TOPIC, id + "-", PatternType.PREFIXED),
                on(user, AclOperation.READ, ResourceType.TOPIC, id + "-", PatternType.PREFIXED),
                on(user, AclOperation.WRITE, ResourceType.TOPIC, id + "-", PatternType.PREFIXED));
        return Stream.of(
                        inputs.stream().map(topic -> on(user, AclOperation.READ, topic)),
                        outputs.stream().map(topic -> on(user, AclOperation.WRITE, topic)),
                        // It refuses to decide on topics whose partitions or settings would break a promise.
                        topics.all().stream().map(topic -> on(user, AclOperation.DESCRIBE, topic)),
                        topics.all().stream().map(topic -> on(user, AclOperation.DESCRIBE_CONFIGS, topic)),
                        own)
                .flatMap(rights -> rights)
                .toList();
    }

    /** A person or a tool that looks at everything, and changes nothing. */
    private List<AclBinding> operator(String user) {
        return List.of(
                on(user, AclOperation.READ, ResourceType.TOPIC, topics.prefix(), PatternType.PREFIXED),
                on(user, AclOperation.DESCRIBE_CONFIGS, ResourceType.TOPIC, topics.prefix(), PatternType.PREFIXED),
                on(user, AclOperation.DESCRIBE, ResourceType.GROUP, topics.prefix(), PatternType.PREFIXED),
                on(user, AclOperation.DESCRIBE, ResourceType.CLUSTER, Resource.CLUSTER_NAME, PatternType.LITERAL),
                on(
                        user,
                        AclOperation.DESCRIBE_CONFIGS,
                        ResourceType.CLUSTER,
                        Resource.CLUSTER_NAME,
                        PatternType.LITERAL));
    }

    private static AclBinding on(String user, AclOperation operation, Topic topic) {
        return on(user, operation, ResourceType.TOPIC, topic.name(), PatternType.LITERAL);
    }

    private static AclBinding on(
            String user, AclOperation operation, ResourceType type, String name, PatternType pattern) {
        // Without a prefix every name begins like ours.
        ResourcePattern resource = name.isEmpty()
                ? new ResourcePattern(type, ResourcePattern.WILDCARD_RESOURCE, PatternType.LITERAL)
                : new ResourcePattern(type, name, pattern);
        return new AclBinding(
                resource, new AccessControlEntry("User:" + user, ANY_HOST, operation, AclPermissionType.ALLOW));
    }
}
