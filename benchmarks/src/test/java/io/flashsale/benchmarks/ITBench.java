package io.flashsale.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a person runs it, with everything there is: needs the built services. */
class ITBench {

    private static final long DEADLINE_MINUTES = 5;

    @TempDir
    private Path directory;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endProcesses() {
        // Its children see that it is gone and end too.
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void measuresBothAndLeavesNothingBehind() throws Exception {
        Path json = directory.resolve("figures.json");

        Process bench =
                bench("--commands=3000", "--rounds=1", "--rate=50", "--seconds=3", "--warmup=2", "--json=" + json);
        String output = new String(bench.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(bench.waitFor(DEADLINE_MINUTES, TimeUnit.MINUTES)).isTrue();
        assertThat(bench.exitValue()).as(output).isZero();
        assertThat(output)
                .containsPattern("decisions/s, all of them +[0-9,]+ ")
                .containsPattern("answers +150 × 201\n")
                .containsPattern("answers of the warm-up +100 × 201\n");
        var figures = Json.MAPPER.readTree(json);
        assertThat(figures.at("/engine/decisions_per_second").doubleValue()).isPositive();
        assertThat(figures.at("/engine/cpu_seconds_per_thousand/inventory-1").doubleValue())
                .isPositive();
        assertThat(figures.at("/http/latency_ms/p50").doubleValue()).isPositive();
        assertThat(leftDirectories()).isEmpty();
    }

    @Test
    void leavesNothingBehindWhenItIsInterrupted() throws Exception {
        Process bench = bench("engine");
        List<ProcessHandle> children = awaitChildren(bench);

        // As Ctrl-C, which Java ignores when it was started in the background of a shell.
        bench.toHandle().destroy();

        assertThat(bench.waitFor(DEADLINE_MINUTES, TimeUnit.MINUTES)).isTrue();
        assertThat(bench.exitValue()).isEqualTo(143);
        assertThat(children).isNotEmpty().noneMatch(ProcessHandle::isAlive);
        assertThat(leftDirectories()).isEmpty();
    }

    private Process bench(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("./flashsale", "bench", "--no-build"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(Path.of("..").toFile()).redirectErrorStream(true);
        // For the children too. They live so short that the second compiler would only take time.
        builder.environment().put("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + directory + " -XX:TieredStopAtLevel=1");
        Process process = builder.start();
        started.add(process);
        return process;
    }

    /** Returns while the services start, which is when the most is going on. */
    private List<ProcessHandle> awaitChildren(Process bench) throws IOException {
        var output = new BufferedReader(new InputStreamReader(bench.getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains("starting inventory-1")) {
                break;
            }
        }
        // So that the process can go on writing.
        Thread.ofPlatform().daemon().start(() -> output.lines().forEach(ignored -> {}));
        return bench.descendants().toList();
    }

    private List<Path> leftDirectories() throws IOException {
        try (Stream<Path> contents = Files.list(directory)) {
            return contents.filter(path -> path.getFileName().toString().startsWith(Workbench.DIRECTORY_PREFIX))
                    .toList();
        }
    }
}
