package io.flashsale.local;

import io.flashsale.contracts.KafkaCluster;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The whole system as processes of this machine: brokers, stream applications, ingress. Each process has a name like
 * {@code inventory-1} and keeps its ports and its state when it is stopped and started again. Every problem is a
 * {@link PipelineException} with a sentence for a person. Safe for use by several threads.
 */
public final class Pipeline implements AutoCloseable {

    /** The ingress first, so that no accepted call loses its reply; the brokers last, so that everyone can commit. */
    private static final List<List<Role>> STOP_ORDER =
            List.of(List.of(Role.INGRESS), List.of(Role.INVENTORY, Role.ORDERS), List.of(Role.BROKER));

    private final PipelineOptions options;
    private final Installation installation;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final CompletableFuture<String> unexpectedExit = new CompletableFuture<>();

    /** Guards {@link #closing} against a process that is started at the same moment. */
    private final Object startLock = new Object();

    private boolean closing;
    private volatile Map<String, Member> members = Map.of();
    private volatile String bootstrapServers = "";
    private volatile @Nullable DataDirectory data;

    /** One process; a broker has no management port. */
    private record Member(String name, Role role, int port, int managementPort, ChildProcess child) {}

    /** A pipeline that is not started yet, so that it can be closed while it starts. */
    public Pipeline(PipelineOptions options) {
        this(options, Installation.ofBuild());
    }

    Pipeline(PipelineOptions options, Installation installation) {
        this.options = options;
        this.installation = installation;
    }

    /** Starts everything and returns when all are ready; if something fails, everything is stopped again. */
    public static Pipeline start(PipelineOptions options) {
        return start(options, Installation.ofBuild());
    }

    static Pipeline start(PipelineOptions options, Installation installation) {
        Pipeline pipeline = new Pipeline(options, installation);
        try {
            pipeline.startAll();
            return pipeline;
        } catch (RuntimeException failed) {
            pipeline.close();
            throw failed;
        }
    }

    /** Starts everything and returns when all are ready; if something fails, {@link #close()} must follow. */
    public void startAll() {
        DataDirectory opened = DataDirectory.open(options.dataDirectory(), options.fresh());
        data = opened;
        Ports ports = new Ports();
        List<Integer> ingressPorts = IntStream.range(0, options.instancesOf(Role.INGRESS))
                .map(i -> options.port() == 0 ? ports.free() : ports.fixed(options.port() + i))
                .boxed()
                .toList();
        UnaryOperator<String> serversOf;
        if (options.kafka().isPresent()) {
            bootstrapServers = options.kafka().get().servers();
            serversOf = service -> bootstrapServers;
        } else {
            LocalCluster cluster = LocalCluster.of(options, opened, ports);
            bootstrapServers = cluster.bootstrapServers();
            serversOf = cluster::bootstrapServers;
            startBrokers(cluster);
        }
        createTopics(opened);
        addServices(opened, ports, ingressPorts, serversOf);
        startServices();
    }

    /** Bootstrap servers for any Kafka client. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Base URL of the {@code number}th ingress, counted from 1. */
    public String ingressUrl(int number) {
        return url(member(Role.INGRESS.processName(number)).port());
    }

    /** Base URL of the internal queries of the {@code number}th inventory instance, counted from 1. */
    public String inventoryUrl(int number) {
        return url(member(Role.INVENTORY.processName(number)).port());
    }

    /** Base URL of the internal queries of the {@code number}th orders instance, counted from 1. */
    public String ordersUrl(int number) {
        return url(member(Role.ORDERS.processName(number)).port());
    }

    /** Base URL of a service's health and metrics. */
    public String managementUrl(String name) {
        return url(member(name).managementPort());
    }

    /** Where the process's output is. */
    public Path log(String name) {
        return data().log(member(name).name());
    }

    /** Names of all processes, in the order of starting. */
    public List<String> names() {
        return List.copyOf(members.keySet());
    }

    public long processId(String name) {
        return member(name).child().processId();
    }

    /** How a process ended; empty while it lives. */
    public OptionalInt exitCode(String name) {
        return member(name).child().exitCode();
    }

    /** Starts a process that was stopped or killed. Does not wait: see {@link #awaitReady}. */
    public void start(String name) {
        launch(member(name).child());
    }

    /** Ends a process with SIGTERM and waits for its end. */
    public void stop(String name) {
        member(name).child().stop(Role.STOP_DEADLINE);
    }

    /** Ends a process with SIGKILL and waits for its end. */
    public void kill(String name) {
        member(name).child().kill();
    }

    /** Freezes a process with SIGSTOP. */
    public void pause(String name) {
        member(name).child().pause();
    }

    /** Lets a paused process go on. */
    public void resume(String name) {
        member(name).child().resume();
    }

    /** Waits until a process can serve. */
    public void awaitReady(String name) {
        member(name).child().awaitReady(options.startDeadline());
    }

    /** Waits until a process ends that nobody stopped through this object, and says which, how, and its last words. */
    String awaitUnexpectedExit() {
        return unexpectedExit.join();
    }

    /** What {@link #awaitUnexpectedExit()} would say, or empty while all is well. */
    public Optional<String> unexpectedExit() {
        return Optional.ofNullable(unexpectedExit.getNow(null));
    }

    boolean isClosing() {
        synchronized (startLock) {
            return closing;
        }
    }

    /** Stops everything in order, by force where it takes too long. */
    @Override
    public synchronized void close() {
        synchronized (startLock) {
            closing = true;
        }
        STOP_ORDER.forEach(this::stopAll);
        http.shutdownNow();
        DataDirectory opened = data;
        if (opened != null) {
            opened.close();
        }
    }

    private void stopAll(List<Role> roles) {
        List<ChildProcess> living = children(roles).stream()
                .filter(ChildProcess::isAlive)
                .peek(ChildProcess::requestStop)
                .toList();
        if (!living.isEmpty()) {
            options.progress().accept("stopping " + ChildProcess.namesOf(living));
        }
        living.forEach(child -> child.stop(Role.STOP_DEADLINE));
    }

    private void startBrokers(LocalCluster cluster) {
        List<ChildProcess> brokers = new ArrayList<>();
        List<ChildProcess> formats = new ArrayList<>();
        for (LocalBroker node : cluster.nodes()) {
            ChildProcess child =
                    node.prepare(installation, options.jvmOptionsOf(Role.BROKER), http, this::endedUnexpectedly);
            add(new Member(node.name(), Role.BROKER, node.port(), 0, child));
            brokers.add(child);
            if (node.needsFormat()) {
                formats.add(node.formatCommand(installation, http));
                options.progress().accept("formatting the storage of " + node.name());
            }
        }
        formats.forEach(this::launch);
        ChildProcess.awaitReady(formats, LocalBroker.formatDeadline(), formatted -> {});
        options.progress().accept("starting " + ChildProcess.namesOf(brokers) + " (Kafka at " + bootstrapServers + ")");
        // All before the first is awaited, because it takes most of them to elect a controller.
        brokers.forEach(this::launch);
        awaitReady(brokers);
    }

    private void createTopics(DataDirectory opened) {
        try (TopicCreator creator =
                new TopicCreator(options.kafka().orElseGet(() -> KafkaCluster.open(bootstrapServers)))) {
            opened.requireStateOf(creator.clusterId());
            List<String> created = creator.createMissing(options.topics());
            options.progress()
                    .accept(
                            created.isEmpty()
                                    ? "all " + options.topics().all().size() + " topics are there"
                                    : "created " + created.size() + " topics with "
                                            + options.topics().partitions() + " partitions each");
        }
    }

    private void addServices(
            DataDirectory opened, Ports ports, List<Integer> ingressPorts, UnaryOperator<String> serversOf) {
        ServiceProcesses services =
                new ServiceProcesses(options, installation, opened, serversOf, http, this::endedUnexpectedly);
        List<String> inventoryUrls = new ArrayList<>();
        List<String> ordersUrls = new ArrayList<>();
        for (int number = 1; number <= options.instancesOf(Role.INVENTORY); number++) {
            inventoryUrls.add(url(addStreams(services, Role.INVENTORY, number, ports)));
        }
        for (int number = 1; number <= options.instancesOf(Role.ORDERS); number++) {
            ordersUrls.add(url(addStreams(services, Role.ORDERS, number, ports)));
        }
        for (int number = 1; number <= ingressPorts.size(); number++) {
            int port = ingressPorts.get(number - 1);
            int managementPort = ports.free();
            ChildProcess child = services.ingress(number, port, managementPort, inventoryUrls, ordersUrls);
            add(new Member(child.name(), Role.INGRESS, port, managementPort, child));
        }
    }

    private int addStreams(ServiceProcesses services, Role role, int number, Ports ports) {
        int port = ports.free();
        int managementPort = ports.free();
        ChildProcess child = services.streams(role, number, port, managementPort);
        add(new Member(child.name(), role, port, managementPort, child));
        return port;
    }

    private void startServices() {
        List<ChildProcess> services = children(List.of(Role.INVENTORY, Role.ORDERS, Role.INGRESS));
        options.progress().accept("starting " + ChildProcess.namesOf(services));
        services.forEach(this::launch);
        awaitReady(services);
    }

    private void awaitReady(List<ChildProcess> started) {
        ChildProcess.awaitReady(started, options.startDeadline(), options.progress());
    }

    private void launch(ChildProcess child) {
        synchronized (startLock) {
            if (closing) {
                throw new PipelineException("The pipeline is being stopped.");
            }
            child.start();
        }
    }

    private void endedUnexpectedly(ChildProcess child) {
        if (!isClosing()) {
            unexpectedExit.complete(child.endedSentence());
        }
    }

    private synchronized void add(Member member) {
        Map<String, Member> more = new LinkedHashMap<>(members);
        more.put(member.name(), member);
        members = more;
    }

    private List<ChildProcess> children(Collection<Role> roles) {
        return members.values().stream()
                .filter(member -> roles.contains(member.role()))
                .map(Member::child)
                .toList();
    }

    private Member member(String name) {
        Member member = members.get(name);
        if (member == null) {
            throw new IllegalArgumentException("Expected one of " + members.keySet() + ", but got " + name);
        }
        return member;
    }

    private DataDirectory data() {
        DataDirectory opened = data;
        if (opened == null) {
            throw new IllegalStateException("The pipeline was not started.");
        }
        return opened;
    }

    private static String url(int port) {
        return "http://127.0.0.1:" + port;
    }
}
