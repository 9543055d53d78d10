package io.flashsale.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.assignment.ApplicationState;
import org.apache.kafka.streams.processor.assignment.AssignmentConfigs;
import org.apache.kafka.streams.processor.assignment.KafkaStreamsAssignment;
import org.apache.kafka.streams.processor.assignment.KafkaStreamsAssignment.AssignedTask;
import org.apache.kafka.streams.processor.assignment.KafkaStreamsState;
import org.apache.kafka.streams.processor.assignment.ProcessId;
import org.apache.kafka.streams.processor.assignment.TaskAssignmentUtils;
import org.apache.kafka.streams.processor.assignment.TaskAssignor.AssignmentError;
import org.apache.kafka.streams.processor.assignment.TaskAssignor.TaskAssignment;
import org.apache.kafka.streams.processor.assignment.TaskInfo;
import org.apache.kafka.streams.processor.assignment.TaskTopicPartition;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;

class WarmTaskAssignorTest {

    private static final int ACCEPTABLE_LAG = 1_000;
    private static final Set<Integer> ALL = Set.of(0, 1, 2, 3, 4, 5);

    private final List<Instance> group = new ArrayList<>();

    @Test
    void theFirstInstanceGetsEverything() {
        Instance first = instance(1);

        Map<Instance, Assigned> assigned = assign();

        assertThat(assigned.get(first).active()).isEqualTo(ALL);
        assertThat(nextLook()).isEmpty();
    }

    @Test
    void instancesThatStartTogetherShare() {
        Instance first = instance(1);
        Instance second = instance(2);

        Map<Instance, Assigned> assigned = assign();

        assertThat(assigned.get(first).active()).hasSize(3);
        assertThat(assigned.get(second).active()).hasSize(3);
        assertThat(assigned.get(first).standby()).isEqualTo(assigned.get(second).active());
    }

    @Test
    void aNewcomerGetsCopiesAndNothingElseEvenOfTasksThatHaveNoRecords() {
        Instance holder = instance(1).active(ALL);
        Instance newcomer = instance(2).behind(0).behindIn(3, 1);

        Map<Instance, Assigned> assigned = assign();

        assertThat(assigned.get(holder).active()).isEqualTo(ALL);
        assertThat(assigned.get(newcomer).standby()).isEqualTo(ALL);
        assertThat(nextLook()).contains(WarmTaskAssignor.FIRST_LOOK);
    }

    @Test
    void aNewcomerThatMissedNothingGetsItsShareAtOnceBecauseNobodyWaits() {
        Instance holder = instance(1).active(ALL);
        Instance newcomer = instance(2).behind(0);

        Map<Instance, Assigned> assigned = assign();

        assertThat(assigned.get(holder).active()).hasSize(3);
        assertThat(assigned.get(newcomer).active()).hasSize(3);
        assertThat(nextLook()).isEmpty();
    }

    @Test
    void whoHasMuchToReadIsNotAskedEveryHalfMinute() {
        instance(1).active(ALL);
        instance(2).behind(1_000_000);

        assertThat(nextLook()).contains(Duration.ofSeconds(60));
    }

    @Test
    void aCopyThatIsUpToDateGetsItsShareAndLeavesCopiesBehind() {
        Instance holder = instance(1).active(ALL);
        Instance other = instance(2).standby(ALL).behind(ACCEPTABLE_LAG);

        Map<Instance, Assigned> assigned = assign();

        assertThat(assigned.get(holder).active()).hasSize(3);
        assertThat(assigned.get(other).active()).hasSize(3);
        assertThat(assigned.get(holder).standby()).isEqualTo(assigned.get(other).active());
        assertThat(nextLook()).isEmpty();
    }

    @Test
    void aCopyOnTheDiskOfAnInstanceThatJustStartedDoesNotBecauseItIsNotOpen() {
        Instance holder = instance(1).active(ALL);
        instance(2).standby(ALL).behind(1).startedAgo(Duration.ofSeconds(29));

        assertThat(assign().get(holder).active()).isEqualTo(ALL);
        assertThat(nextLook()).contains(WarmTaskAssignor.FIRST_LOOK);
    }

    @Test
    void aCopyThatIsNotUpToDateDoesNot() {
        Instance holder = instance(1).active(ALL);
        instance(2).standby(ALL).behind(ACCEPTABLE_LAG + 1);

        assertThat(assign().get(holder).active()).isEqualTo(ALL);
        assertThat(nextLook()).isPresent();
    }

    @Test
    void ofWhomNothingIsKnownGetsNothing() {
        Instance holder = instance(1).active(ALL);
        instance(2).standby(ALL).behindUnknown();

        assertThat(assign().get(holder).active()).isEqualTo(ALL);
    }

    @Test
    void whenTheHolderIsGoneTheNewestCopyTakesOver() {
        Instance old = instance(1).standby(ALL).behind(500_000);
        Instance newest = instance(2).standby(ALL).behind(2_000);

        Map<Instance, Assigned> assigned = assign();

        assertThat(assigned.get(newest).active()).isEqualTo(ALL);
        assertThat(assigned.get(old).standby()).isEqualTo(ALL);
    }

    @Test
    void aNewcomerAmongManyWarmsUpForItsShareBesideTheCopiesThatAre() {
        Instance first =
                instance(1).active(Set.of(0, 1, 2)).standby(Set.of(3, 4, 5)).behind(0);
        Instance second =
                instance(2).active(Set.of(3, 4, 5)).standby(Set.of(0, 1, 2)).behind(0);
        Instance newcomer = instance(3).behind(50);

        Map<Instance, Assigned> assigned = assign();

        assertThat(assigned.get(first).active()).isEqualTo(Set.of(0, 1, 2));
        assertThat(assigned.get(second).active()).isEqualTo(Set.of(3, 4, 5));
        assertThat(assigned.get(newcomer).active()).isEmpty();
        assertThat(assigned.get(newcomer).standby()).hasSize(2);
        assertThat(nextLook()).isPresent();
    }

    @Test
    void whatIsInBalanceStaysWhereItIs() {
        Instance first =
                instance(1).active(Set.of(0, 2, 4)).standby(Set.of(1, 3, 5)).behind(0);
        Instance second =
                instance(2).active(Set.of(1, 3, 5)).standby(Set.of(0, 2, 4)).behind(0);

        Map<Instance, Assigned> assigned = assign();

        assertThat(assigned.get(first)).isEqualTo(new Assigned(Set.of(0, 2, 4), Set.of(1, 3, 5)));
        assertThat(assigned.get(second)).isEqualTo(new Assigned(Set.of(1, 3, 5), Set.of(0, 2, 4)));
        assertThat(nextLook()).isEmpty();
    }

    private record Assigned(Set<Integer> active, Set<Integer> standby) {}

    private Instance instance(int number) {
        Instance instance = new Instance(number);
        group.add(instance);
        return instance;
    }

    private Map<Instance, Assigned> assign() {
        Application application = new Application();
        TaskAssignment assignment = new WarmTaskAssignor().assign(application);
        assertThat(TaskAssignmentUtils.validateTaskAssignment(application, assignment))
                .isEqualTo(AssignmentError.NONE);
        return assignment.assignment().stream()
                .collect(Collectors.toMap(
                        each -> group.stream()
                                .filter(instance -> instance.processId().equals(each.processId()))
                                .findFirst()
                                .orElseThrow(),
                        each -> new Assigned(
                                numbers(each, AssignedTask.Type.ACTIVE), numbers(each, AssignedTask.Type.STANDBY))));
    }

    /** In whole seconds from now. */
    private Optional<Duration> nextLook() {
        Instant now = Instant.now();
        return new WarmTaskAssignor()
                .assign(new Application()).assignment().stream()
                        .flatMap(each -> each.followupRebalanceDeadline().stream())
                        .findFirst()
                        .map(deadline -> {
                            Duration wait = Duration.between(now, deadline).truncatedTo(ChronoUnit.SECONDS);
                            assertThat(deadline).isCloseTo(now.plus(wait), within(1, ChronoUnit.SECONDS));
                            return wait;
                        });
    }

    private static Set<Integer> numbers(KafkaStreamsAssignment assignment, AssignedTask.Type type) {
        return assignment.tasks().values().stream()
                .filter(task -> task.type() == type)
                .map(task -> task.id().partition())
                .collect(Collectors.toSet());
    }

    private static SortedSet<TaskId> tasks(Collection<Integer> partitions) {
        return partitions.stream()
                .map(partition -> new TaskId(0, partition))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private final class Application implements ApplicationState {

        @Override
        public Map<ProcessId, KafkaStreamsState> kafkaStreamsStates(boolean computeTaskLags) {
            return group.stream().collect(Collectors.toMap(Instance::processId, Function.identity()));
        }

        @Override
        public AssignmentConfigs assignmentConfigs() {
            return new AssignmentConfigs((long) ACCEPTABLE_LAG, 2, 1, 60_000L, List.of());
        }

        @Override
        public Map<TaskId, TaskInfo> allTasks() {
            return tasks(ALL).stream().collect(Collectors.toMap(Function.identity(), Task::new));
        }
    }

    private record Task(TaskId id) implements TaskInfo {

        @Override
        public boolean isStateful() {
            return true;
        }

        @Override
        public Set<String> stateStoreNames() {
            return Set.of("products");
        }

        @Override
        public Set<TaskTopicPartition> topicPartitions() {
            return Set.of();
        }
    }

    private static final class Instance implements KafkaStreamsState {

        private final ProcessId id;
        private Set<Integer> active = Set.of();
        private Set<Integer> standby = Set.of();
        private final Map<TaskId, Long> lags = new HashMap<>();
        private Instant started = Instant.now().minusSeconds(60);

        Instance(int number) {
            this.id = new ProcessId(new UUID(0, number));
            behind(Integer.MAX_VALUE);
        }

        void startedAgo(Duration time) {
            started = Instant.now().minus(time);
        }

        Instance active(Set<Integer> tasks) {
            active = tasks;
            return this;
        }

        Instance standby(Set<Integer> tasks) {
            standby = tasks;
            return this;
        }

        Instance behind(long records) {
            IntStream.range(0, ALL.size()).forEach(task -> lags.put(new TaskId(0, task), records));
            return this;
        }

        Instance behindIn(int task, long records) {
            lags.put(new TaskId(0, task), records);
            return this;
        }

        void behindUnknown() {
            lags.clear();
        }

        @Override
        public ProcessId processId() {
            return id;
        }

        @Override
        public int numProcessingThreads() {
            return 1;
        }

        @Override
        public SortedSet<String> consumerClientIds() {
            return new TreeSet<>();
        }

        @Override
        public SortedSet<TaskId> previousActiveTasks() {
            return tasks(active);
        }

        @Override
        public SortedSet<TaskId> previousStandbyTasks() {
            return tasks(standby);
        }

        @Override
        public long lagFor(TaskId task) {
            return lags.get(task);
        }

        @Override
        public SortedSet<TaskId> prevTasksByLag(String consumerClientId) {
            return new TreeSet<>();
        }

        @Override
        public Map<TaskId, Long> statefulTasksToLagSums() {
            return lags;
        }

        @Override
        public Optional<HostInfo> hostInfo() {
            return Optional.empty();
        }

        @Override
        public Map<String, String> clientTags() {
            return Map.of(WarmTaskAssignor.STARTED, Long.toString(started.toEpochMilli()));
        }

        @Override
        public Optional<String> rackId() {
            return Optional.empty();
        }
    }
}
