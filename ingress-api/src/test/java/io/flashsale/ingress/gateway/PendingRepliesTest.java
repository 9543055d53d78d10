package io.flashsale.ingress.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.Reply.Refused;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PendingRepliesTest {

    private static final Reply REPLY =
            new Refused(Refusal.of(RefusalCode.HOLD_NOT_FOUND, "There is no such hold."), false);
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final Duration LONG = Duration.ofSeconds(10);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final PendingReplies pending = new PendingReplies(2, 2, meters);

    @Test
    void aReplyReachesItsCallerAlone() {
        try (PendingCall mine = pending.open("p");
                PendingCall other = pending.open("p")) {
            pending.complete(mine.correlationId(), REPLY);

            assertThat(mine.await(LONG)).contains(REPLY);
            assertThat(other.await(SHORT)).isEmpty();
        }
    }

    @Test
    void aFurtherCallThanTheLimitIsRefusedUntilOneEnds() {
        PendingCall first = pending.open("p");
        pending.open("p");

        assertThatThrownBy(() -> pending.open("another")).isInstanceOf(TooManyInFlightException.class);
        assertThat(inFlight()).isEqualTo(2);

        first.close();

        assertThat(pending.open("p")).isNotNull();
    }

    @Test
    void theFloodOfOneProductLeavesPlacesForTheOthers() {
        PendingReplies bounded = new PendingReplies(3, 2, new SimpleMeterRegistry());
        PendingCall first = bounded.open("flooded");
        bounded.open("flooded");

        assertThatThrownBy(() -> bounded.open("flooded")).isInstanceOf(TooManyInFlightException.class);
        PendingCall other = bounded.open("other");

        // then: each bound for itself, in whatever order calls end
        assertThatThrownBy(() -> bounded.open("another")).isInstanceOf(TooManyInFlightException.class);
        other.close();
        assertThatThrownBy(() -> bounded.open("flooded")).isInstanceOf(TooManyInFlightException.class);
        first.close();
        assertThat(bounded.open("flooded")).isNotNull();
    }

    @Test
    void nothingIsKeptOfAProductThatNobodyWaitsFor() {
        PendingCall first = pending.open("p");
        PendingCall second = pending.open("q");
        assertThatThrownBy(() -> pending.open("refused")).isInstanceOf(TooManyInFlightException.class);
        assertThat(pending.products()).isEqualTo(2);

        first.close();
        second.close();

        assertThat(pending.products()).isZero();
        assertThat(inFlight()).isZero();
    }

    @Test
    void callsThatComeTogetherTakeExactlyTheBoundAndGiveAllBack() throws InterruptedException {
        int rounds = 20_000;
        PendingReplies bounded = new PendingReplies(2, 1, new SimpleMeterRegistry());
        AtomicIntegerArray taken = new AtomicIntegerArray(rounds);
        AtomicInteger arrived = new AtomicInteger();
        Runnable caller = () -> {
            for (int round = 0; round < rounds; round++) {
                meet(arrived, 4 * round + 2);
                try (PendingCall call = bounded.open("p")) {
                    taken.incrementAndGet(round);
                    meet(arrived, 4 * round + 4);
                } catch (TooManyInFlightException full) {
                    meet(arrived, 4 * round + 4);
                }
            }
        };
        Thread other = Thread.ofPlatform().start(caller);
        caller.run();
        other.join();

        assertThat(IntStream.range(0, rounds).map(taken::get)).containsOnly(1);
        assertThat(bounded.products()).isZero();
        assertThat(bounded.inFlight()).isZero();
    }

    @Test
    void aCallThatWasAnsweredGivesItsPlaceBackOnce() {
        PendingCall call = pending.open("p");
        pending.complete(call.correlationId(), REPLY);
        assertThat(inFlight()).isEqualTo(1);

        call.close();

        assertThat(inFlight()).isZero();
    }

    @Test
    void aLateReplyIsDroppedAndCounted() {
        PendingCall call = pending.open("p");
        call.close();

        pending.complete(call.correlationId(), REPLY);
        pending.complete("somebody else's", REPLY);

        assertThat(meters.get("replies.dropped").counter().count()).isEqualTo(2);
    }

    @Test
    void anAnsweredReplyIsNotCountedAsDroppedButItsRepetitionIs() {
        try (PendingCall call = pending.open("p")) {
            pending.complete(call.correlationId(), REPLY);
            assertThat(meters.get("replies.dropped").counter().count()).isZero();

            pending.complete(call.correlationId(), REPLY);

            assertThat(meters.get("replies.dropped").counter().count()).isEqualTo(1);
        }
    }

    @Test
    void anotherLifeOfTheInstanceHasOtherIds() {
        PendingReplies restarted = new PendingReplies(1, 1, new SimpleMeterRegistry());

        assertThat(Stream.of(pending.open("p"), pending.open("p"), restarted.open("p"))
                        .map(PendingCall::correlationId))
                .doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id).hasSizeBetween(1, 64));
    }

    /** Returns to both callers at the same moment, as far as a machine can: a barrier would wake one after the other. */
    private static void meet(AtomicInteger arrived, int all) {
        arrived.incrementAndGet();
        while (arrived.get() < all) {
            Thread.yield();
        }
    }

    private double inFlight() {
        return meters.get("commands.inflight").gauge().value();
    }
}
