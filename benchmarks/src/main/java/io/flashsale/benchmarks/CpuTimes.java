package io.flashsale.benchmarks;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * CPU time of processes, of all their threads, as the operating system counts it (on Linux in steps of 10 ms).
 *
 * @param byName time since each one's start, in the order in which they were asked for
 */
record CpuTimes(Map<String, Duration> byName) {

    static final String LOAD_GENERATOR = "load generator";

    /** Asks for the processes with these names, and for this one, which makes the load. */
    static CpuTimes of(Collection<String> names, ToLongFunction<String> processId) {
        Map<String, Duration> times = new LinkedHashMap<>();
        for (String name : names) {
            times.put(
                    name,
                    ProcessHandle.of(processId.applyAsLong(name))
                            .map(CpuTimes::of)
                            .orElse(Duration.ZERO));
        }
        times.put(LOAD_GENERATOR, ofAlone(ProcessHandle.current()));
        return new CpuTimes(times);
    }

    /** What was used since an earlier reading, in seconds per thousand of something that was done meanwhile. */
    Map<String, Double> secondsPerThousandSince(CpuTimes earlier, long done) {
        Map<String, Double> used = new LinkedHashMap<>();
        byName.forEach((name, time) -> {
            Duration spent = time.minus(earlier.byName.getOrDefault(name, Duration.ZERO));
            used.put(name, spent.toNanos() / 1e9 / done * 1_000);
        });
        return used;
    }

    /** Of its children too, as far as they live: PostgreSQL has one for each connection. */
    private static Duration of(ProcessHandle process) {
        return process.descendants().map(CpuTimes::ofAlone).reduce(ofAlone(process), Duration::plus);
    }

    private static Duration ofAlone(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
