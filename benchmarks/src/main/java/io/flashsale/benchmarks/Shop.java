package io.flashsale.benchmarks;

import java.net.URI;

/** A service with our HTTP contract: ours, or the one that it is compared with. */
interface Shop {

    /** For a person. */
    String name();

    URI url();

    /** Puts a product on sale with all the stock there can be, and returns when it can be bought. */
    void defineProduct(String productId);

    /** Throws unless exactly so many holds of one unit each are taken from the product's stock. */
    void requireHolds(String productId, long holds);

    /** Throws when the result cannot be right any more: a process is gone, or everything is being stopped. */
    void requireHealth();

    /** The CPU time that its processes have used up to now. */
    CpuTimes cpuTimes();
}
