package io.flashsale.local;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * One Kafka node, broker and controller in one process, reachable from this machine only. A {@link LocalCluster} is
 * several of these that name each other as {@code voters}.
 */
final class LocalBroker {

    /**
     * A node that takes part in the election of the controller.
     *
     * @param port of its controller listener
     */
    record Voter(int nodeId, int port) {}

    /**
     * A second way in, for one service alone.
     *
     * @param port where the node listens for it
     * @param advertisedPort where the service is told to go: to someone who leads it to {@code port}, or not
     */
    record Detour(String service, int port, int advertisedPort) {

        private String listener() {
            return service.toUpperCase(Locale.ROOT).replace('-', '_');
        }
    }

    /** More copies than that cost more than they save. */
    static final int MAX_REPLICAS = 3;

    static final String HOST = "127.0.0.1";

    private static final String READY_LINE = "Kafka Server started";
    private static final Duration FORMAT_DEADLINE = Duration.ofSeconds(60);

    /** Loggers that bury everything else, because there are hundreds of partitions. */
    private static final List<String> LINE_FOR_EACH_PARTITION = List.of(
            "state.change.logger",
            "kafka.cluster",
            "kafka.log",
            "org.apache.kafka.controller.PartitionChangeBuilder",
            "org.apache.kafka.controller.ReplicationControlManager",
            "org.apache.kafka.storage.internals.log");

    private final String name;
    private final Voter self;
    private final List<Voter> voters;
    private final int port;
    private final List<Detour> detours;
    private final DataDirectory data;
    private final Map<String, String> extraProperties;

    /**
     * A node that is not started yet.
     *
     * @param self one of {@code voters}
     * @param port for clients that have no detour
     * @param extraProperties broker settings that replace ours
     */
    LocalBroker(
            String name,
            Voter self,
            List<Voter> voters,
            int port,
            List<Detour> detours,
            DataDirectory data,
            Map<String, String> extraProperties) {
        this.name = name;
        this.self = self;
        this.voters = List.copyOf(voters);
        this.port = port;
        this.detours = List.copyOf(detours);
        this.data = data;
        this.extraProperties = Map.copyOf(extraProperties);
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    String bootstrapServer() {
        return HOST + ":" + port;
    }

    /** Where one service finds it. */
    String bootstrapServer(String service) {
        return detours.stream()
                .filter(detour -> detour.service().equals(service))
                .findFirst()
                .map(detour -> HOST + ":" + detour.advertisedPort())
                .orElseGet(this::bootstrapServer);
    }

    /** The broker as a child process. Its settings are written anew, because ports may differ from the last run's. */
    ChildProcess prepare(
            Installation installation,
            List<String> jvmOptions,
            HttpClient http,
            Consumer<ChildProcess> onUnexpectedExit) {
        try {
            Files.createDirectories(home());
            Files.writeString(propertiesFile(), text(properties()));
        } catch (IOException failed) {
            throw new PipelineException("The broker's settings cannot be written: " + failed + ".", failed);
        }
        List<String> options = withLogging(jvmOptions);
        options.add(lastToLeave());
        List<String> command = ChildProcess.javaCommand(
                installation,
                installation.program(Role.BROKER),
                options,
                List.of(propertiesFile().toString()));
        return new ChildProcess(spec(name, command, new Readiness.LogLine(READY_LINE)), http, onUnexpectedExit);
    }

    /** Whether its log directory is not made yet. */
    boolean needsFormat() {
        return !Files.exists(logDirectory().resolve("meta.properties"));
    }

    ChildProcess formatCommand(Installation installation, HttpClient http) {
        Program storageTool = new Program(installation.program(Role.BROKER).classPath(), "kafka.tools.StorageTool");
        List<String> command = ChildProcess.javaCommand(
                installation,
                storageTool,
                withLogging(List.of("-XX:TieredStopAtLevel=1")),
                List.of(
                        "format",
                        "-t",
                        data.localClusterId(),
                        "-c",
                        propertiesFile().toString()));
        return new ChildProcess(spec(name + "-format", command, new Readiness.Ended()), http, ignored -> {});
    }

    static Duration formatDeadline() {
        return FORMAT_DEADLINE;
    }

    private ChildProcess.Spec spec(String processName, List<String> command, Readiness readiness) {
        return new ChildProcess.Spec(
                processName,
                command,
                Map.of(),
                home(),
                Optional.of(data.temporary(processName)),
                data.log(processName),
                data.processFile(processName),
                readiness);
    }

    private Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", Integer.toString(self.nodeId()));
        // The voters stand in the settings and not in the metadata log, so that a port may change between two runs.
        properties.put(
                "controller.quorum.voters",
                voters.stream()
                        .map(voter -> voter.nodeId() + "@" + HOST + ":" + voter.port())
                        .collect(Collectors.joining(",")));
        properties.put("log.dirs", logDirectory().toString());
        putListeners(properties);
        putSmallness(properties);
        putReplication(properties);
        putCrashRecovery(properties);
        properties.putAll(extraProperties);
        return properties;
    }

    private void putListeners(Map<String, String> properties) {
        // Loopback only: nobody else can reach it.
        List<String> listeners = new ArrayList<>(List.of("CLIENTS://" + bootstrapServer()));
        List<String> advertised = new ArrayList<>(listeners);
        List<String> protocols = new ArrayList<>(List.of("CLIENTS:PLAINTEXT", "CONTROLLER:PLAINTEXT"));
        for (Detour detour : detours) {
            listeners.add(detour.listener() + "://" + HOST + ":" + detour.port());
            advertised.add(detour.listener() + "://" + HOST + ":" + detour.advertisedPort());
            protocols.add(detour.listener() + ":PLAINTEXT");
        }
        listeners.add("CONTROLLER://" + HOST + ":" + self.port());
        properties.put("listeners", String.join(",", listeners));
        properties.put("advertised.listeners", String.join(",", advertised));
        properties.put("listener.security.protocol.map", String.join(",", protocols));
        properties.put("inter.broker.listener.name", "CLIENTS");
        properties.put("controller.listener.names", "CONTROLLER");
    }

    /** A few nodes on a machine that has other things to do. */
    private void putSmallness(Map<String, String> properties) {
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            // The default of 50 costs start time and memory, and serves hundreds of clients.
            properties.put(topic + ".num.partitions", "4");
        }
        // 128 MB of heap by default, which is more than everything else needs.
        properties.put("log.cleaner.dedupe.buffer.size", "8388608");
        // A fetch that waits is kept, with all partitions it asks for, until so many that are answered have come
        // together: by default 1,000, here 10 MB that grow old before they are garbage, and a full collection of 0.2 s.
        properties.put("fetch.purgatory.purge.interval.requests", "100");
        // A misspelt topic must be an error.
        properties.put("auto.create.topics.enable", "false");
        // The first member of a group need not wait for others.
        properties.put("group.initial.rebalance.delay.ms", "0");
    }

    private void putReplication(Map<String, String> properties) {
        String replicas = Integer.toString(Math.min(voters.size(), MAX_REPLICAS));
        // Two copies before a writer is told so; of a topic with one replica Kafka asks no more than that one.
        String copies = Integer.toString(Math.min(voters.size(), 2));
        properties.put("default.replication.factor", replicas);
        properties.put("offsets.topic.replication.factor", replicas);
        for (String topic : List.of("transaction.state.log", "share.coordinator.state.topic")) {
            properties.put(topic + ".replication.factor", replicas);
            properties.put(topic + ".min.isr", copies);
        }
        // For the committed offsets, whose topic Kafka makes by itself and which has no setting of its own.
        properties.put("min.insync.replicas", copies);
    }

    /** How soon the survivors go on after an instance or a broker was killed. */
    private static void putCrashRecovery(Map<String, String> properties) {
        // Its open transaction holds up the readers until it is aborted; by default one looks every 10 s.
        properties.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "100");
        // A broker that was killed may come back under its name, and its partitions get other leaders, only when its
        // session has ended; 9 s by default. On a busy machine much less would end those of brokers that live.
        properties.put("broker.session.timeout.ms", "3000");
        properties.put("broker.heartbeat.interval.ms", "500");
        // Voters that miss the controller at the same moment vote for themselves first, and lose this time; 1 s by
        // default. That they miss it after 2 s stays: with 1 s a busy machine elected another one for nothing.
        properties.put("controller.quorum.election.timeout.ms", "500");
        properties.put("controller.quorum.election.backoff.max.ms", "500");
        // A broker that comes back after a kill leads its partitions for a moment, loses them and gets them again, and
        // starts to read the groups' offsets twice. The end of the first reading passes for that of the second if it
        // has not noticed the loss, which it looks for before each buffer: half-read groups then stand still, with
        // offsets of long ago (Kafka 4.3.1, CoordinatorRuntime.load). 5 MB by default: 0.6 s on a busy machine.
        properties.put("offsets.load.buffer.size", "65536");
        // Only whole segments are compacted, and all that is left is read again at a start; 100 MB by default.
        properties.put("offsets.topic.segment.bytes", "4194304");
        // Lets members ask for a session shorter than 6 s.
        properties.put("group.min.session.timeout.ms", "1000");
    }

    /**
     * When the parent is killed hard, nobody stops the children in order. A broker that goes first cuts its clients'
     * last commits short; one was seen to keep a transaction open in its offsets for ever then, and the group could not
     * read its offsets at the next start. So the broker waits until its clients have ended, at the latest by force.
     */
    private static String lastToLeave() {
        return "-D" + Child.LINGER_MS_PROPERTY + "="
                + Child.SHUTDOWN_DEADLINE.plusSeconds(1).toMillis();
    }

    private static List<String> withLogging(List<String> jvmOptions) {
        List<String> options = new ArrayList<>();
        options.add("-Dorg.slf4j.simpleLogger.showDateTime=true");
        options.add("-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
        for (String chatty : LINE_FOR_EACH_PARTITION) {
            options.add("-Dorg.slf4j.simpleLogger.log." + chatty + "=warn");
        }
        options.addAll(jvmOptions);
        return options;
    }

    private static String text(Map<String, String> properties) {
        return properties.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                .collect(Collectors.joining());
    }

    private Path home() {
        return data.kafka(name);
    }

    private Path propertiesFile() {
        return home().resolve("server.properties");
    }

    private Path logDirectory() {
        return home().resolve("data");
    }
}
