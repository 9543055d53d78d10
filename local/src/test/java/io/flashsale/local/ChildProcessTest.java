package io.flashsale.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sun.misc.Unsafe;

class ChildProcessTest {

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final CompletableFuture<String> unexpectedExit = new CompletableFuture<>();
    private final CompletableFuture<ProcessHandle> parent = new CompletableFuture<>();
    private ChildProcess child;

    @AfterEach
    void leaveNothingBehind() {
        if (child != null) {
            child.kill();
        }
        if (parent.isDone()) {
            parent.join().destroyForcibly();
        }
        http.shutdownNow();
    }

    @Test
    void isReadyWhenItSaysSoAndStopsInOrder() throws IOException {
        child = child(Sleeper.class);
        child.start();
        child.awaitReady(Await.DEADLINE);
        assertThat(folder.resolve("process")).exists();

        child.stop(Await.DEADLINE);

        assertThat(child.isAlive()).isFalse();
        assertThat(log()).contains("stopped in order").doesNotContain("parent");
        Await.until("no note of the process", () -> Files.notExists(folder.resolve("process")));
        assertThat(unexpectedExit).isNotDone();
    }

    @Test
    void canBeStartedAgainAfterItWasKilled() throws IOException {
        child = child(Sleeper.class);
        child.start();
        child.awaitReady(Await.DEADLINE);
        long first = child.processId();
        child.kill();

        child.start();
        child.awaitReady(Await.DEADLINE);

        assertThat(child.processId()).isNotEqualTo(first);
        assertThat(log()).containsSubsequence("ready", "ready").doesNotContain("stopped in order");
        assertThat(unexpectedExit).isNotDone();
    }

    @Test
    void temporaryFilesOfOneThatWasKilledAreGoneWithTheNextStart() throws IOException {
        child = child(TemporaryFileMaker.class);
        child.start();
        child.awaitReady(Await.DEADLINE);
        Path left = onlyTemporaryFile();
        child.kill();

        child.start();
        child.awaitReady(Await.DEADLINE);

        assertThat(onlyTemporaryFile()).isNotEqualTo(left);
    }

    @Test
    void doesNotTakeAnEarlierRunsLineForItsOwn() throws IOException {
        Files.writeString(folder.resolve("log"), "ready\n");
        child = child(Failing.class);
        child.start();

        assertThatThrownBy(() -> child.awaitReady(Await.DEADLINE)).isInstanceOf(PipelineException.class);
    }

    @Test
    void saysHowItDiedAndWhatItSaidLast() {
        child = child(Failing.class);
        child.start();

        assertThatThrownBy(() -> child.awaitReady(Await.DEADLINE))
                .isInstanceOf(PipelineException.class)
                .hasMessage("child ended with exit code 3; its log is " + folder.resolve("log")
                        + " and ends with:\n    about to fail");
        assertThat(unexpectedExit).succeedsWithin(Await.DEADLINE).asString().startsWith("child ended with exit code 3");
    }

    @Test
    void showsTheErrorThatALongShutdownFollowed() {
        child = child(FailingLongWindedly.class);
        child.start();

        assertThatThrownBy(() -> child.awaitReady(Await.DEADLINE))
                .hasMessageContaining("ends with:\n    main ERROR the reason\n    closing 19\n    closing 20")
                .hasMessageEndingWith("\n    closing 30");
    }

    @Test
    void givesUpWaitingAtTheDeadline() {
        child = child(Silent.class);
        child.start();

        assertThatThrownBy(() -> child.awaitReady(Duration.ofMillis(1)))
                .isInstanceOf(PipelineException.class)
                .hasMessageStartingWith("child was not ready within 0 s");
    }

    @Test
    void isForcedToEndWhenItDoesNotWantTo() {
        child = child(Stubborn.class);
        child.start();
        child.awaitReady(Await.DEADLINE);

        child.stop(Duration.ofMillis(100));

        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void isNotWarnedAboutTheMemoryThatLibrariesUse() throws IOException {
        child = child(UnsafeUser.class);
        child.start();
        child.awaitReady(Await.DEADLINE);

        assertThat(log()).isEqualTo("ready\n");
    }

    @Test
    void canBePausedAndStoppedWhilePaused() throws IOException {
        child = child(Sleeper.class);
        child.start();
        child.awaitReady(Await.DEADLINE);

        child.pause();
        Await.until("state T", () -> stateOf(child.processId()) == 'T');
        child.stop(Await.DEADLINE);

        assertThat(log()).contains("stopped in order");
    }

    @Test
    void doesNotListenToTheTerminalsSignals() throws Exception {
        child = child(Sleeper.class);
        child.start();
        child.awaitReady(Await.DEADLINE);

        for (String signal : List.of("-INT", "-HUP")) {
            assertThat(new ProcessBuilder("kill", signal, Long.toString(child.processId()))
                            .start()
                            .waitFor())
                    .isZero();
        }
        child.stop(Await.DEADLINE);

        assertThat(unexpectedExit).isNotDone();
        // SIGTERM's: the first signal that is listened to decides.
        assertThat(child.endedSentence()).startsWith("child ended with exit code 143;");
    }

    @Test
    void endsWhenItsParentIsKilledHard() throws Exception {
        // given: a JVM that has a child of its own
        Process parentProcess = startParent();
        parent.complete(parentProcess.toHandle());
        long grandchild;
        try (BufferedReader output = parentProcess.inputReader()) {
            grandchild = Long.parseLong(output.readLine());

            // when
            parentProcess.destroyForcibly();

            // then
            Await.gone(grandchild);
        }
        assertThat(log()).contains("The parent process is gone").contains("stopped in order");
    }

    @Test
    void endsWithItsParentEvenIfItDoesNotWantTo() throws Exception {
        Process parentProcess = startParent(Stubborn.class);
        parent.complete(parentProcess.toHandle());
        try (BufferedReader output = parentProcess.inputReader()) {
            long grandchild = Long.parseLong(output.readLine());
            parentProcess.destroyForcibly();
            Await.gone(grandchild);
        }
    }

    @Test
    void theNextParentWaitsForWhatTheLastOneLeft() throws IOException {
        child = child(Sleeper.class, "notes/child");
        child.start();
        child.awaitReady(Await.DEADLINE);

        // It does not end by itself, as a paused one would not.
        ProcessFile.awaitLeftovers(folder.resolve("notes"), Duration.ofMillis(50));

        assertThat(child.isAlive()).isFalse();
        assertThat(folder.resolve("notes")).isEmptyDirectory();
    }

    @Test
    void aNoteOfAnotherProcessesNumberHarmsNobody() throws IOException {
        child = child(Sleeper.class);
        child.start();
        Path notes = Files.createDirectory(folder.resolve("notes"));
        Files.writeString(notes.resolve("old"), child.processId() + " 2001-01-01T00:00:00Z");
        Files.writeString(notes.resolve("broken"), "?");

        ProcessFile.awaitLeftovers(notes, Duration.ZERO);

        assertThat(child.isAlive()).isTrue();
    }

    private Process startParent() throws IOException {
        return startParent(Sleeper.class);
    }

    private Process startParent(Class<?> grandchild) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        folder.toString(),
                        grandchild.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private ChildProcess child(Class<?> main) {
        return child(main, "process");
    }

    private ChildProcess child(Class<?> main, String note) {
        return new ChildProcess(
                spec(folder, main.getName(), note), http, ended -> unexpectedExit.complete(ended.endedSentence()));
    }

    private static ChildProcess.Spec spec(Path folder, String main, String note) {
        return new ChildProcess.Spec(
                "child",
                ChildProcess.javaCommand(
                        StandInService.installation(),
                        new Program(StandInService.testClasses(), main),
                        List.of("-Xmx32m"),
                        List.of()),
                Map.of(),
                folder,
                Optional.of(folder.resolve("tmp")),
                folder.resolve("log"),
                folder.resolve(note),
                new Readiness.LogLine("ready"));
    }

    private Path onlyTemporaryFile() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("tmp"))) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.getFirst();
        }
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    private static char stateOf(long processId) {
        try {
            Process ps = new ProcessBuilder("ps", "-o", "state=", "-p", Long.toString(processId)).start();
            String state = new String(ps.getInputStream().readAllBytes()).trim();
            return state.isEmpty() ? '?' : state.charAt(0);
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    /** Runs until it is told to end. */
    static final class Sleeper {
        public static void main(String[] args) throws InterruptedException {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("stopped in order")));
            System.out.println("ready");
            new CountDownLatch(1).await();
        }
    }

    /** As native libraries do. */
    static final class TemporaryFileMaker {
        public static void main(String[] args) throws Exception {
            Files.createTempFile("library", ".so");
            System.out.println("ready");
            new CountDownLatch(1).await();
        }
    }

    /** Never says that it is ready. */
    static final class Silent {
        public static void main(String[] args) throws InterruptedException {
            new CountDownLatch(1).await();
        }
    }

    /** Does not end when it is told to. */
    static final class Stubborn {
        public static void main(String[] args) throws InterruptedException {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    new CountDownLatch(1).await(1, TimeUnit.HOURS);
                } catch (InterruptedException impossible) {
                    Thread.currentThread().interrupt();
                }
            }));
            System.out.println("ready");
            new CountDownLatch(1).await();
        }
    }

    /** As the compression libraries do. */
    static final class UnsafeUser {
        @SuppressWarnings("removal")
        public static void main(String[] args) throws Exception {
            Field field = Unsafe.class.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            Unsafe unsafe = (Unsafe) field.get(null);
            unsafe.freeMemory(unsafe.allocateMemory(8));
            System.out.println("ready");
            new CountDownLatch(1).await();
        }
    }

    static final class Failing {
        public static void main(String[] args) {
            System.out.println("about to fail");
            System.exit(3);
        }
    }

    static final class FailingLongWindedly {
        public static void main(String[] args) {
            System.out.println("main ERROR the reason");
            for (int line = 1; line <= 30; line++) {
                System.out.println("closing " + line);
            }
            System.exit(3);
        }
    }

    /** Has a child of its own and says its process id. */
    static final class Parent {
        public static void main(String[] args) throws InterruptedException {
            ChildProcess child = new ChildProcess(
                    spec(Path.of(args[0]), args[1], "process"), HttpClient.newHttpClient(), ended -> {});
            child.start();
            child.awaitReady(Await.DEADLINE);
            System.out.println(child.processId());
            new CountDownLatch(1).await();
        }
    }
}
