package io.flashsale.streams.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.assignment.ApplicationState;
import org.apache.kafka.streams.processor.assignment.AssignmentConfigs;
import org.apache.kafka.streams.processor.assignment.KafkaStreamsAssignment;
import org.apache.kafka.streams.processor.assignment.KafkaStreamsAssignment.AssignedTask;
import org.apache.kafka.streams.processor.assignment.KafkaStreamsState;
import org.apache.kafka.streams.processor.assignment.TaskAssignor;
import org.apache.kafka.streams.processor.assignment.TaskInfo;

/**
 * Lets a task move only to an instance that has its state already, and open; balances everything else a little later.
 *
 * <p>Kafka's own assignor takes every instance for up to date that is at most {@code acceptable.recovery.lag} records
 * behind, so one that just came, with nothing, gets the quiet tasks and, in a young sale, all of its share at once. It
 * opens their stores then while the whole group waits for it to join again, and in that time nobody commits: no answers,
 * and transactions that end by their timeout.
 */
public final class WarmTaskAssignor implements TaskAssignor {

    /** A tag of an instance: when it was started, in milliseconds since the epoch by its own clock. */
    static final String STARTED = "started";

    /** So long after its start an instance may still be opening stores. */
    private static final Duration OPENING = Duration.ofSeconds(30);

    /** Each look is a rebalance: not before the stores are open, and not again and again during a long restore. */
    static final Duration FIRST_LOOK = OPENING.plusSeconds(1);

    private static final Duration LAST_LOOK = Duration.ofMinutes(10);

    /** Rather less than an instance restores in a second. */
    private static final long RESTORED_PER_SECOND = 50_000;

    @Override
    public TaskAssignment assign(ApplicationState application) {
        return new Plan(application, Instant.now()).assignment();
    }

    /** One rebalance. Everything is sorted, so that the same group gets the same assignment whoever computes it. */
    private static final class Plan {

        private final Instant now;
        private final AssignmentConfigs configs;
        private final List<Member> members;
        private final List<TaskInfo> tasks;

        /** In records, all that have to catch up before they take over. */
        private long behind;

        Plan(ApplicationState application, Instant now) {
            this.now = now;
            this.configs = application.assignmentConfigs();
            this.tasks = application.allTasks().values().stream()
                    .sorted(Comparator.comparing(TaskInfo::id))
                    .toList();
            this.members = application.kafkaStreamsStates(true).values().stream()
                    .sorted(Comparator.comparing(KafkaStreamsState::processId))
                    .map(state -> new Member(state, tasks))
                    .toList();
        }

        TaskAssignment assignment() {
            tasks.forEach(task -> holderOf(task).active.add(task));
            boolean settled = balance();
            tasks.stream().filter(TaskInfo::isStateful).forEach(this::addStandbys);
            List<KafkaStreamsAssignment> assignments =
                    members.stream().map(Member::assignment).toList();
            return new TaskAssignment(settled ? assignments : lookAgain(assignments, now.plus(nextLook())));
        }

        private Duration nextLook() {
            return Duration.ofSeconds(
                    Math.clamp(behind / RESTORED_PER_SECOND, FIRST_LOOK.toSeconds(), LAST_LOOK.toSeconds()));
        }

        private static List<KafkaStreamsAssignment> lookAgain(List<KafkaStreamsAssignment> assignments, Instant when) {
            // One of them asks for the next rebalance, for all.
            return Stream.concat(
                            Stream.of(assignments.getFirst().withFollowupRebalance(when)),
                            assignments.stream().skip(1))
                    .toList();
        }

        /** Who has it; if nobody has, the one with the newest copy; among equals the one with the least to do. */
        private Member holderOf(TaskInfo task) {
            return members.stream()
                    .min(Comparator.comparing((Member member) -> !member.held(task))
                            .thenComparing(member -> !member.hasCopy(task))
                            .thenComparing(member -> member.hasCopy(task) ? member.lag(task) : 0)
                            .thenComparing(member -> member.load(0)))
                    .orElseThrow();
        }

        /**
         * From those who have the most to those who have the least, as long as that makes the two more equal. Returns
         * whether nobody has to wait for that.
         */
        private boolean balance() {
            List<Move> waiting = new ArrayList<>();
            while (true) {
                Member most = Collections.max(members, Comparator.comparing(member -> member.load(0)));
                Member least = Collections.min(members, Comparator.comparing(member -> member.load(1)));
                if (least.load(1) >= most.load(0)) {
                    break;
                }
                TaskInfo task = Collections.min(
                        most.active,
                        Comparator.comparing((TaskInfo each) -> !isWarm(least, each))
                                .thenComparing(each -> !least.hasCopy(each)));
                most.active.remove(task);
                least.active.add(task);
                if (!isWarm(least, task)) {
                    waiting.add(new Move(task, most, least));
                }
            }
            for (Move move : waiting) {
                move.to.active.remove(move.task);
                move.to.standby.add(move.task);
                move.from.active.add(move.task);
                behind += move.to.lag(move.task);
            }
            return waiting.isEmpty();
        }

        /** Preferably where copies are already, for a copy elsewhere begins with nothing. */
        private void addStandbys(TaskInfo task) {
            long already = members.stream()
                    .filter(member -> member.standby.contains(task))
                    .count();
            members.stream()
                    .filter(member -> !member.active.contains(task) && !member.standby.contains(task))
                    .sorted(Comparator.comparing((Member member) -> !member.hasCopy(task) && !member.held(task))
                            .thenComparing(member -> member.active.size() + member.standby.size()))
                    .limit(Math.max(configs.numStandbyReplicas() - already, 0))
                    .toList()
                    .forEach(member -> member.standby.add(task));
        }

        private boolean isWarm(Member member, TaskInfo task) {
            return !task.isStateful()
                    || member.held(task)
                    || member.missedNothing
                    || member.hasCopy(task)
                            && member.lag(task) <= configs.acceptableRecoveryLag()
                            && member.started().plus(OPENING).isBefore(now);
        }
    }

    /** What would make the two more equal, once the second is warm. */
    private record Move(TaskInfo task, Member from, Member to) {}

    /** An instance, and what it gets. */
    private static final class Member {

        private final KafkaStreamsState state;

        /** In records. Kept, because the state adds them up anew whenever it is asked. */
        private final Map<TaskId, Long> lags;

        /** Where nothing was decided since it was there last, nobody waits. */
        private final boolean missedNothing;

        private final Set<TaskInfo> active = new LinkedHashSet<>();
        private final Set<TaskInfo> standby = new LinkedHashSet<>();

        Member(KafkaStreamsState state, List<TaskInfo> tasks) {
            this.state = state;
            this.lags = state.statefulTasksToLagSums();
            this.missedNothing = tasks.stream()
                            .filter(task -> task.isStateful() && !held(task))
                            .mapToLong(this::lag)
                            .sum()
                    == 0;
        }

        boolean held(TaskInfo task) {
            return state.previousActiveTasks().contains(task.id());
        }

        boolean hasCopy(TaskInfo task) {
            return state.previousStandbyTasks().contains(task.id());
        }

        /** In records; much when Kafka could not be asked. */
        long lag(TaskInfo task) {
            return lags.getOrDefault(task.id(), (long) Integer.MAX_VALUE);
        }

        /** What it has on its disk from before counts as a copy, too. */
        Instant started() {
            return Instant.ofEpochMilli(Long.parseLong(state.clientTags().getOrDefault(STARTED, "0")));
        }

        /** Active tasks for each thread, with so many more of them. */
        double load(int more) {
            return (double) (active.size() + more) / state.numProcessingThreads();
        }

        KafkaStreamsAssignment assignment() {
            return KafkaStreamsAssignment.of(
                    state.processId(),
                    Stream.concat(
                                    active.stream().map(task -> new AssignedTask(task.id(), AssignedTask.Type.ACTIVE)),
                                    standby.stream()
                                            .map(task -> new AssignedTask(task.id(), AssignedTask.Type.STANDBY)))
                            .collect(Collectors.toSet()));
        }
    }
}
