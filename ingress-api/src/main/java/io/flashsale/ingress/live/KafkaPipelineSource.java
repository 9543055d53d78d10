package io.flashsale.ingress.live;

import io.flashsale.contracts.ServiceInstance;
import io.flashsale.contracts.Topic;
import io.flashsale.contracts.Topics;
import io.flashsale.ingress.gateway.KafkaReaders;
import io.flashsale.ingress.gateway.ReadsUnavailableException;
import io.flashsale.ingress.gateway.TopicTail;
import io.flashsale.ingress.live.PipelineState.Application;
import io.flashsale.ingress.live.PipelineState.Partition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Kafka: it knows which instance it gave which partition to, and how far each has read. The applications themselves
 * need not answer for that, which they might not just when somebody looks.
 */
final class KafkaPipelineSource implements PipelineSource {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaPipelineSource.class);

    /** Of one look. */
    private static final Duration TIMEOUT = Duration.ofSeconds(4);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    /** Offsets of each partition that are read again at the first look. Marks of transactions are among them. */
    private static final long LETTERS_BACK = 50;

    private final KafkaReaders readers;
    private final Topics topics;
    private final List<Inputs> applications;
    private @Nullable Connection connection;

    /** What an application reads: all topics have the same partitions, and one instance has all of one number. */
    private record Inputs(String name, String group, List<TopicPartition> partitions) {}

    private record Connection(Admin admin, TopicTail tail, DeadLetterList letters) {}

    KafkaPipelineSource(KafkaReaders readers) {
        this.readers = readers;
        this.topics = readers.topics();
        this.applications = List.of(
                inputs(
                        "inventory-streams",
                        topics.productCommands(),
                        topics.holdCommands(),
                        topics.orderCommands(),
                        topics.orderEvents(),
                        topics.inventoryTicks()),
                inputs(
                        "order-streams",
                        topics.inventoryEvents(),
                        topics.orderCommands(),
                        topics.webhookCommands(),
                        topics.orderTicks()));
    }

    @Override
    public PipelineState look() {
        try {
            Connection kafka = connected();
            Look look = new Look(kafka.admin(), System.nanoTime() + TIMEOUT.toNanos());
            List<Application> states = new ArrayList<>();
            for (Inputs application : applications) {
                states.add(look.at(application));
            }
            return new PipelineState(Instant.now(), states, kafka.letters().latest());
        } catch (ExecutionException | TimeoutException | KafkaException failed) {
            LOG.warn("The pipeline's state cannot be said: {}", failed.toString());
            throw new ReadsUnavailableException("Kafka did not say it.");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new ReadsUnavailableException("This instance is stopping.");
        }
    }

    @Override
    public void letGo() {
        Connection kafka = connection;
        if (kafka != null) {
            connection = null;
            kafka.tail().stop();
            kafka.admin().close(CLOSE_TIMEOUT);
        }
    }

    private Connection connected() {
        Connection present = connection;
        if (present == null) {
            Admin admin = readers.admin("flashsale-ingress-live");
            DeadLetterList letters = new DeadLetterList(topics.prefix());
            TopicTail tail = readers.tailWithoutValues(topics.deadLetters(), LETTERS_BACK, letters::add);
            tail.start();
            present = new Connection(admin, tail, letters);
            connection = present;
        }
        return present;
    }

    /** All the questions of one look together have one deadline. */
    private record Look(Admin admin, long endNanos) {

        Application at(Inputs inputs) throws InterruptedException, ExecutionException, TimeoutException {
            Map<Integer, String> owners = owners(inputs.group());
            // First what was committed: what is written meanwhile counts as behind rather than not at all.
            Map<TopicPartition, Long> committed = committed(inputs.group());
            Map<TopicPartition, Long> begins = offsets(inputs.partitions(), OffsetSpec.earliest());
            Map<TopicPartition, Long> ends = offsets(inputs.partitions(), OffsetSpec.latest());
            Map<Integer, Long> behind = new TreeMap<>();
            for (TopicPartition partition : inputs.partitions()) {
                // Where nothing was committed yet, and where that was deleted, it begins with what is there.
                long begin = begins.getOrDefault(partition, 0L);
                long next = Math.max(begin, committed.getOrDefault(partition, begin));
                behind.merge(partition.partition(), Math.max(0, ends.getOrDefault(partition, 0L) - next), Long::sum);
            }
            return new Application(
                    inputs.name(),
                    behind.entrySet().stream()
                            .map(each -> new Partition(each.getKey(), owners.get(each.getKey()), each.getValue()))
                            .toList());
        }

        private Map<Integer, String> owners(String group)
                throws InterruptedException, ExecutionException, TimeoutException {
            Map<Integer, String> owners = new HashMap<>();
            try {
                get(admin.describeConsumerGroups(List.of(group)).all())
                        .values()
                        .forEach(description -> description.members().forEach(member -> {
                            String name = ServiceInstance.ofClient(member.clientId())
                                    .map(ServiceInstance::advertised)
                                    // Somebody else's.
                                    .orElse(member.clientId());
                            member.assignment()
                                    .topicPartitions()
                                    .forEach(partition -> owners.put(partition.partition(), name));
                        }));
            } catch (ExecutionException failed) {
                if (!(failed.getCause() instanceof GroupIdNotFoundException)) {
                    throw failed;
                }
                // It was never started: nobody has anything.
            }
            return owners;
        }

        private Map<TopicPartition, Long> committed(String group)
                throws InterruptedException, ExecutionException, TimeoutException {
            Map<TopicPartition, Long> committed = new HashMap<>();
            get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                    .forEach((TopicPartition partition, @Nullable OffsetAndMetadata offset) -> {
                        if (offset != null) {
                            committed.put(partition, offset.offset());
                        }
                    });
            return committed;
        }

        /** The end is the stable one: behind the first open transaction nobody may read, so nobody is behind there. */
        private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec which)
                throws InterruptedException, ExecutionException, TimeoutException {
            Map<TopicPartition, OffsetSpec> asked =
                    partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> which));
            Map<TopicPartition, Long> offsets = new HashMap<>();
            get(admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                            .all())
                    .forEach((partition, found) -> offsets.put(partition, found.offset()));
            return offsets;
        }

        private <T> T get(KafkaFuture<T> answer) throws InterruptedException, ExecutionException, TimeoutException {
            return answer.get(Math.max(0, endNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
    }

    private Inputs inputs(String name, Topic... read) {
        return new Inputs(
                name,
                topics.prefix() + name,
                Stream.of(read)
                        .flatMap(topic -> IntStream.range(0, topic.partitions())
                                .mapToObj(partition -> new TopicPartition(topic.name(), partition)))
                        .toList());
    }
}
