package io.flashsale.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.benchmarks.ClosedLoop.Worker;
import io.flashsale.local.PipelineException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClosedLoopTest {

    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger worked = new AtomicInteger();

    @Test
    void countsWhatAllWorkersHaveDone() {
        ClosedLoop.Result result = run(3, () -> {
            worked.incrementAndGet();
            return 2;
        });

        assertThat(result.done()).isEqualTo(worked.get() * 2L).isPositive();
        assertThat(result.perSecond()).isPositive();
        assertThat(made).hasValue(3);
        assertThat(closed).hasValue(3);
    }

    @Test
    void failsWithTheFirstWorkerThatDoes() {
        assertThatThrownBy(() -> run(2, () -> {
                    throw new IllegalStateException("no more stock");
                }))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("no more stock");
        assertThat(closed).hasValue(2);
    }

    private ClosedLoop.Result run(int workers, Work work) {
        return ClosedLoop.run(
                workers,
                Duration.ofMillis(50),
                () -> {
                    made.incrementAndGet();
                    return new Worker() {
                        @Override
                        public int work() throws Exception {
                            return work.run();
                        }

                        @Override
                        public void close() {
                            closed.incrementAndGet();
                        }
                    };
                },
                () -> {});
    }

    private interface Work {

        int run() throws Exception;
    }
}
