package io.flashsale.benchmarks;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * What {@link HttpBenchmark} measured.
 *
 * @param ratePerSecond that was wanted
 * @param achievedPerSecond answers a second
 * @param connections at most
 * @param answers how often there was which one: a status code, or why there was none
 * @param warmupAnswers the same of the calls before
 * @param latencyMs from the time a call was due to its answer
 * @param delayMs from the time a call was due to its sending; the load generator's own part of the latency
 * @param cpuSecondsPerThousand by process
 */
record HttpResult(
        int ratePerSecond,
        double achievedPerSecond,
        int seconds,
        int warmupSeconds,
        int connections,
        Map<String, Long> answers,
        Map<String, Long> warmupAnswers,
        Latency latencyMs,
        Latency delayMs,
        Map<String, Double> cpuSecondsPerThousand) {

    private static final String CREATED = "201";

    boolean isAllCreated() {
        return isCreatedOnly(answers) && isCreatedOnly(warmupAnswers);
    }

    long calls() {
        return sum(answers);
    }

    /** Holds that must be in the stock. */
    long created() {
        return answers.getOrDefault(CREATED, 0L) + warmupAnswers.getOrDefault(CREATED, 0L);
    }

    /** For a person: {@code 9,998 × 201, 2 × 503}. */
    static String inWords(Map<String, Long> answers) {
        return answers.entrySet().stream()
                .map(answer -> "%,d × %s".formatted(answer.getValue(), answer.getKey()))
                .collect(Collectors.joining(", "));
    }

    private static boolean isCreatedOnly(Map<String, Long> answers) {
        return answers.getOrDefault(CREATED, 0L) == sum(answers);
    }

    private static long sum(Map<String, Long> answers) {
        return answers.values().stream().mapToLong(Long::longValue).sum();
    }
}
