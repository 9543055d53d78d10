package io.flashsale.local.tools;

import io.flashsale.local.PipelineException;
import java.time.Duration;

/** The wall clock of this machine. */
final class RealPause implements PartitionCheck.Pause {

    private static final Duration BRIEF = Duration.ofMillis(50);

    @Override
    public void brief() {
        try {
            Thread.sleep(BRIEF);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new PipelineException("Interrupted while waiting for the pipeline.");
        }
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }
}
