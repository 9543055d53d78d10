package io.flashsale.contracts;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * Where Kafka is, and how its clients get in.
 *
 * @param servers bootstrap servers, {@code host:port} with commas between
 * @param security client settings that say how a client shows who it is and whom it believes; empty for a cluster that
 *     does not ask
 */
public record KafkaCluster(String servers, Map<String, String> security) {

    /** What else a client is set to is decided where it is made: promises hang on it. */
    private static final List<String> SECURITY_PREFIXES = List.of("security.", "sasl.", "ssl.");

    /**
     * A broker that lives answers at once, because its machine does that for it. One whose machine is gone refuses nothing
     * either: by default a client waits 10 s for it, the next time 20 s, and in between for nobody else whom it could ask
     * who leads and coordinates now.
     */
    private static final long CONNECTION_TIMEOUT_MS = 2_000;

    /** @throws IllegalArgumentException with one sentence if a setting is about something else than security */
    public KafkaCluster {
        security = Map.copyOf(security);
        for (String name : security.keySet()) {
            if (SECURITY_PREFIXES.stream().noneMatch(name::startsWith)) {
                throw new IllegalArgumentException("Expected Kafka settings that begin with security., sasl. or ssl.,"
                        + " but " + name + " does not.");
            }
        }
    }

    /** A cluster that lets everybody in. */
    public static KafkaCluster open(String servers) {
        return new KafkaCluster(servers, Map.of());
    }

    /** The settings of a client of this cluster. */
    public Map<String, Object> client(Map<String, Object> own) {
        Map<String, Object> settings = new HashMap<>(security);
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
        settings.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, CONNECTION_TIMEOUT_MS);
        settings.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, CONNECTION_TIMEOUT_MS);
        settings.putAll(own);
        return settings;
    }

    /** The servers alone: there are passwords among the rest. */
    @Override
    public String toString() {
        return servers;
    }
}
