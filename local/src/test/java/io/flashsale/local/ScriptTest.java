package io.flashsale.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code flashsale} in a project of its own, with a Maven and JDKs that only say what they are asked to do. */
class ScriptTest {

    /** What the script needs of a machine. Neither a java nor a mvn is among them. */
    private static final List<String> TOOLS = List.of(
            "bash",
            "cat",
            "dirname",
            "env",
            "find",
            "grep",
            "mkdir",
            "mv",
            "readlink",
            "rm",
            "rmdir",
            "sed",
            "sleep",
            "tail",
            "touch",
            "tr");

    private static final String MAVEN = """
            #!/bin/bash
            echo "mvn $*" >> "$CALLS"
            echo "[INFO] Building contracts 0.1.0-SNAPSHOT                                    [2/7]"
            echo "[INFO] Building ingress-api 0.1.0-SNAPSHOT                                  [4/7]"
            [ -z "$MAVEN_FAILS" ] || { echo "[ERROR] missing semicolon"; exit 1; }
            polls=0
            until [ -z "$MAVEN_WAITS_FOR" ] || [ -e "$MAVEN_WAITS_FOR" ] || [ $((polls += 1)) -gt 600 ]; do sleep 0.1; done
            [ -z "$MAVEN_HANGS" ] || { echo $$ > maven-process; exec sleep 600; }
            for module in ingress-api inventory-streams order-streams local benchmarks; do
              mkdir -p $module/target/lib
              touch $module/target/$module.jar
            done
            """;

    @TempDir
    Path folder;

    private Path project;
    private Path bin;
    private Path calls;
    private final Map<String, String> environment = new HashMap<>();
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void makeAProject() throws IOException {
        Path real = Installation.projectDirectory();
        project = Files.createDirectories(folder.resolve("the project"));
        Files.copy(real.resolve("flashsale"), project.resolve("flashsale"));
        Path help = Path.of("local/src/main/resources/io/flashsale/local/help.txt");
        Files.createDirectories(project.resolve(help).getParent());
        Files.copy(real.resolve(help), project.resolve(help));
        Files.createFile(project.resolve("pom.xml"));
        bin = Files.createDirectories(folder.resolve("bin"));
        for (String tool : TOOLS) {
            executable(bin.resolve(tool), "#!/bin/bash\nexec " + toolOfThisMachine(tool) + " \"$@\"\n");
        }
        calls = Files.createFile(folder.resolve("calls"));
        environment.put("PATH", bin.toString());
        environment.put("HOME", folder.toString());
        environment.put("CALLS", calls.toString());
        environment.put("FLASHSALE_JDK_DIRS", folder.resolve("jdks").toString());
        executable(bin.resolve("mvn"), MAVEN);
    }

    @AfterEach
    void leaveNothingBehind() {
        processes.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
    }

    @Test
    void saysInOneSentenceThatThereIsNoJdk() throws Exception {
        Result result = run("up");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo("flashsale: a JDK 21 or newer is needed, but none was found;"
                        + " install one, or set JAVA_HOME.\n");
    }

    @Test
    void saysInOneSentenceThatTheJdkIsTooOld() throws Exception {
        Path old = jdk("old", "17.0.15");
        jdk("older", "1.8.0_402");

        Result result = run("up");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo("flashsale: a JDK 21 or newer is needed, but the newest one found is 17 (" + old
                        + "); install one, or set JAVA_HOME.\n");
    }

    @Test
    void saysInOneSentenceThatThereIsNoMaven() throws Exception {
        jdk("new", "21.0.1");
        Files.delete(bin.resolve("mvn"));

        Result result = run("up");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo("flashsale: Maven (mvn) is needed to build, but it was not found on the PATH.\n");
    }

    @Test
    void takesTheNewestJdkAndPassesTheArgumentsOn() throws Exception {
        jdk("old", "17.0.15");
        jdk("newest", "25");
        environment.put("JAVA_HOME", jdk("new", "21.0.1").toString());

        Result result = run("up", "--data", "a b");

        assertThat(result.exitCode()).isEqualTo(7);
        assertThat(calls())
                .last()
                .asString()
                .startsWith("java newest ")
                .endsWith(" io.flashsale.local.Main up --data a b");
    }

    @Test
    void allowsABenchmarkTheMemoryThatLibrariesUseIfTheJdkKnowsThatOption() throws Exception {
        jdk("new", "21.0.1");
        run("bench", "engine");
        assertThat(calls()).last().asString().endsWith("BenchMain bench engine").doesNotContain("unsafe");

        jdk("newest", "25");
        run("bench", "engine");
        assertThat(calls()).last().asString().contains(" --sun-misc-unsafe-memory-access=allow ");
    }

    @Test
    void givesToolsMoreMemoryThanUpNeeds() throws Exception {
        jdk("new", "21.0.1");

        run("up");
        assertThat(calls()).last().asString().contains(" -Xmx96m ");
        run("verify", "--product", "1");
        assertThat(calls()).last().asString().contains(" -Xmx640m ").endsWith("Main verify --product 1");
    }

    @Test
    void doesNotBuildForAToolWhileAPipelineRunsFromTheFiles() throws Exception {
        // given: built once, changed since, and a child of "up" is alive
        jdk("new", "21.0.1");
        run("up");
        Files.setLastModifiedTime(
                project.resolve("pom.xml"), FileTime.from(Instant.now().plusSeconds(60)));
        Path notes = Files.createDirectories(project.resolve(".flashsale/processes"));
        Files.writeString(notes.resolve("broker-1"), ProcessHandle.current().pid() + " 2026-11-20T09:00:00Z");

        // when
        Result result = run("verify");

        // then
        assertThat(result.exitCode()).isEqualTo(7);
        assertThat(result.err()).contains("sources have changed, but a pipeline runs");
        assertThat(builds()).isEqualTo(1);

        // and when it has ended
        Files.delete(notes.resolve("broker-1"));
        assertThat(run("verify").err()).isEmpty();
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void showsHowFarTheBuildIsAndBuildsOnlyWhatChanged() throws Exception {
        jdk("new", "21.0.1");

        assertThat(run("up").out())
                .contains("building with JDK 21")
                .contains("building 2/7 contracts ...", "building 4/7 ingress-api ...")
                .contains("built in");
        assertThat(builds()).isEqualTo(1);

        assertThat(run("up").out()).isEmpty();
        assertThat(builds()).isEqualTo(1);

        Path source = Files.createDirectories(project.resolve("contracts/src/main/java"))
                .resolve("A.java");
        Files.createFile(source);
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
        run("up");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void buildsAgainWhenAJarIsGone() throws Exception {
        jdk("new", "21.0.1");
        run("up");
        Files.delete(project.resolve("order-streams/target/order-streams.jar"));

        run("up");

        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void showsTheEndOfAFailedBuildAndBuildsTheNextTime() throws Exception {
        jdk("new", "21.0.1");
        environment.put("MAVEN_FAILS", "yes");

        Result result = run("up");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo("[ERROR] missing semicolon\nflashsale: the build failed; the whole log is "
                        + project.toRealPath().resolve("local/target/flashsale-build.log") + "\n");
        run("up");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void endsTheBuildWhenItIsStopped() throws Exception {
        jdk("new", "21.0.1");
        environment.put("MAVEN_HANGS", "yes");
        Process script = start(project.resolve("flashsale").toString(), "up");
        Path note = project.resolve("maven-process");
        Await.until("start of Maven", () -> Files.exists(note) && note.toFile().length() > 0);
        long maven = Long.parseLong(Files.readString(note).trim());

        script.destroy();

        assertThat(script.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(script.exitValue()).isEqualTo(143);
        assertThat(lock()).doesNotExist();
        Await.gone(maven);
    }

    @Test
    void twoAtOnceBuildOnce() throws Exception {
        jdk("new", "21.0.1");
        Path gate = folder.resolve("gate");
        environment.put("MAVEN_WAITS_FOR", gate.toString());
        Process first = start(project.resolve("flashsale").toString(), "up");
        Await.until("start of Maven", () -> builds() == 1);

        Process second =
                startWithOutputIn("second-", project.resolve("flashsale").toString(), "up");
        Await.until("its sentence", () -> read("second-out").contains("waiting for another build in this folder"));
        Files.createFile(gate);

        assertThat(first.waitFor()).isEqualTo(7);
        assertThat(second.waitFor()).isEqualTo(7);
        assertThat(builds()).isEqualTo(1);
        assertThat(lock()).doesNotExist();
    }

    @Test
    void takesOverTheLockOfABuildThatWasKilledButNotBeforeItsMavenEnds() throws Exception {
        // given: Maven outlives the script
        jdk("new", "21.0.1");
        Path gate = folder.resolve("gate");
        environment.put("MAVEN_WAITS_FOR", gate.toString());
        Process killed = start(project.resolve("flashsale").toString(), "up");
        Await.until(
                "Maven's number",
                () -> read("the project/local/target/flashsale-build.lock/processes")
                                .lines()
                                .count()
                        == 2);
        killed.destroyForcibly().waitFor();

        // when
        Process next = startWithOutputIn("next-", project.resolve("flashsale").toString(), "up");
        Await.until("its sentence", () -> read("next-out").contains("waiting for another build in this folder"));
        assertThat(builds()).isEqualTo(1);
        Files.createFile(gate);

        // then
        assertThat(next.waitFor()).isEqualTo(7);
        assertThat(builds()).isEqualTo(2);
        assertThat(lock()).doesNotExist();
    }

    @Test
    void takesOverTheLockOfADeadBuildAtOnce() throws Exception {
        jdk("new", "21.0.1");
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Files.createDirectories(lock());
        Files.writeString(lock().resolve("processes"), dead.pid() + "\n");

        Result result = run("up");

        assertThat(result.exitCode()).isEqualTo(7);
        assertThat(result.out()).doesNotContain("waiting");
        assertThat(builds()).isEqualTo(1);
        assertThat(lock()).doesNotExist();
    }

    @Test
    void startsWithoutBuildingIfItIsTold() throws Exception {
        jdk("new", "21.0.1");

        Result missing = run("up", "--no-build");
        assertThat(missing.exitCode()).isEqualTo(1);
        assertThat(missing.err()).isEqualTo("flashsale: nothing is built yet; leave out --no-build.\n");

        run("up");
        Files.createDirectories(project.resolve("contracts/src/main"));
        Files.setLastModifiedTime(
                project.resolve("pom.xml"), FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(run("up", "--no-build").exitCode()).isEqualTo(7);
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void worksThroughALinkAndFromAnywhere() throws Exception {
        jdk("new", "21.0.1");
        Path link = Files.createSymbolicLink(folder.resolve("link"), project.resolve("flashsale"));
        Path linkToLink = Files.createSymbolicLink(bin.resolve("flash"), Path.of("../link"));

        Process script = start(linkToLink.toString(), "up");

        assertThat(script.waitFor()).isEqualTo(7);
        assertThat(calls()).last().asString().contains(project.toRealPath() + "/local/target/local.jar:");
        assertThat(link).exists();
    }

    @Test
    void helpsWithoutAnythingInstalled() throws Exception {
        for (String word : List.of("help", "--help", "-h")) {
            Result result = run(word);
            assertThat(result.exitCode()).isZero();
            assertThat(result.out()).isEqualTo(Main.help());
        }
        assertThat(run().out()).isEqualTo(Main.help());
        assertThat(run("up", "--help").out()).isEqualTo(Main.help());
    }

    @Test
    void refusesAnUnknownCommandWithoutBuilding() throws Exception {
        Result result = run("upp");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).isEqualTo("flashsale: There is no command upp; ./flashsale help lists them.\n");
        assertThat(calls()).isEmpty();
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = Files.createDirectories(folder.resolve("jdks").resolve(name));
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        executable(home.resolve("bin/javac"), "#!/bin/bash\n");
        executable(home.resolve("bin/java"), "#!/bin/bash\necho \"java " + name + " $*\" >> \"$CALLS\"\nexit 7\n");
        return home;
    }

    private Result run(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(project.resolve("flashsale").toString()));
        command.addAll(List.of(arguments));
        Process script = start(command.toArray(String[]::new));
        int exitCode = script.waitFor();
        return new Result(exitCode, Files.readString(folder.resolve("out")), Files.readString(folder.resolve("err")));
    }

    private Process start(String... command) throws IOException {
        return startWithOutputIn("", command);
    }

    private Process startWithOutputIn(String name, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve(name + "out").toFile())
                .redirectError(folder.resolve(name + "err").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    /** The contents of a file, which may be missing. */
    private String read(String name) {
        try {
            return Files.exists(folder.resolve(name)) ? Files.readString(folder.resolve(name)) : "";
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Path lock() {
        return project.resolve("local/target/flashsale-build.lock");
    }

    private List<String> calls() {
        return read("calls").lines().toList();
    }

    private long builds() {
        return calls().stream().filter(call -> call.startsWith("mvn ")).count();
    }

    private static Path toolOfThisMachine(String tool) {
        return List.of("/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin").stream()
                .map(directory -> Path.of(directory, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private record Result(int exitCode, String out, String err) {}
}
