package io.flashsale.ingress.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.ConnectException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

class KafkaProbeTest {

    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final KafkaProbe probe = new KafkaProbe(this::check, "broker:9092");

    @Test
    void isAProblemUntilKafkaWasAsked() {
        assertThat(probe.problem()).isPresent();
    }

    @Test
    void followsKafkaDownAndUp() {
        probe.look();
        assertThat(probe.problem()).isEmpty();

        failure.set(new ConnectException("refused"));
        probe.look();
        assertThat(probe.problem()).contains("Kafka at broker:9092 does not answer (ConnectException).");

        failure.set(null);
        probe.look();
        assertThat(probe.problem()).isEmpty();
    }

    @Test
    void notEvenAnErrorEndsIt() {
        KafkaProbe broken = new KafkaProbe(
                () -> {
                    throw new NoClassDefFoundError("io/example/Missing");
                },
                "broker:9092");

        broken.look();

        assertThat(broken.problem()).contains("Kafka at broker:9092 does not answer (NoClassDefFoundError).");
    }

    @Test
    void saysWhatDoesNotFit() {
        failure.set(new IllegalStateException("Expected 12 partitions, but there are 3."));

        probe.look();

        assertThat(probe.problem()).contains("Expected 12 partitions, but there are 3.");
    }

    @Test
    void looksByItselfAgainAndAgain() {
        failure.set(new ConnectException("refused"));
        probe.start();
        try {
            await().until(() -> probe.problem()
                    .filter(problem -> problem.contains("does not answer"))
                    .isPresent());
            failure.set(null);

            await().until(() -> probe.problem().isEmpty());
        } finally {
            probe.stop();
        }
        assertThat(probe.isRunning()).isFalse();
    }

    @Test
    void healthFollowsIt() {
        KafkaHealthIndicator health = new KafkaHealthIndicator(probe::problem);
        assertThat(health.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);

        probe.look();

        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }

    private void check() throws Exception {
        Exception thrown = failure.get();
        if (thrown != null) {
            throw thrown;
        }
    }
}
