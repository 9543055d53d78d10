package io.flashsale.local;

import io.flashsale.contracts.KafkaCluster;
import io.flashsale.contracts.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;

/**
 * What a {@link Pipeline} shall be.
 *
 * @param dataDirectory keeps logs, state and the broker's data between runs
 * @param fresh delete what the data directory contains
 * @param port of the first ingress instance, the others follow; 0 means free ports
 * @param brokerPort preferred port of the first broker, the others prefer the next ones; 0, or one that is taken, means a
 *     free port. Pipelines that may run side by side must not all prefer the same one
 * @param kafka an existing cluster; empty means brokers of our own
 * @param topics names and number of partitions
 * @param instances how many of each role; one where it is not said, and one broker at least
 * @param environment settings of each role as environment variables: secrets belong here
 * @param properties settings of each role by name; for the broker, lines of its {@code server.properties}
 * @param jvmOptions added to each role's own; the later of two wins
 * @param detours of the processes so named: makes of a port of one of our brokers the port at which that process alone
 *     finds this broker, so that somebody between them can cut the way
 * @param startDeadline how long the start of a process may take
 * @param progress told what is going on, a line at a time
 */
public record PipelineOptions(
        Path dataDirectory,
        boolean fresh,
        int port,
        int brokerPort,
        Optional<KafkaCluster> kafka,
        Topics topics,
        Map<Role, Integer> instances,
        Map<Role, Map<String, String>> environment,
        Map<Role, Map<String, String>> properties,
        Map<Role, List<String>> jvmOptions,
        Map<String, IntUnaryOperator> detours,
        Duration startDeadline,
        Consumer<String> progress) {

    /** Options with one instance of everything on free ports. */
    public static Builder in(Path dataDirectory) {
        return new Builder(dataDirectory);
    }

    int instancesOf(Role role) {
        return instances.getOrDefault(role, 1);
    }

    Map<String, String> environmentOf(Role role) {
        return environment.getOrDefault(role, Map.of());
    }

    Map<String, String> propertiesOf(Role role) {
        return properties.getOrDefault(role, Map.of());
    }

    List<String> jvmOptionsOf(Role role) {
        List<String> options = new ArrayList<>(role.jvmOptions());
        options.addAll(jvmOptions.getOrDefault(role, List.of()));
        return options;
    }

    /** Collects {@link PipelineOptions}. */
    public static final class Builder {

        /** Seconds on an idle machine; on one that is overloaded tenfold, more than two minutes were seen. */
        private static final Duration START_DEADLINE = Duration.ofMinutes(5);

        private final Path dataDirectory;
        private boolean fresh;
        private int port;
        private int brokerPort;
        private Optional<KafkaCluster> kafka = Optional.empty();
        private Topics topics = Topics.defaults();
        private final Map<Role, Integer> instances = new EnumMap<>(Role.class);
        private final Map<Role, Map<String, String>> environment = new EnumMap<>(Role.class);
        private final Map<Role, Map<String, String>> properties = new EnumMap<>(Role.class);
        private final Map<Role, List<String>> jvmOptions = new EnumMap<>(Role.class);
        private final Map<String, IntUnaryOperator> detours = new HashMap<>();
        private Duration startDeadline = START_DEADLINE;
        private Consumer<String> progress = line -> {};

        private Builder(Path dataDirectory) {
            this.dataDirectory = dataDirectory;
        }

        public Builder fresh(boolean yes) {
            fresh = yes;
            return this;
        }

        public Builder port(int first) {
            port = first;
            return this;
        }

        public Builder brokerPort(int preferred) {
            brokerPort = preferred;
            return this;
        }

        public Builder kafka(KafkaCluster existing) {
            kafka = Optional.of(existing);
            return this;
        }

        public Builder topics(Topics wanted) {
            topics = wanted;
            return this;
        }

        public Builder instances(Role role, int count) {
            int least = role == Role.BROKER ? 1 : 0;
            if (count < least) {
                throw new IllegalArgumentException("Expected at least %d %s, not %d".formatted(least, role, count));
            }
            instances.put(role, count);
            return this;
        }

        /** For every service; not for the broker. */
        public Builder environment(String name, String value) {
            for (Role role : Role.values()) {
                if (role != Role.BROKER) {
                    environment(role, name, value);
                }
            }
            return this;
        }

        public Builder environment(Role role, String name, String value) {
            environment.computeIfAbsent(role, ignored -> new HashMap<>()).put(name, value);
            return this;
        }

        public Builder property(Role role, String name, String value) {
            properties.computeIfAbsent(role, ignored -> new HashMap<>()).put(name, value);
            return this;
        }

        public Builder jvmOption(Role role, String option) {
            jvmOptions.computeIfAbsent(role, ignored -> new ArrayList<>()).add(option);
            return this;
        }

        /** Of one process, for example {@code inventory-1}; not with an existing cluster. */
        public Builder detour(String process, IntUnaryOperator wayTo) {
            detours.put(process, wayTo);
            return this;
        }

        public Builder startDeadline(Duration deadline) {
            startDeadline = deadline;
            return this;
        }

        public Builder progress(Consumer<String> listener) {
            progress = listener;
            return this;
        }

        public PipelineOptions build() {
            if (kafka.isPresent() && !detours.isEmpty()) {
                throw new IllegalArgumentException("Expected detours to brokers of our own, but there are others");
            }
            return new PipelineOptions(
                    dataDirectory,
                    fresh,
                    port,
                    brokerPort,
                    kafka,
                    topics,
                    Map.copyOf(instances),
                    Map.copyOf(environment),
                    Map.copyOf(properties),
                    Map.copyOf(jvmOptions),
                    Map.copyOf(detours),
                    startDeadline,
                    progress);
        }
    }
}
