package io.flashsale.ingress.gateway;

/** Asks the cluster whether it can serve this instance. */
@FunctionalInterface
interface ClusterCheck {

    /** @throws Exception saying why it cannot */
    void check() throws Exception;
}
