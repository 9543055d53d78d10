package io.flashsale.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Answers each request with the next prepared text, whatever it asks for, on one connection at a time. */
final class StandInServer implements AutoCloseable {

    private record Answer(Duration delay, String text) {}

    private final ServerSocket listener;
    private final Queue<Answer> prepared = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile @Nullable String others;
    private volatile String lastRequest = "";

    StandInServer() {
        try {
            listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        Thread.ofPlatform().daemon().name("stand-in-server").start(this::serve);
    }

    int port() {
        return listener.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    String lastRequest() {
        return lastRequest;
    }

    void answer(String text) {
        answerAfter(Duration.ZERO, text);
    }

    void answerAfter(Duration delay, String text) {
        prepared.add(new Answer(delay, text));
    }

    void answerAllOthers(String text) {
        others = text;
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException gone) {
            // That is what was wanted.
        }
    }

    private void serve() {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                connections.incrementAndGet();
                serve(socket);
            } catch (IOException next) {
                // The client went, or this server is closed.
            }
        }
    }

    private void serve(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[4_096];
        // Requests are small and come one at a time, each in one write.
        for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
            lastRequest = new String(buffer, 0, length, StandardCharsets.US_ASCII);
            Answer answer = prepared.poll();
            stall(answer == null ? Duration.ZERO : answer.delay());
            String text = answer == null ? String.valueOf(others) : answer.text();
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            if (text.contains("close")) {
                return;
            }
        }
    }

    private static void stall(Duration delay) {
        long end = System.nanoTime() + delay.toNanos();
        for (long left = delay.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
