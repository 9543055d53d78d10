package io.flashsale.ingress.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.Reply.Refused;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PendingRepliesTest {

    private static final Reply REPLY =
            new Refused(Refusal.of(RefusalCode.HOLD_NOT_FOUND, "There is no such hold."), false);
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final Duration LONG = Duration.ofSeconds(10);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final PendingReplies pending = new PendingReplies(2, meters);

    @Test
    void aReplyReachesItsCallerAlone() {
        try (PendingCall mine = pending.open();
                PendingCall other = pending.open()) {
            pending.complete(mine.correlationId(), REPLY);

            assertThat(mine.await(LONG)).contains(REPLY);
            assertThat(other.await(SHORT)).isEmpty();
        }
    }

    @Test
    void aFurtherCallThanTheLimitIsRefusedUntilOneEnds() {
        PendingCall first = pending.open();
        pending.open();

        assertThatThrownBy(pending::open).isInstanceOf(TooManyInFlightException.class);
        assertThat(inFlight()).isEqualTo(2);

        first.close();

        assertThat(pending.open()).isNotNull();
    }

    @Test
    void aCallThatWasAnsweredGivesItsPlaceBackOnce() {
        PendingCall call = pending.open();
        pending.complete(call.correlationId(), REPLY);
        assertThat(inFlight()).isEqualTo(1);

        call.close();

        assertThat(inFlight()).isZero();
    }

    @Test
    void aLateReplyIsDroppedAndCounted() {
        PendingCall call = pending.open();
        call.close();

        pending.complete(call.correlationId(), REPLY);
        pending.complete("somebody else's", REPLY);

        assertThat(meters.get("replies.dropped").counter().count()).isEqualTo(2);
    }

    @Test
    void anAnsweredReplyIsNotCountedAsDroppedButItsRepetitionIs() {
        try (PendingCall call = pending.open()) {
            pending.complete(call.correlationId(), REPLY);
            assertThat(meters.get("replies.dropped").counter().count()).isZero();

            pending.complete(call.correlationId(), REPLY);

            assertThat(meters.get("replies.dropped").counter().count()).isEqualTo(1);
        }
    }

    @Test
    void anotherLifeOfTheInstanceHasOtherIds() {
        PendingReplies restarted = new PendingReplies(1, new SimpleMeterRegistry());

        assertThat(Stream.of(pending.open(), pending.open(), restarted.open()).map(PendingCall::correlationId))
                .doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id).hasSizeBetween(1, 64));
    }

    private double inFlight() {
        return meters.get("commands.inflight").gauge().value();
    }
}
