package io.flashsale.streams.topology;

import java.time.Duration;

/**
 * When the tasks of a thread ask for a commit. Callers are answered at the commit, so it comes soon while somebody may
 * wait: 5 ms after the last one. It is for all tasks of the thread, and it is not free: a marker in each partition
 * that was written to, and the thread waits for it. So where commits are slow they are fewer, down to Kafka Streams' own
 * {@code commit.interval.ms}. Behind a backlog, whose callers have waited longer anyway, it is left to it alone.
 */
public final class CommitPace {

    /** How long an answer waits for its commit to begin, while commits are quick and decisions keep up with the log. */
    static final Duration SHORTEST_PAUSE = Duration.ofMillis(5);

    /** A decision on an input this old is behind. Long, because a short stall must not cost its callers another wait. */
    private static final Duration BEHIND = Duration.ofSeconds(1);

    private static final long NEVER = Long.MIN_VALUE;

    private final ThreadLocal<OfThread> threads = ThreadLocal.withInitial(OfThread::new);

    OfThread ofThisThread() {
        return threads.get();
    }

    /** All times in milliseconds since the epoch, as the thread's tasks are told them. */
    static final class OfThread {

        /** Log time of the newest input that was decided since the last look. */
        private long newest = NEVER;

        private long askedAt = NEVER;
        private long committedAt;
        private long pause = SHORTEST_PAUSE.toMillis();

        /** An input is decided. */
        void decided(long logTime, long now) {
            notice(now);
            newest = Math.max(newest, logTime);
        }

        /** Whether to ask for a commit now. */
        boolean isDue(long now) {
            notice(now);
            if (newest == NEVER || now - committedAt < pause) {
                return false;
            }
            boolean awaited = now - newest < BEHIND.toMillis();
            newest = NEVER;
            if (awaited) {
                askedAt = now;
            }
            return awaited;
        }

        /** Who is called again after asking has the commit behind it. */
        private void notice(long now) {
            if (askedAt != NEVER && now > askedAt) {
                // A thread shall decide for as long as it commits, at least.
                pause = Math.max(now - askedAt, SHORTEST_PAUSE.toMillis());
                committedAt = now;
                askedAt = NEVER;
            }
        }
    }
}
