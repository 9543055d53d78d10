package io.flashsale.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OpenLoopTest {

    @Test
    void spreadsTheCallsEvenlyAndThenEnds() {
        OpenLoop loop = new OpenLoop(100, 4, 3);

        assertThat(loop.take()).hasValue(100);
        assertThat(loop.take()).hasValue(250_000_100);
        assertThat(loop.take()).hasValue(500_000_100);
        assertThat(loop.take()).isEmpty();
    }

    @Test
    void doesNotDriftWhenTheIntervalIsNoWholeNumber() {
        // 333,333,333.3 ns each: rounded intervals would be 100 ns behind after 300 calls.
        OpenLoop loop = new OpenLoop(0, 3, 301);

        OptionalLong last =
                LongStream.range(0, 301).map(i -> loop.take().getAsLong()).max();

        assertThat(last).hasValue(100_000_000_000L);
    }

    @Test
    void keepsItsTimesAcrossTheOverflowOfTheClock() {
        // System.nanoTime() may start anywhere.
        OpenLoop loop = new OpenLoop(Long.MAX_VALUE, 1, 2);
        long first = loop.take().getAsLong();

        assertThat(loop.take().getAsLong() - first).isEqualTo(1_000_000_000);
    }
}
