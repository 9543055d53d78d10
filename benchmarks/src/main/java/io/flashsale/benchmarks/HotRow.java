package io.flashsale.benchmarks;

import io.flashsale.benchmarks.ClosedLoop.Worker;

/** A way of taking holds of one product from a {@link PeerServer}. */
interface HotRow extends AutoCloseable {

    /** For programs. */
    String name();

    /** For a person. */
    String label();

    /** A connection of its own. */
    Worker newWorker();

    /** Throws unless the stock and the holds are what so many holds of one unit each have left. */
    void requireHolds(long placed);

    @Override
    void close();
}
