package io.flashsale.local;

import io.flashsale.contracts.KafkaCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The options of {@code up}.
 *
 * @param data empty means the default of the project
 * @param kafka an existing cluster; empty means brokers of our own
 */
record UpOptions(
        int port,
        Optional<Path> data,
        boolean fresh,
        int inventory,
        int orders,
        int ingress,
        int brokers,
        Optional<KafkaCluster> kafka) {

    static final int DEFAULT_PORT = 8080;

    /** As many as there are partitions: one more would have nothing to do. */
    static final int MAX_INSTANCES = 12;

    /** Five survive the loss of two; more would only take memory. */
    static final int MAX_BROKERS = 5;

    static UpOptions parse(List<String> arguments) throws UsageException {
        int port = DEFAULT_PORT;
        Optional<Path> data = Optional.empty();
        boolean fresh = false;
        int inventory = 1;
        int orders = 1;
        int ingress = 1;
        Optional<Integer> brokers = Optional.empty();
        String servers = "";
        Map<String, String> security = Map.of();
        OptionParser parser = new OptionParser(arguments);
        while (parser.next()) {
            switch (parser.name()) {
                case "--port" -> port = parser.number(1, Ports.MAX_PORT);
                case "--data" -> data = Optional.of(parser.path("a directory"));
                case "--fresh" -> fresh = parser.flag();
                case "--inventory" -> inventory = parser.number(1, MAX_INSTANCES);
                case "--orders" -> orders = parser.number(1, MAX_INSTANCES);
                case "--ingress" -> ingress = parser.number(1, MAX_INSTANCES);
                case "--brokers" -> brokers = Optional.of(parser.number(1, MAX_BROKERS));
                case "--kafka" -> servers = parser.hostsAndPorts();
                case "--kafka-config" -> security = parser.kafkaSecurity();
                // For the script, which decides about building.
                case "--no-build" -> parser.flag();
                default -> throw parser.unknown();
            }
        }
        if (port + ingress - 1 > Ports.MAX_PORT) {
            throw new UsageException("--port " + port + " leaves no room for " + ingress + " ingress instances");
        }
        if (brokers.isPresent() && !servers.isEmpty()) {
            throw new UsageException("--brokers starts brokers and --kafka uses others: choose one of the two");
        }
        if (servers.isEmpty() && !security.isEmpty()) {
            throw new UsageException("--kafka-config says how to get into the cluster that --kafka names");
        }
        Optional<KafkaCluster> kafka =
                servers.isEmpty() ? Optional.empty() : Optional.of(new KafkaCluster(servers, security));
        return new UpOptions(port, data, fresh, inventory, orders, ingress, brokers.orElse(1), kafka);
    }
}
