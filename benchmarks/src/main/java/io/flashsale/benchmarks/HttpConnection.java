package io.flashsale.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One kept connection, with one call at a time. */
final class HttpConnection implements AutoCloseable {

    private static final int MAX_ANSWER_BYTES = 16_384;

    private final InetSocketAddress server;
    private final Selector selector;
    private final ByteBuffer in = ByteBuffer.allocate(MAX_ANSWER_BYTES);
    private @Nullable SocketChannel channel;
    private boolean idle = true;
    private long dueNanos;
    private long sentNanos;

    HttpConnection(InetSocketAddress server, Selector selector) {
        this.server = server;
        this.selector = selector;
    }

    /** Connects if it is not connected. */
    void connect() throws IOException {
        if (channel == null) {
            SocketChannel opened = SocketChannel.open(server);
            opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
            opened.configureBlocking(false);
            opened.register(selector, SelectionKey.OP_READ, this);
            channel = opened;
        }
    }

    /** @param due when the call should have been sent */
    void send(byte[] request, long due) throws IOException {
        try {
            connect();
            SocketChannel open = channel;
            ByteBuffer out = ByteBuffer.wrap(request);
            while (open != null && out.hasRemaining()) {
                // All at once: there is room for one request.
                open.write(out);
            }
            in.clear();
            dueNanos = due;
            sentNanos = System.nanoTime();
            idle = false;
        } catch (IOException broken) {
            close();
            throw broken;
        }
    }

    /** Reads what is there; empty if the answer is not complete yet. */
    Optional<HttpAnswer> read() throws IOException {
        SocketChannel open = channel;
        if (open == null || open.read(in) < 0) {
            throw new EOFException("the server has closed the connection");
        }
        Optional<HttpAnswer> answer = HttpAnswer.read(in.array(), in.position());
        if (answer.isEmpty() && !in.hasRemaining()) {
            throw new ProtocolException("an answer of more than " + MAX_ANSWER_BYTES + " bytes");
        }
        answer.ifPresent(complete -> {
            idle = true;
            if (complete.last()) {
                close();
            }
        });
        return answer;
    }

    boolean isIdle() {
        return idle;
    }

    long dueNanos() {
        return dueNanos;
    }

    long sentNanos() {
        return sentNanos;
    }

    @Override
    public void close() {
        SocketChannel open = channel;
        channel = null;
        idle = true;
        if (open != null) {
            try {
                open.close();
            } catch (IOException gone) {
                // That is what was wanted.
            }
        }
    }
}
