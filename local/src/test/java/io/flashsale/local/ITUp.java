package io.flashsale.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code up} as a person sees it: a process of its own with a real broker; only the services are stand-ins. */
class ITUp {

    private static final int SIGTERM_EXIT = 143;
    private static final int SIGINT_EXIT = 130;

    @TempDir
    static Path folderWithoutKafka;

    private static String nowhere;

    /** Begins before the first test, because it is patient for 20 s. */
    private static Run withoutKafka;

    @TempDir
    Path folder;

    private final int port = new Ports().free();
    private final List<Run> runs = new ArrayList<>();

    @BeforeAll
    static void lookForKafkaWhereNoneIs() throws IOException {
        Ports ports = new Ports();
        nowhere = "127.0.0.1:" + ports.free();
        withoutKafka = new Run(
                folderWithoutKafka, 0, folderWithoutKafka.resolve("data"), ports.free(), Map.of(), "--kafka", nowhere);
    }

    @AfterAll
    static void giveUp() {
        withoutKafka.process.destroyForcibly();
    }

    @AfterEach
    void leaveNothingBehind() {
        runs.forEach(run -> run.process.destroyForcibly());
        runs.forEach(run -> run.children.values().forEach(Await::gone));
    }

    @Test
    void showsAStoryThatWorksWhenItIsPastedAndStopsInOrderAtCtrlC() throws Exception {
        Run up = up(Map.of());
        up.awaitReady();

        assertThat(up.output())
                .contains(
                        "READY http://localhost:" + port + "\n",
                        "Live page  http://localhost:" + port + "/\n",
                        "unsigned ones are taken");
        assertThat(RunningPipeline.find(data())).hasValueSatisfying(running -> {
            assertThat(running.url()).isEqualTo("http://localhost:" + port);
            assertThat(up.output()).contains("Kafka      " + running.kafka() + "\n");
        });
        assertThat(up.story().lines()).hasSize(5).allMatch(line -> line.contains("curl "));
        assertThat(bash(up.story(), Map.of()))
                .containsExactly(
                        "{\"id\":\"1\",\"stock\":\"available 100\"}",
                        "{\"hold_id\":\"h_1-x\",\"product_id\":\"1\",\"status\":\"active\"}",
                        "{\"order_id\":\"o_1-x\",\"hold_id\":\"h_1-x\"}",
                        "{\"paid\":\"o_1-x\",\"signed\":\"null\"}",
                        "{\"id\":\"1\",\"stock\":\"sold 2\"}");

        // As a terminal does: to everyone at the same time.
        up.children.values().forEach(child -> send("INT", child));
        up.signal("INT");

        assertThat(up.exitCode()).isEqualTo(SIGINT_EXIT);
        assertThat(Files.readAllLines(data().resolve(StandInService.STOPS)).subList(0, 2))
                .containsExactly("begin ingress", "end ingress");
        assertThat(up.errors()).isEmpty();
    }

    @Test
    void givesSecretsToTheIngressAlone() throws Exception {
        Map<String, String> secrets = Map.of(
                "FLASHSALE_ADMIN_KEY", "admin-x",
                "FLASHSALE_ID_SECRET", "id-x",
                "FLASHSALE_STRIPE_SECRET", "stripe-x",
                "FLASHSALE_WEBHOOK_SECRET", "hook-x");
        Run up = up(secrets);
        up.awaitReady();

        // The stand-ins print their environment; the broker's is to be had on Linux only.
        assertThat(Files.readString(data().resolve("logs/ingress-1.log")))
                .contains(
                        "FLASHSALE_ADMIN_KEY=admin-x",
                        "FLASHSALE_ID_SECRET=id-x",
                        "FLASHSALE_STRIPE_SECRET=stripe-x",
                        "FLASHSALE_WEBHOOK_SECRET=hook-x");
        for (String other : List.of("inventory-1", "orders-1")) {
            assertThat(Files.readString(data().resolve("logs/" + other + ".log")))
                    .contains("FLASHSALE_STATE_DIR=")
                    .doesNotContain("admin-x", "id-x", "stripe-x", "hook-x");
        }
        Path environmentOfBroker = Path.of("/proc/" + up.children.get("broker-1") + "/environ");
        if (Files.isReadable(environmentOfBroker)) {
            assertThat(Files.readString(environmentOfBroker))
                    .contains("PATH=")
                    .doesNotContain("admin-x", "id-x", "stripe-x", "hook-x");
        }
        // The story signs what it sends, without showing the secret.
        assertThat(up.output()).contains("must be signed").doesNotContain("hook-x");
        assertThat(bash(up.story(), secrets).get(3)).matches("\\{\"paid\":\"o_1-x\",\"signed\":\"[0-9a-f]{64}\"}");
    }

    @Test
    void stopsInOrderAndFindsItsStateAgain() throws Exception {
        // given
        Run up = up(Map.of(), "--inventory", "2", "--ingress", "2");
        up.awaitReady();
        assertThat(up.children)
                .containsOnlyKeys("broker-1", "inventory-1", "inventory-2", "orders-1", "ingress-1", "ingress-2");
        assertThat(up.output()).contains("http://localhost:" + (port + 1));
        // Its own broker allows it to replace dead instances sooner.
        assertThat(log("inventory-1")).contains("FLASHSALE_STREAMS_SESSIONTIMEOUT=3s");
        assertThat(log("orders-1")).contains("FLASHSALE_STREAMS_SESSIONTIMEOUT=3s");

        // when
        up.signal("TERM");

        // then: nothing is left, and the ingress ended before the streams began to
        assertThat(up.exitCode()).isEqualTo(SIGTERM_EXIT);
        up.children.values().forEach(child -> assertThat(Await.isAlive(child)).isFalse());
        List<String> stops = Files.readAllLines(data().resolve(StandInService.STOPS));
        assertThat(stops).hasSize(10);
        assertThat(stops.subList(0, 4))
                .containsExactlyInAnyOrder("begin ingress", "end ingress", "begin ingress", "end ingress");

        // and when: started again, with another session
        Run again = up(Map.of("FLASHSALE_STREAMS_SESSIONTIMEOUT", "9s"));
        again.awaitReady();
        assertThat(again.output())
                .contains("product 1 is there from an earlier run", "topics are there")
                .doesNotContain("formatting");
        assertThat(log("orders-1")).contains("FLASHSALE_STREAMS_SESSIONTIMEOUT=9s");
    }

    @Test
    void leavesNothingBehindWhenItIsKilledHardAndStartsAgainAtOnceOrAnew() throws Exception {
        // given: children that still work for a while when their parent is gone
        Map<String, String> slowToStop = Map.of(StandInService.STOP_MILLIS, "2000");
        Run up = up(slowToStop);
        up.awaitReady();

        // when
        up.process.destroyForcibly();
        Run again = up(slowToStop);
        again.awaitReady();

        // then
        up.children.values().forEach(child -> assertThat(Await.isAlive(child)).isFalse());
        assertThat(again.output()).contains("product 1 is there from an earlier run");

        // and when
        again.process.destroyForcibly();
        Run anew = up(Map.of(), "--fresh");
        anew.awaitReady();

        // then
        again.children
                .values()
                .forEach(child -> assertThat(Await.isAlive(child)).isFalse());
        assertThat(data().resolve(StandInService.STOPS)).doesNotExist();
        assertThat(anew.output()).contains("formatting", "put product 1 on sale");
    }

    @Test
    void stopsWhileItIsStarting() throws Exception {
        Run up = up(Map.of());
        Await.until("start of the broker", () -> up.output().contains("starting broker-1"));

        up.signal("TERM");

        assertThat(up.exitCode()).isEqualTo(SIGTERM_EXIT);
        assertThat(up.errors()).isEmpty();
        assertThat(data().resolve("processes")).isEmptyDirectory();
    }

    @Test
    void namesTheServiceThatDoesNotStart() throws Exception {
        Run up = up(Map.of(StandInService.FAILING, "orders"));

        assertThat(up.exitCode()).isEqualTo(Main.FAILED);
        assertThat(up.errors())
                .startsWith(
                        "flashsale: orders-1 ended with exit code 3; its log is " + data().resolve("logs/orders-1.log"))
                .contains("I was told to fail.")
                .doesNotContain("Exception");
        assertThat(data().resolve("processes")).isEmptyDirectory();
    }

    @Test
    void stopsEverythingWhenAServiceDies() throws Exception {
        Run up = up(Map.of());
        up.awaitReady();

        send("KILL", up.children.get("inventory-1"));

        assertThat(up.exitCode()).isEqualTo(Main.FAILED);
        assertThat(up.errors()).startsWith("flashsale: inventory-1 ended with exit code 137; its log is ");
        up.children.values().forEach(child -> assertThat(Await.isAlive(child)).isFalse());
    }

    @Test
    void isOneOnOneDataDirectory() throws Exception {
        Run up = up(Map.of());
        up.awaitReady();

        Run second = up(Map.of(), "--port", Integer.toString(new Ports().free()));

        assertThat(second.exitCode()).isEqualTo(Main.FAILED);
        assertThat(second.errors())
                .isEqualTo("flashsale: " + data()
                        + " is in use by another run: stop that one first, or choose another directory with --data.\n");
        assertThatThrownBy(this::reset).hasMessageContaining("is in use by another run");
        assertThat(up.process.isAlive()).isTrue();

        // and when it has ended
        up.signal("TERM");
        up.exitCode();
        assertThat(reset()).isZero();
        assertThat(data().toFile().list()).containsExactlyInAnyOrder(DataDirectory.MARKER, ".lock");
    }

    private int reset() throws UsageException {
        return new ResetCommand(System.out).run(List.of("--yes", "--data", data().toString()));
    }

    @Test
    void usesAnExistingClusterAndNotTheStateOfAnother() throws Exception {
        // given: somebody's cluster
        PipelineOptions elsewhere =
                PipelineOptions.in(folder.resolve("elsewhere")).build();
        try (Pipeline existing = Pipeline.start(elsewhere, StandInService.installation())) {
            // when
            Run up = up(Map.of(), "--kafka", existing.bootstrapServers());
            up.awaitReady();

            // then
            assertThat(up.children).doesNotContainKey("broker-1");
            assertThat(up.output()).contains(existing.bootstrapServers(), "all 11 topics are there");
            assertThat(log("inventory-1")).contains("FLASHSALE_KAFKA=").doesNotContain("SESSIONTIMEOUT");
            up.signal("TERM");
            up.exitCode();
        }

        // and when: the same data with a cluster of its own
        Run own = up(Map.of());
        assertThat(own.exitCode()).isEqualTo(Main.FAILED);
        assertThat(own.errors()).contains("belongs to the Kafka cluster").contains("--fresh");
    }

    @Test
    void saysInOneSentenceThatNoKafkaAnswers() throws Exception {
        assertThat(withoutKafka.exitCode()).isEqualTo(Main.FAILED);
        assertThat(withoutKafka.errors()).isEqualTo("flashsale: No Kafka answered at " + nowhere + " within 20 s.\n");
    }

    @Test
    void saysInOneSentenceThatThePortIsTaken() throws Exception {
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            Run up = up(Map.of());

            assertThat(up.exitCode()).isEqualTo(Main.FAILED);
            assertThat(up.errors())
                    .isEqualTo("flashsale: Port " + other.getLocalPort()
                            + " is taken: free it, or choose another one with --port.\n");
        }
    }

    private Run up(Map<String, String> environment, String... options) throws IOException {
        Run run = new Run(folder, runs.size(), data(), port, environment, options);
        runs.add(run);
        return run;
    }

    private String log(String service) throws IOException {
        return Files.readString(data().resolve("logs/" + service + ".log"));
    }

    private Path data() {
        return folder.resolve("data");
    }

    /** With its output in a file, which is harder than a terminal: who opens it again overwrites it. */
    private List<String> bash(String script, Map<String, String> environment) throws Exception {
        File output = folder.resolve("story").toFile();
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", script)
                .redirectErrorStream(true)
                .redirectOutput(output);
        builder.environment().putAll(environment);
        assertThat(builder.start().waitFor()).isZero();
        return Files.readAllLines(output.toPath());
    }

    private static void send(String signal, long processId) {
        try {
            assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(processId))
                            .start()
                            .waitFor())
                    .isZero();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** One {@code up}, with its output in files. */
    private static final class Run {

        private final Path out;
        private final Path err;
        private final Path processes;
        private final Process process;
        private final Map<String, Long> children = new HashMap<>();

        Run(Path folder, int number, Path data, int port, Map<String, String> environment, String... options)
                throws IOException {
            out = folder.resolve("out-" + number);
            err = folder.resolve("err-" + number);
            processes = data.resolve("processes");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    // As the script starts it.
                    "-Xmx96m",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                    "-cp",
                    System.getProperty("java.class.path"),
                    StandInUp.class.getName(),
                    "up",
                    "--data",
                    data.toString(),
                    "--port",
                    Integer.toString(port)));
            command.addAll(Arrays.asList(options));
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("FLASHSALE_"));
            builder.environment().putAll(environment);
            process = builder.start();
        }

        void awaitReady() {
            Await.until("READY or an end", () -> output().contains("Ctrl-C stops everything.") || !process.isAlive());
            assertThat(process.isAlive()).as(() -> output() + errors()).isTrue();
            for (File note : Stream.of(processes.toFile().listFiles()).toList()) {
                children.put(note.getName(), Long.parseLong(read(note.toPath()).split(" ")[0]));
            }
        }

        void signal(String name) {
            send(name, process.pid());
        }

        int exitCode() throws InterruptedException {
            assertThat(process.waitFor(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                    .as(() -> output() + errors())
                    .isTrue();
            return process.exitValue();
        }

        String output() {
            return read(out);
        }

        String errors() {
            return read(err);
        }

        /** The lines to paste: the second paragraph behind READY's facts. */
        String story() {
            return Stream.of(output().split("\n\n"))
                    .filter(paragraph -> paragraph.startsWith("curl "))
                    .findFirst()
                    .orElseThrow();
        }

        private static String read(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }
}
