package io.flashsale.ingress.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.contracts.Command;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.Reply.Refused;
import io.flashsale.contracts.ReplyTo;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CommandGatewayTest {

    private static final Command COMMAND = new CreateOrder("p", "h_1", null);
    private static final Reply REPLY =
            new Refused(Refusal.of(RefusalCode.HOLD_NOT_FOUND, "There is no such hold."), false);
    private static final int PARTITION = 3;
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final PendingReplies pending = new PendingReplies(1, 1, meters);
    private final FakePublisher publisher = new FakePublisher();
    private final List<String> decided = new ArrayList<>();
    private Optional<String> problem = Optional.empty();

    @Test
    void givesTheDecisionAndFreesThePlace() {
        publisher.reply = REPLY;

        assertThat(gateway(LONG).ask(COMMAND)).contains(REPLY);
        assertThat(gateway(LONG).ask(COMMAND)).contains(REPLY);

        assertThat(publisher.replyTos)
                .hasSize(2)
                .allSatisfy(replyTo -> assertThat(replyTo.partition()).isEqualTo(PARTITION));
        assertThat(pending.inFlight()).isZero();
        assertThat(decided).containsExactly("p", "p");
        assertThat(latency("CreateOrder").count()).isEqualTo(2);
        assertThat(latency("PaymentFailed").count()).isZero();
    }

    @Test
    void isUndecidedWhenTheLogHasItAndNoReplyComes() {
        assertThat(gateway(SHORT).ask(COMMAND)).isEmpty();

        assertThat(meters.get("commands.undecided").counter().count()).isEqualTo(1);
        assertThat(decided).isEmpty();
        assertThat(latency("CreateOrder").count()).isZero();
        assertThat(pending.inFlight()).isZero();
    }

    @Test
    void isUnavailableWhenItIsNotKnownThatTheLogHasIt() {
        publisher.taken = new CompletableFuture<>();

        assertThatThrownBy(() -> gateway(SHORT).ask(COMMAND)).isInstanceOf(KafkaUnavailableException.class);
        assertThatThrownBy(() -> gateway(SHORT).tell(COMMAND)).isInstanceOf(KafkaUnavailableException.class);

        assertThat(meters.get("commands.undecided").counter().count()).isZero();
        assertThat(pending.inFlight()).isZero();
    }

    @Test
    void doesNotWaitForTheReplyOfAFailedPublish() {
        publisher.taken = CompletableFuture.failedFuture(new TimeoutException("no broker"));

        assertThatThrownBy(() -> gateway(Duration.ofDays(1)).ask(COMMAND))
                .isInstanceOf(KafkaUnavailableException.class);
        assertThatThrownBy(() -> gateway(LONG).tell(COMMAND)).isInstanceOf(KafkaUnavailableException.class);

        assertThat(meters.get("commands.publish.failed").counter().count()).isEqualTo(2);
    }

    @Test
    void publishesNothingWhileKafkaIsAway() {
        problem = Optional.of("Kafka is away.");

        assertThatThrownBy(() -> gateway(LONG).ask(COMMAND)).isInstanceOf(KafkaUnavailableException.class);
        assertThatThrownBy(() -> gateway(LONG).tell(COMMAND)).isInstanceOf(KafkaUnavailableException.class);

        assertThat(publisher.commands).isEmpty();
    }

    @Test
    void publishesNothingWhenAllPlacesAreTaken() {
        try (PendingCall other = pending.open("another")) {
            assertThatThrownBy(() -> gateway(LONG).ask(COMMAND)).isInstanceOf(TooManyInFlightException.class);
            assertThatThrownBy(() -> gateway(LONG).tell(COMMAND)).isInstanceOf(TooManyInFlightException.class);
        }

        assertThat(publisher.commands).isEmpty();
    }

    @Test
    void tellsWithoutAskingForAReply() {
        gateway(LONG).tell(COMMAND);

        assertThat(publisher.commands).containsExactly(COMMAND);
        assertThat(publisher.replyTos).containsOnlyNulls();
    }

    private Timer latency(String command) {
        return meters.get("commands.latency").tag("command", command).timer();
    }

    private CommandGateway gateway(Duration timeout) {
        return new CommandGateway(
                publisher, pending, () -> problem, PARTITION, timeout, decided::add, new DecisionTimes(), meters);
    }

    private final class FakePublisher implements CommandPublisher {

        private final List<Command> commands = new ArrayList<>();
        private final List<@Nullable ReplyTo> replyTos = new ArrayList<>();
        private CompletableFuture<Void> taken = CompletableFuture.completedFuture(null);
        private @Nullable Reply reply;

        @Override
        public CompletableFuture<Void> publish(Command command, @Nullable ReplyTo replyTo) {
            commands.add(command);
            replyTos.add(replyTo);
            if (replyTo != null && reply != null) {
                pending.complete(replyTo.correlationId(), reply);
            }
            return taken;
        }
    }
}
