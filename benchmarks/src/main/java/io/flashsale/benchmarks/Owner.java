package io.flashsale.benchmarks;

import io.flashsale.contracts.ServiceInstance;
import io.flashsale.local.PipelineException;
import io.flashsale.local.Role;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.TopicPartition;

/** Finds the inventory instance that decides on a product. */
final class Owner {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final Workbench workbench;
    private final int instances;

    /** @param instances of inventory-streams that the pipeline has */
    Owner(Workbench workbench, int instances) {
        this.workbench = workbench;
        this.instances = instances;
    }

    /** Waits while nobody does, and says the name of its process. */
    String of(String productId) {
        workbench.await(
                "an owner of " + productId, DEADLINE, () -> find(productId).isPresent());
        return find(productId).orElseThrow();
    }

    private Optional<String> find(String productId) {
        int partition = workbench.topics().partitionOf(productId.getBytes(StandardCharsets.UTF_8));
        TopicPartition commands =
                new TopicPartition(workbench.topics().holdCommands().name(), partition);
        return group().members().stream()
                .filter(member -> member.assignment().topicPartitions().contains(commands))
                .flatMap(member -> ServiceInstance.ofClient(member.clientId()).stream())
                .flatMap(owner -> processAt(owner.advertised()).stream())
                .findFirst();
    }

    private Optional<String> processAt(String hostAndPort) {
        return IntStream.rangeClosed(1, instances)
                .filter(number -> workbench.pipeline().inventoryUrl(number).endsWith("//" + hostAndPort))
                .mapToObj(Role.INVENTORY::processName)
                .findFirst();
    }

    private ConsumerGroupDescription group() {
        String group = workbench.topics().prefix() + "inventory-streams";
        Map<String, Object> settings = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, workbench.pipeline().bootstrapServers());
        try (Admin admin = Admin.create(settings)) {
            return admin.describeConsumerGroups(List.of(group))
                    .all()
                    .get()
                    .values()
                    .iterator()
                    .next();
        } catch (ExecutionException failed) {
            throw new PipelineException("Kafka did not say who decides: " + failed.getCause() + ".");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new PipelineException("Interrupted while Kafka was asked who decides.");
        }
    }
}
