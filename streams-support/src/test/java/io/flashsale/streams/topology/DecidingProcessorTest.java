package io.flashsale.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.Topic;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

/** When a decision is committed: soon, unless it is one of a backlog. */
class DecidingProcessorTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CommitPace commits = new CommitPace();
    private final MockProcessorContext<Object, Object> context = new MockProcessorContext<>();
    private final DecidingProcessor<String, String> processor = start(context);

    private DecidingProcessor<String, String> start(MockProcessorContext<Object, Object> context) {
        DecidingProcessor<String, String> processor =
                new DecidingProcessor<>(
                        "events",
                        "ticks",
                        new DecisionMeters(meters, InventoryEvent.class, new Topic("topic", 1, Map.of())),
                        commits) {

                    @Override
                    protected String decide(Screened<String> screened) {
                        if (screened.input().equals("fault")) {
                            throw new IllegalStateException("a fault of a rule");
                        }
                        return screened.input();
                    }

                    @Override
                    protected void carryOut(Screened<String> screened, String outcome) {
                        if (!outcome.equals("of no interest")) {
                            outputs().tick("product", outcome, NOW);
                        }
                    }
                };
        context.setCurrentSystemTimeMs(NOW.toEpochMilli());
        processor.init(context);
        return processor;
    }

    @Test
    void anAnswerWaitsFiveMillisecondsAtMost() {
        assertThat(look().getInterval()).isEqualTo(Duration.ofMillis(5));
        assertThat(look().getType()).isEqualTo(PunctuationType.WALL_CLOCK_TIME);
    }

    @Test
    void aDecisionThatSomebodyMayWaitForIsCommittedAtTheNextLook() {
        decide("input", NOW.minusMillis(99));
        assertThat(context.committed()).isFalse();

        lookAt(NOW);

        assertThat(context.committed()).isTrue();
    }

    @Test
    void nobodyWaitsForAnInputThatNothingComesOf() {
        decide("of no interest", NOW);

        lookAt(NOW);

        assertThat(context.committed()).isFalse();
    }

    @Test
    void aDeadLettersCallerWaitsToo() {
        decide("fault", NOW);

        lookAt(NOW);

        assertThat(context.committed()).isTrue();
    }

    @Test
    void aBacklogIsLeftToTheIntervalUntilItIsWorkedOff() {
        decide("input", NOW.minusMillis(1_000));
        lookAt(NOW);
        assertThat(context.committed()).isFalse();

        decide("input", NOW.minusMillis(2_000));
        decide("input", NOW.minusMillis(999));
        decide("input", NOW.minusMillis(1_500));
        lookAt(NOW);

        assertThat(context.committed()).isTrue();
    }

    @Test
    void whereNothingIsDecidedNothingIsCommitted() {
        lookAt(NOW);
        assertThat(context.committed()).isFalse();

        decide("input", NOW);
        lookAt(NOW);
        context.resetCommit();
        lookAt(NOW.plusMillis(10));

        assertThat(context.committed()).isFalse();
    }

    @Test
    void theWayFromTheLogToTheDecisionIsMeasured() {
        decide("input", NOW.minusMillis(30));
        decide("input", NOW.minusMillis(10));
        // The broker's clock may be ahead.
        decide("input", NOW.plusSeconds(10));
        decide("fault", NOW.minusSeconds(10));

        Timer latency = meters.get("decisions.latency").tag("topic", "topic").timer();
        assertThat(latency.count()).isEqualTo(3);
        assertThat(latency.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(40);
    }

    @Test
    void tasksOfOneThreadAreCommittedTogether() {
        MockProcessorContext<Object, Object> other = new MockProcessorContext<>();
        start(other);
        decide("input", NOW);
        look(other).getPunctuator().punctuate(NOW.toEpochMilli());

        lookAt(NOW.plusMillis(1));

        assertThat(other.committed()).isTrue();
        assertThat(context.committed()).isFalse();
    }

    @Test
    void theNextCommitIsFiveMillisecondsAfterTheLast() {
        commitOnce(Duration.ofMillis(3));

        decide("input", NOW.plusMillis(3));
        lookAt(NOW.plusMillis(7));
        assertThat(context.committed()).isFalse();
        lookAt(NOW.plusMillis(8));

        assertThat(context.committed()).isTrue();
    }

    @Test
    void slowCommitsAreFewer() {
        commitOnce(Duration.ofMillis(15));

        decide("input", NOW.plusMillis(15));
        lookAt(NOW.plusMillis(29));
        assertThat(context.committed()).isFalse();
        lookAt(NOW.plusMillis(30));

        assertThat(context.committed()).isTrue();
    }

    private void commitOnce(Duration time) {
        decide("input", NOW);
        lookAt(NOW);
        context.resetCommit();
        lookAt(NOW.plus(time));
    }

    private void decide(String input, Instant logTime) {
        Record<byte[], byte[]> raw = new Record<>(new byte[0], new byte[0], logTime.toEpochMilli());
        Screened<String> screened = new Screened<>(input, logTime, null, new Origin("topic", 0, 0), raw, null);
        processor.process(new Record<>(raw.key(), List.of(screened), raw.timestamp()));
    }

    private CapturedPunctuator look() {
        return look(context);
    }

    private static CapturedPunctuator look(MockProcessorContext<Object, Object> context) {
        return context.scheduledPunctuators().getFirst();
    }

    private void lookAt(Instant wallClock) {
        look().getPunctuator().punctuate(wallClock.toEpochMilli());
    }
}
