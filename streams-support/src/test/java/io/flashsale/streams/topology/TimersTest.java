package io.flashsale.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class TimersTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final Duration GRACE = Duration.ofMillis(200);
    private static final int LIMIT = 1_000;

    private final KeyValueStore<Bytes, byte[]> store =
            Stores.inMemoryKeyValueStore("timers").get();
    private final Timers timers = new Timers(store, GRACE, LIMIT);

    @Test
    void fireWhenTheirTimeAndTheGraceAreOver() {
        timers.arm(NOON, "a");

        assertThat(firedAt(NOON.plus(GRACE).minusMillis(1))).isEmpty();
        assertThat(firedAt(NOON.plus(GRACE))).containsExactly("a");
        assertThat(firedAt(NOON.plus(GRACE).plusSeconds(1))).isEmpty();
    }

    @Test
    void fireInOrderOfTimeAndNeverBeforeIt() {
        timers.arm(NOON.plusMillis(300), "late");
        timers.arm(NOON.plusMillis(1), "between");
        timers.arm(NOON, "early");

        assertThat(firedAt(NOON.plus(GRACE).plusMillis(1))).containsExactly("early");
        assertThat(firedAt(NOON.plus(GRACE).plus(Timers.RESOLUTION))).containsExactly("between");
        assertThat(firedAt(NOON.plusSeconds(1))).containsExactly("late");
    }

    @Test
    void shareRecordsWithoutOneBeingForgotten() {
        List<String> ids = armMany(NOON, 5_000);

        assertThat(recordsInStore()).isLessThan(ids.size() / 10);
        assertThat(allFiredAt(NOON.plusSeconds(1))).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(recordsInStore()).isZero();
    }

    @Test
    void fireOnlySoManyAtOnce() {
        List<String> ids = armMany(NOON, LIMIT + 7);

        List<String> first = firedAt(NOON.plusSeconds(1));
        List<String> rest = firedAt(NOON.plusSeconds(1));

        assertThat(first).hasSize(LIMIT);
        assertThat(rest).hasSize(7);
        assertThat(Stream.concat(first.stream(), rest.stream())).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void areArmedUntilTheyFire() {
        List<String> ids = armMany(NOON.minusMillis(30), 100);
        timers.arm(NOON.plusSeconds(1), "later");

        assertThat(ids).allMatch(id -> timers.isArmed(NOON.minusMillis(30), id));
        assertThat(timers.isArmed(NOON, "later")).isFalse();
        assertThat(timers.isArmed(NOON.plusSeconds(1), "later")).isTrue();

        firedAt(NOON.plus(GRACE));
        assertThat(ids).noneMatch(id -> timers.isArmed(NOON.minusMillis(30), id));
    }

    @Test
    void areThereForTheNextOneToOwnThePartition() {
        List<String> ids = new ArrayList<>(armMany(NOON, 100));
        Timers next = new Timers(store, GRACE, LIMIT);

        next.arm(NOON, "one-more");

        ids.add("one-more");
        assertThat(next.nextDue()).isEqualTo(NOON);
        assertThat(allFiredAt(next, NOON.plusSeconds(1))).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void keepThoseBehindOneThatIsSetAgainByTheNextOwner() {
        List<String> ids = armMany(NOON, 10);
        Timers next = new Timers(store, GRACE, LIMIT);

        next.arm(NOON, ids.getFirst());

        assertThat(allFiredAt(next, NOON.plusSeconds(1))).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void mayBeSetForATimeThatIsOver() {
        timers.arm(NOON, "a");
        firedAt(NOON.plusSeconds(10));

        timers.arm(NOON.plusSeconds(1), "b");

        assertThat(timers.nextDue()).isEqualTo(NOON.plusSeconds(1));
        assertThat(firedAt(NOON.plusSeconds(10))).containsExactly("b");
    }

    @Test
    void setForTheTimeThatJustFiredAreNotLost() {
        timers.arm(NOON, "a");
        firedAt(NOON.plusSeconds(1));

        timers.arm(NOON, "b");

        assertThat(firedAt(NOON.plusSeconds(1))).containsExactly("b");
    }

    @Test
    void ofManyTimesAreAllKept() {
        List<String> ids = IntStream.range(0, 1_000)
                .mapToObj(second -> {
                    timers.arm(NOON.plusSeconds(second % 500), "timer-" + second);
                    return "timer-" + second;
                })
                .toList();

        assertThat(allFiredAt(NOON.plusSeconds(600))).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void firedTooEarlyByTheLogsClockComeAgainWhenItIsTime() {
        // The log's clock is 3 s behind this machine's.
        Instant wallClock = NOON.plusSeconds(1);

        timers.rearm(NOON, wallClock.minusSeconds(3), wallClock, "a");

        assertThat(firedAt(NOON.plusSeconds(3).plus(GRACE).minusMillis(1))).isEmpty();
        assertThat(firedAt(NOON.plusSeconds(3).plus(GRACE))).containsExactly("a");
    }

    /** Written one by one by builds before this one. */
    @Test
    void withoutFurtherIdsAreRead() {
        Timers before = new Timers(store, GRACE, LIMIT);
        before.arm(NOON, "alone");

        assertThat(store.all().next().value).isEmpty();
        assertThat(firedAt(NOON.plusSeconds(1))).containsExactly("alone");
    }

    private List<String> armMany(Instant due, int count) {
        List<String> ids = IntStream.range(0, count)
                .mapToObj(number -> "h_a-hold-with-a-long-id-" + number)
                .toList();
        ids.forEach(id -> timers.arm(due, id));
        return ids;
    }

    private List<String> firedAt(Instant wallClock) {
        List<String> fired = new ArrayList<>();
        timers.fire(wallClock, fired::add);
        return fired;
    }

    private List<String> allFiredAt(Instant wallClock) {
        return allFiredAt(timers, wallClock);
    }

    private static List<String> allFiredAt(Timers timers, Instant wallClock) {
        List<String> fired = new ArrayList<>();
        int before;
        do {
            before = fired.size();
            timers.fire(wallClock, fired::add);
        } while (fired.size() > before);
        return fired;
    }

    private int recordsInStore() {
        int records = 0;
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            while (all.hasNext()) {
                all.next();
                records++;
            }
        }
        return records;
    }
}
