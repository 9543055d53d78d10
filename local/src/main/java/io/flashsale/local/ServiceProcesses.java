package io.flashsale.local;

import io.flashsale.contracts.KafkaCluster;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Makes the child processes of the services: which settings each one gets, and how. */
final class ServiceProcesses {

    private static final String HOST = "127.0.0.1";

    private final PipelineOptions options;
    private final Installation installation;
    private final DataDirectory data;
    private final UnaryOperator<String> bootstrapServers;
    private final HttpClient http;
    private final Consumer<ChildProcess> onUnexpectedExit;

    /** @param bootstrapServers of the process so named */
    ServiceProcesses(
            PipelineOptions options,
            Installation installation,
            DataDirectory data,
            UnaryOperator<String> bootstrapServers,
            HttpClient http,
            Consumer<ChildProcess> onUnexpectedExit) {
        this.options = options;
        this.installation = installation;
        this.data = data;
        this.bootstrapServers = bootstrapServers;
        this.http = http;
        this.onUnexpectedExit = onUnexpectedExit;
    }

    ChildProcess streams(Role role, int number, int port, int managementPort) {
        return process(
                role,
                number,
                port,
                managementPort,
                Map.of(
                        "FLASHSALE_STATE_DIR",
                        data.state(role.processName(number)).toString(),
                        "FLASHSALE_ADVERTISED",
                        HOST + ":" + port));
    }

    ChildProcess ingress(
            int number, int port, int managementPort, List<String> inventoryUrls, List<String> ordersUrls) {
        return process(
                Role.INGRESS,
                number,
                port,
                managementPort,
                Map.of(
                        // It is a partition of the topic of replies, which count from 0.
                        "FLASHSALE_INSTANCE",
                        Integer.toString(number - 1),
                        "FLASHSALE_INVENTORY_URLS",
                        String.join(",", inventoryUrls),
                        "FLASHSALE_ORDERS_URLS",
                        String.join(",", ordersUrls),
                        // What fits into the heap that Role gives it, with the largest bodies on all of them.
                        "SERVER_TOMCAT_MAX_CONNECTIONS",
                        "2048"));
    }

    private ChildProcess process(Role role, int number, int port, int managementPort, Map<String, String> ownSettings) {
        String name = role.processName(number);
        // As environment variables, because a command line can be read by every user of the machine.
        Map<String, String> environment = new HashMap<>(kafkaSecurity());
        environment.putAll(options.environmentOf(role));
        environment.putAll(commonSettings(name, port, managementPort));
        environment.putAll(ownSettings);
        List<String> arguments = new ArrayList<>();
        options.propertiesOf(role).forEach((key, value) -> arguments.add("--" + key + "=" + value));
        URI readiness = URI.create("http://" + HOST + ":" + managementPort + "/actuator/health/readiness");
        ChildProcess.Spec spec = new ChildProcess.Spec(
                name,
                ChildProcess.javaCommand(
                        installation, installation.program(role), options.jvmOptionsOf(role), arguments),
                environment,
                data.root(),
                Optional.of(data.temporary(name)),
                data.log(name),
                data.processFile(name),
                new Readiness.HttpOk(readiness));
        return new ChildProcess(spec, http, onUnexpectedExit);
    }

    private Map<String, String> kafkaSecurity() {
        Map<String, String> settings = new HashMap<>();
        options.kafka().map(KafkaCluster::security).orElse(Map.of()).forEach((name, value) -> {
            String variable = name.toUpperCase(Locale.ROOT).replace('.', '_');
            settings.put("FLASHSALE_KAFKAPROPERTIES_" + variable, value);
        });
        return settings;
    }

    private Map<String, String> commonSettings(String name, int port, int managementPort) {
        return Map.of(
                "SPRING_PROFILES_ACTIVE",
                "local",
                "FLASHSALE_KAFKA",
                bootstrapServers.apply(name),
                "FLASHSALE_TOPICS_PREFIX",
                options.topics().prefix(),
                "FLASHSALE_TOPICS_PARTITIONS",
                Integer.toString(options.topics().partitions()),
                "SERVER_ADDRESS",
                HOST,
                "SERVER_PORT",
                Integer.toString(port),
                "MANAGEMENT_SERVER_ADDRESS",
                HOST,
                "MANAGEMENT_SERVER_PORT",
                Integer.toString(managementPort));
    }
}
