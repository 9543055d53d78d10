package io.flashsale.local;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One child process that can be started, stopped and started again. Every problem is a {@link PipelineException} with a
 * sentence for a person. Safe for use by several threads.
 */
public final class ChildProcess {

    private static final long MAX_LOG_BYTES = 20_000_000;
    private static final int FIRST_JDK_WITH_UNSAFE_OPTION = 23;
    private static final int SHOWN_LOG_LINES = 12;
    private static final int SHOWN_ERROR_LINES = 3;
    private static final int SHOWN_LOG_BYTES = 65_536;
    private static final int SHOWN_LINE_LENGTH = 300;
    private static final int MAX_READINESS_LOG_BYTES = 4_000_000;
    private static final Duration POLL_INTERVAL = Duration.ofMillis(50);
    private static final Duration REMINDER_INTERVAL = Duration.ofSeconds(10);
    private static final Duration HTTP_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration KILL_DEADLINE = Duration.ofSeconds(10);

    /** A setting for one service must come from us, not from the environment that the parent happens to have. */
    private static final List<String> FOREIGN_SETTINGS = List.of("FLASHSALE_", "SPRING_", "SERVER_", "MANAGEMENT_");

    /**
     * What to run and how to watch it.
     *
     * @param command the command line, see {@link #javaCommand}, without the directory for temporary files
     * @param directory where it runs
     * @param temporary of a Java program, for its temporary files, native libraries among them; emptied before it starts,
     *     because one that was killed leaves them there
     * @param log where its output is appended
     * @param processFile where its process id is noted while it lives
     */
    public record Spec(
            String name,
            List<String> command,
            Map<String, String> environment,
            Path directory,
            Optional<Path> temporary,
            Path log,
            Path processFile,
            Readiness readiness) {}

    private final Spec spec;
    private final Consumer<ChildProcess> onUnexpectedExit;
    private final HttpClient http;

    private @Nullable Process process;
    private long logStart;
    private boolean endExpected;
    private boolean paused;

    /**
     * A process that is not started yet.
     *
     * @param onUnexpectedExit told when it ends without having been stopped or killed through this object
     */
    public ChildProcess(Spec spec, HttpClient http, Consumer<ChildProcess> onUnexpectedExit) {
        this.spec = spec;
        this.http = http;
        this.onUnexpectedExit = onUnexpectedExit;
    }

    /** The command line of a Java program that ends when this process does. */
    public static List<String> javaCommand(
            String classPath, String mainClass, List<String> jvmOptions, List<String> arguments) {
        return javaCommand(Installation.ofBuild(), new Program(classPath, mainClass), jvmOptions, arguments);
    }

    static List<String> javaCommand(
            Installation installation, Program program, List<String> jvmOptions, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(installation.java().toString());
        // One collector thread instead of one for each core: many JVMs share this machine.
        command.add("-XX:+UseSerialGC");
        // RocksDB and the compression libraries are native; newer JDKs warn about that otherwise.
        command.add("--enable-native-access=ALL-UNNAMED");
        if (Runtime.version().feature() >= FIRST_JDK_WITH_UNSAFE_OPTION) {
            // lz4 uses it for memory, and newer JDKs warn about that too.
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(jvmOptions);
        command.add("-cp");
        command.add(program.classPath() + File.pathSeparator + installation.childClassPath());
        command.add(Child.class.getName());
        command.add(program.mainClass());
        command.addAll(arguments);
        return List.copyOf(command);
    }

    public String name() {
        return spec.name();
    }

    static String namesOf(Collection<ChildProcess> children) {
        return String.join(", ", children.stream().map(ChildProcess::name).toList());
    }

    public synchronized void start() {
        if (process != null && process.isAlive()) {
            throw new PipelineException(name() + " is already running.");
        }
        try {
            prepareLog();
            if (spec.temporary().isPresent()) {
                empty(spec.temporary().get());
            }
            ProcessBuilder builder = new ProcessBuilder(commandLine())
                    .directory(spec.directory().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(spec.log().toFile()));
            builder.environment()
                    .keySet()
                    .removeIf(key -> FOREIGN_SETTINGS.stream().anyMatch(key::startsWith));
            builder.environment().putAll(spec.environment());
            endExpected = false;
            paused = false;
            Process started = builder.start();
            process = started;
            ProcessFile.write(spec.processFile(), started.toHandle());
            started.onExit().thenAccept(this::ended);
        } catch (IOException failed) {
            throw new PipelineException(name() + " could not be started: " + failed.getMessage(), failed);
        }
    }

    private List<String> commandLine() {
        List<String> command = new ArrayList<>(spec.command());
        spec.temporary().ifPresent(directory -> command.add(1, "-Djava.io.tmpdir=" + directory));
        return command;
    }

    private static void empty(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> leftovers = Files.walk(directory)) {
                for (Path path : leftovers.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        Files.createDirectories(directory);
    }

    /**
     * Waits until all can serve; the first one that ends instead, or the deadline, is an error.
     *
     * @param progress told who is ready, and from time to time who is not
     */
    static void awaitReady(Collection<ChildProcess> children, Duration deadline, Consumer<String> progress) {
        long end = System.nanoTime() + deadline.toNanos();
        long nextReminder = System.nanoTime() + REMINDER_INTERVAL.toNanos();
        List<ChildProcess> waiting = new ArrayList<>(children);
        while (true) {
            // Alive first, ready second: one that ends between the two may just have become ready.
            List<ChildProcess> ended =
                    waiting.stream().filter(child -> !child.isAlive()).toList();
            waiting.removeIf(child -> {
                boolean ready = child.isReady();
                if (ready) {
                    progress.accept(child.name() + " is ready");
                }
                return ready;
            });
            if (waiting.isEmpty()) {
                return;
            }
            ended.stream().filter(waiting::contains).findFirst().ifPresent(child -> {
                throw new PipelineException(child.endedSentence());
            });
            if (System.nanoTime() > end) {
                ChildProcess slow = waiting.getFirst();
                throw new PipelineException(
                        slow.name() + " was not ready within " + deadline.toSeconds() + " s" + slow.logTail());
            }
            if (System.nanoTime() > nextReminder) {
                progress.accept("still waiting for " + namesOf(waiting));
                nextReminder = System.nanoTime() + REMINDER_INTERVAL.toNanos();
            }
            waitForNextPoll(waiting.getFirst().name());
        }
    }

    /** Waits until it can serve; its end, or the deadline, is an error. */
    public void awaitReady(Duration deadline) {
        awaitReady(List.of(this), deadline, ready -> {});
    }

    boolean isReady() {
        return switch (spec.readiness()) {
            case Readiness.LogLine line ->
                current().isAlive() && logSinceStart().contains(line.text());
            case Readiness.HttpOk ok -> current().isAlive() && answersOk(ok.uri());
            case Readiness.Ended ignored -> !current().isAlive() && current().exitValue() == 0;
        };
    }

    boolean isAlive() {
        Process current = processOrNull();
        return current != null && current.isAlive();
    }

    /** Empty while it lives. */
    OptionalInt exitCode() {
        Process current = current();
        return current.isAlive() ? OptionalInt.empty() : OptionalInt.of(current.exitValue());
    }

    public long processId() {
        return current().pid();
    }

    /** Asks it to end, with SIGTERM. Returns at once. */
    synchronized void requestStop() {
        endExpected = true;
        if (process != null && process.isAlive()) {
            resumeIfPaused();
            // Not Process.destroy(), which also closes the child's standard input: the child would take that for our
            // end.
            process.toHandle().destroy();
        }
    }

    /** Asks it to end, and makes it end when it has not done so within the deadline. */
    public void stop(Duration deadline) {
        requestStop();
        Process current = processOrNull();
        if (current == null || waitFor(current, deadline)) {
            return;
        }
        kill();
    }

    /** Ends it with SIGKILL. */
    void kill() {
        Process current;
        synchronized (this) {
            endExpected = true;
            current = process;
        }
        if (current != null && !waitFor(current.destroyForcibly(), KILL_DEADLINE)) {
            throw new PipelineException(name() + " (process " + current.pid() + ") did not end after SIGKILL.");
        }
    }

    /** Freezes it, with SIGSTOP, until {@link #resume()}. */
    synchronized void pause() {
        signal("STOP");
        paused = true;
    }

    synchronized void resume() {
        signal("CONT");
        paused = false;
    }

    /** One sentence about its end, and the last lines of its log. */
    public String endedSentence() {
        return name() + " ended with exit code " + current().exitValue() + logTail();
    }

    private void resumeIfPaused() {
        if (paused) {
            resume();
        }
    }

    private void signal(String signal) {
        List<String> command = List.of("kill", "-" + signal, Long.toString(processId()));
        try {
            Process kill = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!kill.waitFor(KILL_DEADLINE.toSeconds(), TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new PipelineException("SIG" + signal + " could not be sent to " + name() + ".");
            }
        } catch (IOException failed) {
            throw new PipelineException("SIG" + signal + " could not be sent to " + name() + ".", failed);
        } catch (InterruptedException interrupted) {
            throw PipelineException.interrupted("signalling " + name());
        }
    }

    private void ended(Process which) {
        boolean unexpected;
        synchronized (this) {
            if (which != process) {
                return;
            }
            unexpected = !endExpected && !(spec.readiness() instanceof Readiness.Ended);
            ProcessFile.delete(spec.processFile());
        }
        if (unexpected) {
            onUnexpectedExit.accept(this);
        }
    }

    private synchronized @Nullable Process processOrNull() {
        return process;
    }

    private Process current() {
        Process current = processOrNull();
        if (current == null) {
            throw new PipelineException(name() + " was not started.");
        }
        return current;
    }

    private boolean waitFor(Process which, Duration deadline) {
        try {
            return which.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            throw PipelineException.interrupted("waiting for the end of " + name());
        }
    }

    private static void waitForNextPoll(String name) {
        try {
            Thread.sleep(POLL_INTERVAL);
        } catch (InterruptedException interrupted) {
            throw PipelineException.interrupted("waiting for " + name);
        }
    }

    private boolean answersOk(URI uri) {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(uri).timeout(HTTP_TIMEOUT).build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            throw PipelineException.interrupted("waiting for " + name());
        }
    }

    private void prepareLog() throws IOException {
        Files.createDirectories(spec.log().toAbsolutePath().getParent());
        if (Files.exists(spec.log()) && Files.size(spec.log()) > MAX_LOG_BYTES) {
            Files.move(spec.log(), Path.of(spec.log() + ".old"), StandardCopyOption.REPLACE_EXISTING);
        }
        logStart = Files.exists(spec.log()) ? Files.size(spec.log()) : 0;
    }

    private String logSinceStart() {
        return readLog(startOfLog(), MAX_READINESS_LOG_BYTES);
    }

    private synchronized long startOfLog() {
        return logStart;
    }

    private String logTail() {
        try {
            long size = Files.size(spec.log());
            long start = Math.max(size - SHOWN_LOG_BYTES, startOfLog());
            List<String> lines = readLog(start, SHOWN_LOG_BYTES).lines().toList();
            int tail = Math.max(lines.size() - SHOWN_LOG_LINES, 0);
            // An orderly shutdown after an error can be long, and the error is what matters.
            List<String> errors = lines.subList(0, tail).stream()
                    .filter(line -> line.contains(" ERROR ") || line.startsWith("Caused by:"))
                    .toList();
            Stream<String> shown = Stream.concat(
                    errors.stream().skip(Math.max(errors.size() - SHOWN_ERROR_LINES, 0)),
                    lines.subList(tail, lines.size()).stream());
            return "; its log is " + spec.log() + " and ends with:\n"
                    + String.join("\n", shown.map(ChildProcess::shownLine).toList());
        } catch (IOException missing) {
            return ", and there is no log.";
        }
    }

    private static String shownLine(String line) {
        return "    " + (line.length() > SHOWN_LINE_LENGTH ? line.substring(0, SHOWN_LINE_LENGTH) + "…" : line);
    }

    private String readLog(long start, int limit) {
        try (var file = Files.newByteChannel(spec.log())) {
            file.position(start);
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(file.size() - start, limit));
            while (buffer.hasRemaining() && file.read(buffer) >= 0) {
                // Until it is full or the file ends.
            }
            return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new PipelineException("The log of " + name() + " cannot be read: " + failed + ".", failed);
        }
    }
}
