package io.flashsale.local;

import java.util.List;

/** One sub-command of {@code ./flashsale}. */
public interface SubCommand {

    /**
     * Runs it to its end.
     *
     * @param arguments behind its name
     * @return the exit code
     * @throws UsageException if an argument is wrong
     * @throws PipelineException if something fails; any other exception becomes a sentence too, but a clumsy one
     */
    int run(List<String> arguments) throws UsageException;
}
