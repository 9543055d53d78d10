package io.flashsale.local.tools;

import io.flashsale.contracts.ServiceInstance;
import io.flashsale.contracts.Topics;
import io.flashsale.local.PipelineException;
import io.flashsale.local.Table;
import io.flashsale.local.tools.KafkaFacts.Group;
import io.flashsale.local.tools.KafkaFacts.Member;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;

/**
 * Which instance decides which partition now, as Kafka has assigned them.
 *
 * @param warnings one sentence each
 */
record OwnersReport(List<Row> rows, List<String> warnings) {

    private static final String NOBODY = "nobody";

    /** @param owners {@code host:port} of each application's; no entry if nobody decides there */
    record Row(int partition, Map<Application, String> owners) {}

    /** @param product only where this one is; empty means everywhere */
    static OwnersReport of(KafkaFacts kafka, String prefix, Optional<String> product) {
        Topics topics = new Topics(prefix, partitions(kafka, prefix));
        List<Integer> partitions = product.map(id -> List.of(topics.partitionOf(id.getBytes(StandardCharsets.UTF_8))))
                .orElseGet(() -> IntStream.range(0, topics.partitions()).boxed().toList());
        Map<Application, Map<Integer, SortedSet<String>>> owners = new EnumMap<>(Application.class);
        List<String> warnings = new ArrayList<>();
        for (Application application : Application.values()) {
            Group group = kafka.group(application.group(prefix));
            Map<Integer, SortedSet<String>> ofApplication = ownersIn(group);
            owners.put(application, ofApplication);
            warning(application, group, partitions, ofApplication).ifPresent(warnings::add);
        }
        List<Row> rows =
                partitions.stream().map(partition -> row(partition, owners)).toList();
        return new OwnersReport(rows, warnings);
    }

    private static int partitions(KafkaFacts kafka, String prefix) {
        String topic = new Topics(prefix, 1).inventoryEvents().name();
        if (!kafka.topicNames().contains(topic)) {
            throw new PipelineException("Kafka has no topic " + topic + ": is it this pipeline's?");
        }
        return kafka.topics(List.of(topic)).getFirst().partitions().size();
    }

    /** All inputs of one number are one task, and one instance has it. */
    private static Map<Integer, SortedSet<String>> ownersIn(Group group) {
        Map<Integer, SortedSet<String>> owners = new LinkedHashMap<>();
        for (Member member : group.members()) {
            String name = ServiceInstance.ofClient(member.clientId())
                    .map(ServiceInstance::advertised)
                    // Somebody else's, or one that was started before instances had names.
                    .orElseGet(() -> Escaped.text(member.clientId(), 100));
            for (TopicPartition partition : member.partitions()) {
                owners.computeIfAbsent(partition.partition(), ignored -> new TreeSet<>())
                        .add(name);
            }
        }
        return owners;
    }

    private static Optional<String> warning(
            Application application, Group group, List<Integer> wanted, Map<Integer, SortedSet<String>> owners) {
        if (group.members().isEmpty()) {
            return Optional.of("Nobody runs " + application.label() + ".");
        }
        if (group.state() != GroupState.STABLE) {
            return Optional.of("Partitions of " + application.label() + " are changing hands at this moment ("
                    + group.state() + "): ask again.");
        }
        List<Integer> left = wanted.stream()
                .filter(partition -> !owners.containsKey(partition))
                .toList();
        return left.isEmpty()
                ? Optional.empty()
                : Optional.of("Nobody decides in " + application.label() + " on partition"
                        + (left.size() == 1 ? " " : "s ")
                        + String.join(", ", left.stream().map(String::valueOf).toList()) + ".");
    }

    private static Row row(int partition, Map<Application, Map<Integer, SortedSet<String>>> owners) {
        Map<Application, String> ofPartition = new EnumMap<>(Application.class);
        owners.forEach((application, byPartition) -> {
            SortedSet<String> names = byPartition.get(partition);
            if (names != null) {
                ofPartition.put(application, String.join(", ", names));
            }
        });
        return new Row(partition, ofPartition);
    }

    boolean isGood() {
        return warnings.isEmpty();
    }

    /** For a person. */
    List<String> lines() {
        Table table = new Table("partition", Application.INVENTORY.label(), Application.ORDERS.label()).numbers(0);
        rows.forEach(row -> table.row(
                Integer.toString(row.partition()),
                row.owners().getOrDefault(Application.INVENTORY, NOBODY),
                row.owners().getOrDefault(Application.ORDERS, NOBODY)));
        List<String> lines = new ArrayList<>(table.lines());
        if (!isGood()) {
            lines.add("");
            lines.addAll(warnings);
        }
        return lines;
    }

    /** For a program. */
    Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("partitions", rows.stream().map(OwnersReport::document).toList());
        document.put("warnings", warnings);
        return document;
    }

    private static Map<String, Object> document(Row row) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("partition", row.partition());
        row.owners()
                .forEach(
                        (application, owner) -> document.put(application.label().replace('-', '_'), owner));
        return document;
    }
}
