package io.flashsale.ingress.live;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * One who watches. What there is to show waits here until it is taken, of each thing the newest alone: who reads slowly
 * misses what is outdated, and delays nobody. So it holds at most one event of each thing.
 *
 * <p>Not {@code synchronized}, because whoever takes waits on a virtual thread.
 */
public final class Watch implements AutoCloseable {

    private final Consumer<Watch> leave;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Event> waiting = new LinkedHashMap<>();
    private boolean ended;
    private boolean left;

    /** @param leave is called once, when it is closed */
    Watch(Consumer<Watch> leave) {
        this.leave = leave;
    }

    /**
     * Takes what there is to show, and waits for it if there is nothing.
     *
     * @return empty if there was nothing in time, or it has ended
     */
    public List<Event> next(Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = atMost.toNanos();
            while (waiting.isEmpty() && !ended && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            List<Event> taken = List.copyOf(waiting.values());
            waiting.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing will come any more. */
    public boolean hasEnded() {
        lock.lock();
        try {
            return ended && waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** @param thing what the event tells the newest of; an older one that still waits is outdated */
    void put(String thing, Event event) {
        lock.lock();
        try {
            if (!ended) {
                waiting.put(thing, event);
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What waits is still taken; nothing more comes. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Gives the place back. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (left) {
                return;
            }
            left = true;
        } finally {
            lock.unlock();
        }
        leave.accept(this);
    }
}
