package io.flashsale.benchmarks;

import io.flashsale.local.ChildProcess;
import io.flashsale.local.PipelineException;
import io.flashsale.local.Ports;
import io.flashsale.local.Readiness;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A server of our own on a free port of the loopback interface, with an empty directory. Whatever happens, Ctrl-C
 * included, it is stopped and the directory is deleted; where {@code setpriv} is, it ends with this process even after
 * SIGKILL.
 */
final class PeerServer implements AutoCloseable {

    private static final Duration START_DEADLINE = Duration.ofMinutes(2);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(20);

    /** Some of them refuse to be root; this user has nothing of its own. */
    private static final String USER = "nobody";

    private final ServerKind kind;
    private final Progress progress;
    private final Scratch scratch = Scratch.create();
    private final HttpClient http = HttpClient.newHttpClient();
    private final CompletableFuture<String> unexpectedExit = new CompletableFuture<>();
    private final Ports ports = new Ports();
    private final List<ChildProcess> children = new ArrayList<>();
    private final int port = ports.free();

    private PeerServer(ServerKind kind, Progress progress) {
        this.kind = kind;
        this.progress = progress;
        scratch.beforeDeletion(this::stop);
    }

    /** Returns when it can be used. */
    static PeerServer start(ServerKind kind, Progress progress) {
        PeerServer server = new PeerServer(kind, progress);
        try {
            server.startAll();
            return server;
        } catch (RuntimeException failed) {
            boolean asked = server.scratch.isClosing();
            server.close();
            throw asked ? new Scratch.StoppedException() : failed;
        }
    }

    ServerKind kind() {
        return kind;
    }

    Progress progress() {
        return progress;
    }

    int port() {
        return port;
    }

    /** A further free port, for what uses this server. */
    int freePort() {
        return ports.free();
    }

    /** Starts something else, which ends with this server. */
    ChildProcess start(String name, List<String> command, Readiness readiness) {
        Path logs = scratch.directory();
        ChildProcess child = new ChildProcess(
                new ChildProcess.Spec(
                        name,
                        command,
                        Map.of(),
                        logs,
                        Optional.empty(),
                        logs.resolve(name + ".log"),
                        logs.resolve(name + ".process"),
                        readiness),
                http,
                ended -> unexpectedExit.complete(ended.endedSentence()));
        synchronized (children) {
            scratch.requireOpen();
            children.add(child);
            child.start();
        }
        child.awaitReady(START_DEADLINE);
        return child;
    }

    /** The CPU time that its processes have used up to now. */
    CpuTimes cpuTimes() {
        synchronized (children) {
            return CpuTimes.of(
                    children.stream().map(ChildProcess::name).toList(),
                    name -> children.stream()
                            .filter(child -> child.name().equals(name))
                            .findFirst()
                            .orElseThrow()
                            .processId());
        }
    }

    void requireHealth() {
        scratch.requireOpen();
        Optional.ofNullable(unexpectedExit.getNow(null)).ifPresent(sentence -> {
            throw new PipelineException(sentence);
        });
    }

    @Override
    public void close() {
        scratch.close();
    }

    private void startAll() {
        progress.step("starting " + kind.label());
        Path data = dataDirectory();
        List<String> preparation = kind.preparation(data);
        if (!preparation.isEmpty()) {
            start("preparation", asUser(preparation), new Readiness.Ended());
            synchronized (children) {
                children.clear();
            }
        }
        start(
                kind.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                asUser(kind.command(data, port)),
                new Readiness.LogLine(kind.readyLine()));
    }

    private void stop() {
        List<ChildProcess> living;
        synchronized (children) {
            living = List.copyOf(children);
        }
        // What uses the server first.
        living.reversed().forEach(child -> child.stop(STOP_DEADLINE));
        http.shutdownNow();
    }

    private Path dataDirectory() {
        Path data = scratch.directory().resolve("data");
        try {
            Files.createDirectory(
                    data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            if (isRoot()) {
                // Others may pass, to what is theirs.
                Files.setPosixFilePermissions(scratch.directory(), PosixFilePermissions.fromString("rwx--x--x"));
                Files.setOwner(
                        data,
                        data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER));
            }
            return data;
        } catch (IOException failed) {
            throw new PipelineException("A directory for " + kind.label() + " could not be made: " + failed + ".");
        }
    }

    private static List<String> asUser(List<String> command) {
        Optional<Path> setpriv = Programs.find("setpriv");
        if (setpriv.isEmpty()) {
            if (isRoot()) {
                throw new PipelineException(
                        "Servers do not run as root, and setpriv is missing: run this as another user.");
            }
            return command;
        }
        List<String> whole = new ArrayList<>(List.of(setpriv.get().toString(), "--pdeathsig", "KILL"));
        if (isRoot()) {
            whole.addAll(List.of("--reuid", USER, "--clear-groups"));
        }
        whole.addAll(command);
        return List.copyOf(whole);
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }
}
