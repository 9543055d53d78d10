package io.flashsale.contracts;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One process of a stream application, by the name its Kafka clients have: whoever looks at groups, metrics, logs or a
 * broker sees which process they are about.
 *
 * @param application the consumer group, for example {@code flashsale.inventory-streams}
 * @param advertised {@code host:port} under which others reach its query port
 */
public record ServiceInstance(String application, String advertised) {

    /** Kafka Streams adds the thread and what the client is for. */
    private static final Pattern CLIENT_ID =
            Pattern.compile("(?<application>.+)@(?<advertised>[A-Za-z0-9.-]+:[0-9]{1,5})(-StreamThread-.*)?");

    /** What {@code client.id} is set to, for example {@code flashsale.inventory-streams@10.0.0.7:8082}. */
    public String clientId() {
        return application + "@" + advertised;
    }

    /** The instance that a client belongs to; empty if the client is called otherwise. */
    public static Optional<ServiceInstance> ofClient(String clientId) {
        Matcher matcher = CLIENT_ID.matcher(clientId);
        return matcher.matches()
                ? Optional.of(new ServiceInstance(matcher.group("application"), matcher.group("advertised")))
                : Optional.empty();
    }
}
