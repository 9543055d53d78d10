package io.flashsale.ingress.gateway;

import java.util.Optional;

/** Whether commands can be published and their replies be heard, as last seen. */
@FunctionalInterface
public interface KafkaStatus {

    /** Why not, in one sentence for an operator, or empty when they can. */
    Optional<String> problem();
}
