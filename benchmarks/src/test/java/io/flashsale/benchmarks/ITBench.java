package io.flashsale.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a person runs it, with everything there is: needs the built services. */
class ITBench {

    private static final long DEADLINE_MINUTES = 5;

    /**
     * What this short run found on a machine with two cores, shared with others: 26,461 decisions a second, and at best
     * 5,314 holds of MariaDB. A longer one, with what is compiled by then, finds more.
     */
    private static final double REFERENCE_RATIO = 5;

    @TempDir
    private Path directory;

    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void letOthersIn() throws IOException {
        // The databases run as another user, below this directory.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    }

    @AfterEach
    void endProcesses() {
        // Its children see that it is gone and end too.
        started.forEach(Process::destroyForcibly);
    }

    /** The short benchmark of continuous integration: ratios only, because machines differ and are shared. */
    @Test
    void isNotManyTimesSlowerThanItWas() throws Exception {
        requireMariaDb();
        Path json = directory.resolve("figures.json");

        String output = run(
                "engine", "peers", "--peer=mariadb", "--commands=100000", "--rounds=1", "--step=2", "--json=" + json);

        System.out.println(output);
        assertThat(output).containsPattern("decisions/s, all of them +[0-9,]+/s");
        var sections = Json.MAPPER.readTree(json).path("sections");
        assertThat(sections.at("/engine/figures/cpu_seconds_per_thousand_inventory_1/value")
                        .doubleValue())
                .isPositive();
        assertThat(sections.at("/comparison/figures/engine_to_mariadb_atomic/value")
                        .doubleValue())
                .as("decisions of the engine for each hold that MariaDB takes with an atomic UPDATE")
                .isGreaterThan(REFERENCE_RATIO / 3);
    }

    @Test
    void measuresCallsAndLeavesNothingBehind() throws Exception {
        Path json = directory.resolve("figures.json");

        String output = run(
                "lives",
                "hop",
                "--commands=20000",
                "--rounds=1",
                "--seconds=2",
                "--warmup=1",
                "--report=" + directory.resolve("page"),
                "--json=" + json);

        assertThat(output).containsPattern("lives/s, all of them +[0-9,]+/s");
        var sections = Json.MAPPER.readTree(json).path("sections");
        assertThat(sections.at("/hop/figures/latency_p50_ms/value").doubleValue())
                .isPositive();
        assertThat(directory.resolve("page/report.md")).exists();
        assertThat(directory.resolve("page/hop-latency.svg")).exists();
        assertThat(leftDirectories()).isEmpty();
    }

    @Test
    void leavesNothingBehindWhenItIsInterrupted() throws Exception {
        Process bench = bench("http");
        List<ProcessHandle> children = awaitChildren(bench);

        // As Ctrl-C, which Java ignores when it was started in the background of a shell.
        bench.toHandle().destroy();

        assertThat(bench.waitFor(DEADLINE_MINUTES, TimeUnit.MINUTES)).isTrue();
        assertThat(bench.exitValue()).isEqualTo(143);
        assertThat(children).isNotEmpty().noneMatch(ProcessHandle::isAlive);
        assertThat(leftDirectories()).isEmpty();
    }

    /** Runs it to its end, which is good, and returns what it said. */
    private String run(String... arguments) throws Exception {
        Process bench = bench(arguments);
        String output = new String(bench.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bench.waitFor(DEADLINE_MINUTES, TimeUnit.MINUTES)).isTrue();
        assertThat(bench.exitValue()).as(output).isZero();
        return output;
    }

    private static void requireMariaDb() {
        if (!ServerKind.MARIADB.isInstalled()) {
            String why = ServerKind.MARIADB.missing();
            if ("all".equals(System.getProperty("flashsale.test.needs"))) {
                Assertions.fail(why);
            }
            Assumptions.abort(why);
        }
    }

    private Process bench(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("./flashsale", "bench", "--no-build"));
        if (List.of(arguments).stream().noneMatch(argument -> argument.startsWith("--report"))) {
            command.add("--report=" + directory.resolve("report"));
        }
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
            return contents.filter(path -> path.getFileName().toString().startsWith(Scratch.PREFIX))
                    .toList();
        }
    }
}
