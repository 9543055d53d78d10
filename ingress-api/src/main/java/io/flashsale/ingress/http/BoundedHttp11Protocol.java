package io.flashsale.ingress.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 that waits a limited time for a request as a whole, and not only for its next byte: who sends one now and
 * then would else keep a connection for hours. What follows is what follows from a client that sends nothing any more:
 * 408 if its body is being read, else the connection is closed.
 */
public final class BoundedHttp11Protocol extends Http11NioProtocol {

    private static final long LOOK_EVERY_MS = 500;

    /** Not 0, which would be for ever. */
    private static final long NO_LONGER_MS = 1;

    /** Tomcat's, of a request without its first byte. */
    private static final long NOT_BEGUN = -1;

    private final Set<WatchedProcessor> busy = ConcurrentHashMap.newKeySet();
    private volatile long requestTimeoutNs = Long.MAX_VALUE;
    private @Nullable ScheduledFuture<?> watch;

    /** Tomcat makes it by its name. */
    public BoundedHttp11Protocol() {}

    /** From the first byte of a request to the last one of its body. */
    void setRequestTimeout(Duration timeout) {
        this.requestTimeoutNs = timeout.toNanos();
    }

    @Override
    public void start() throws Exception {
        super.start();
        watch = getUtilityExecutor()
                .scheduleWithFixedDelay(this::endOverdue, LOOK_EVERY_MS, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() throws Exception {
        if (watch != null) {
            watch.cancel(false);
        }
        super.stop();
    }

    private void endOverdue() {
        long now = System.nanoTime();
        busy.removeIf(WatchedProcessor::hasNoConnection);
        busy.forEach(processor -> processor.endIfOverdue(now));
    }

    @Override
    protected Processor createProcessor() {
        return new WatchedProcessor(getAdapter());
    }

    /** Of one connection at a time; afterwards it is used again for another one. */
    private final class WatchedProcessor extends Http11Processor {

        private volatile boolean serving;

        WatchedProcessor(Adapter adapter) {
            super(BoundedHttp11Protocol.this, adapter);
        }

        @Override
        public SocketState service(SocketWrapperBase<?> connection) throws IOException {
            busy.add(this);
            serving = true;
            try {
                return super.service(connection);
            } finally {
                serving = false;
            }
        }

        boolean hasNoConnection() {
            SocketWrapperBase<?> connection = getSocketWrapper();
            return connection == null || connection.isClosed();
        }

        void endIfOverdue(long now) {
            // Before the time: a processor that goes on to another connection has a time that is not overdue then.
            SocketWrapperBase<?> connection = getSocketWrapper();
            if (connection == null || !isOverdue(now)) {
                return;
            }
            if (serving) {
                // A thread waits for the body, or for what nobody has read of it.
                connection.setReadTimeout(NO_LONGER_MS);
            } else {
                // Nobody waits but the poller, which does not notice a timeout that is over at the next byte.
                connection.processSocket(SocketEvent.ERROR, true);
            }
        }

        /**
         * Finished is a request when its body is read to its end, and one without a body when its headers are. What
         * another thread does meanwhile is seen a little late, which the next look makes up for.
         */
        private boolean isOverdue(long now) {
            long began = getRequest().getStartTimeNanos();
            return began != NOT_BEGUN
                    && now - began > requestTimeoutNs
                    && !getRequest().isFinished();
        }
    }
}
