package io.flashsale.benchmarks;

import java.util.List;
import java.util.Map;

/**
 * What {@link EngineBenchmark} measured.
 *
 * @param commands of each round
 * @param warmupShare of them, which do not count for what is called warm
 * @param decisionsPerSecond median of the warm part of the rounds
 * @param decisionsPerSecondInAll median of the whole rounds, a JVM that has just started included
 * @param cpuSecondsPerThousand medians of the warm parts, by process
 */
record EngineResult(
        int commands,
        double warmupShare,
        List<Round> rounds,
        double decisionsPerSecond,
        double decisionsPerSecondInAll,
        Map<String, Double> cpuSecondsPerThousand) {

    /** One round, with the same meanings. */
    record Round(
            double decisionsPerSecond, double decisionsPerSecondInAll, Map<String, Double> cpuSecondsPerThousand) {}

    static EngineResult of(int commands, double warmupShare, List<Round> rounds) {
        return new EngineResult(
                commands,
                warmupShare,
                List.copyOf(rounds),
                Statistics.median(rounds.stream().map(Round::decisionsPerSecond).toList()),
                Statistics.median(
                        rounds.stream().map(Round::decisionsPerSecondInAll).toList()),
                Statistics.medians(
                        rounds.stream().map(Round::cpuSecondsPerThousand).toList()));
    }
}
