package io.flashsale.ingress.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DecisionTimesTest {

    private final DecisionTimes times = new DecisionTimes();

    @Test
    void saysHowLongHalfAndNearlyAllWaited() {
        for (int milliseconds = 1; milliseconds <= 100; milliseconds++) {
            times.record(Duration.ofMillis(milliseconds).toNanos());
        }

        assertThat(times.lately()).hasValueSatisfying(lately -> {
            assertThat(lately.p50()).isCloseTo(50, within(5.0));
            assertThat(lately.p99()).isCloseTo(99, within(5.0));
        });
    }

    @Test
    void saysNothingWhenNobodyWaited() {
        assertThat(times.lately()).isEmpty();
    }
}
