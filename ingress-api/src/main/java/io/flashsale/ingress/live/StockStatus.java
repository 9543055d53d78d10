package io.flashsale.ingress.live;

import java.util.Optional;

/** Whether changes of stock are heard. */
@FunctionalInterface
public interface StockStatus {

    /** Why not, in one sentence, or empty when they are. */
    Optional<String> problem();
}
