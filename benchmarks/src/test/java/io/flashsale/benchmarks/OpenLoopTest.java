package io.flashsale.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpenLoopTest {

    @Test
    void spreadsTheCallsEvenly() {
        OpenLoop loop = new OpenLoop(100, 4, 3);

        assertThat(loop.dueNanos(0)).isEqualTo(100);
        assertThat(loop.dueNanos(1)).isEqualTo(250_000_100);
        assertThat(loop.dueNanos(2)).isEqualTo(500_000_100);
    }

    @Test
    void doesNotDriftWhenTheIntervalIsNoWholeNumber() {
        // 333,333,333.3 ns each: rounded intervals would be 100 ns behind after 300 calls.
        assertThat(new OpenLoop(0, 3, 301).dueNanos(300)).isEqualTo(100_000_000_000L);
    }

    @Test
    void keepsItsTimesAcrossTheOverflowOfTheClock() {
        // System.nanoTime() may start anywhere.
        OpenLoop loop = new OpenLoop(Long.MAX_VALUE, 1, 2);

        assertThat(loop.dueNanos(1) - loop.dueNanos(0)).isEqualTo(1_000_000_000);
    }
}
