package io.flashsale.ingress.live;

import io.flashsale.ingress.gateway.TopicTail;

/** The committed events of the inventory, of all its instances. */
@FunctionalInterface
public interface SaleEvents {

    /**
     * Listens from now on, until it is told to stop.
     *
     * @return stops it
     */
    Runnable listen(TopicTail.Listener listener);
}
