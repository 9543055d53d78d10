package io.flashsale.benchmarks.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * Where the figures come from, without which they say nothing.
 *
 * @param cpu model, or the architecture where the model is not known
 * @param memoryBytes of the machine or the container
 * @param loadAtStart runnable threads in the minute before the start; more than a little means that others were at work
 */
public record Machine(
        Instant measuredAt,
        int cores,
        String cpu,
        long memoryBytes,
        String system,
        String jdk,
        String kafka,
        double loadAtStart) {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /** The machine that this process runs on. */
    public static Machine thisOne() {
        var system = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
        return new Machine(
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                Runtime.getRuntime().availableProcessors(),
                cpuModel(),
                system.getTotalMemorySize(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
                AppInfoParser.getVersion(),
                system.getSystemLoadAverage());
    }

    List<String> lines() {
        return List.of(
                "%d cores %s, %.1f GB, %s, load %.1f before the start"
                        .formatted(cores, cpu, memoryBytes / 1e9, system, loadAtStart),
                "%s, Kafka %s, %s".formatted(jdk, kafka, measuredAt));
    }

    private static String cpuModel() {
        try {
            return Files.readAllLines(CPU_INFO).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElseGet(Machine::architecture);
        } catch (IOException notLinux) {
            return architecture();
        }
    }

    private static String architecture() {
        return System.getProperty("os.arch");
    }
}
