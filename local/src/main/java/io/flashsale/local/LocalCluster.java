package io.flashsale.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The Kafka nodes of one pipeline; each votes. */
final class LocalCluster {

    private final List<LocalBroker> nodes;

    private LocalCluster(List<LocalBroker> nodes) {
        this.nodes = List.copyOf(nodes);
    }

    /** As many nodes as the options say, on ports of their own. None is started. */
    static LocalCluster of(PipelineOptions options, DataDirectory data, Ports ports) {
        int count = options.instancesOf(Role.BROKER);
        data.requireBrokers(count);
        List<LocalBroker.Voter> voters = IntStream.rangeClosed(1, count)
                .mapToObj(number -> new LocalBroker.Voter(number, ports.free()))
                .toList();
        List<LocalBroker> nodes = new ArrayList<>();
        for (LocalBroker.Voter voter : voters) {
            int port = options.brokerPort() == 0
                    ? ports.free()
                    : ports.freeOrPreferred(options.brokerPort() + nodes.size());
            nodes.add(new LocalBroker(
                    Role.BROKER.processName(voter.nodeId()),
                    voter,
                    voters,
                    port,
                    detours(options.detours(), ports),
                    data,
                    options.propertiesOf(Role.BROKER)));
        }
        return new LocalCluster(nodes);
    }

    List<LocalBroker> nodes() {
        return nodes;
    }

    String bootstrapServers() {
        return nodes.stream().map(LocalBroker::bootstrapServer).collect(Collectors.joining(","));
    }

    /** Where one service finds the nodes. */
    String bootstrapServers(String service) {
        return nodes.stream().map(node -> node.bootstrapServer(service)).collect(Collectors.joining(","));
    }

    private static List<LocalBroker.Detour> detours(Map<String, IntUnaryOperator> wanted, Ports ports) {
        List<LocalBroker.Detour> detours = new ArrayList<>();
        wanted.forEach((service, wayTo) -> {
            int port = ports.free();
            detours.add(new LocalBroker.Detour(service, port, wayTo.applyAsInt(port)));
        });
        return detours;
    }
}
