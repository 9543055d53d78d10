package io.flashsale.streams.runtime;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Notices that nothing has come from Kafka for so long that another instance may have taken over. Kafka Streams itself
 * says nothing of it: it goes on as {@code RUNNING}, with partitions that are no longer its own.
 */
final class KafkaContact {

    private final DoubleSupplier received;
    private final LongSupplier nanoClock;
    private final long patienceNanos;
    /** Less than nothing, so that the patience begins with the first look. */
    private double lastReceived = -1;

    private long lastChange;
    private volatile boolean lost;

    /**
     * @param received bytes so far; they begin anew when a client does
     * @param patience how long it may be silent; a living cluster answers heartbeats and empty fetches all the time
     */
    KafkaContact(DoubleSupplier received, Duration patience, LongSupplier nanoClock) {
        this.received = received;
        this.nanoClock = nanoClock;
        this.patienceNanos = patience.toNanos();
    }

    /** To be called several times within the patience. */
    synchronized void look() {
        double now = received.getAsDouble();
        if (now > lastReceived) {
            lastChange = nanoClock.getAsLong();
        }
        lastReceived = now;
        lost = nanoClock.getAsLong() - lastChange > patienceNanos;
    }

    boolean isLost() {
        return lost;
    }
}
