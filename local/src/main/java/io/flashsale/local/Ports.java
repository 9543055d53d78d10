package io.flashsale.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Hands out ports of the loopback interface, each one once. Free ports come from below the range that systems use for
 * outgoing connections, so that an instance which is stopped for a while finds its port free again.
 */
public final class Ports {

    static final int MAX_PORT = 65_535;

    private static final int FIRST = 18_000;
    private static final int LAST = 31_999;
    private static final int CONNECT_TIMEOUT_MS = 200;

    private final Set<Integer> taken = new HashSet<>();

    /** Nothing is handed out yet. */
    public Ports() {}

    /** One that nobody uses now and that was not handed out before. */
    public int free() {
        int count = LAST - FIRST + 1;
        int start = ThreadLocalRandom.current().nextInt(count);
        for (int i = 0; i < count; i++) {
            int port = FIRST + (start + i) % count;
            if (take(port)) {
                return port;
            }
        }
        throw new PipelineException("No port from " + FIRST + " to " + LAST + " is free.");
    }

    int freeOrPreferred(int preferred) {
        return take(preferred) ? preferred : free();
    }

    /** The port, which must be free. */
    int fixed(int port) {
        if (!take(port)) {
            throw new PipelineException("Port " + port + " is taken: free it, or choose another one with --port.");
        }
        return port;
    }

    private boolean take(int port) {
        return !taken.contains(port) && isFree(port) && taken.add(port);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
        } catch (IOException inUse) {
            return false;
        }
        return !answers("127.0.0.1", port) && !answers("::1", port);
    }

    /** Someone on ::1 or on all addresses may not stop us from binding, but would get what is meant for localhost. */
    private static boolean answers(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(host), port), CONNECT_TIMEOUT_MS);
            return true;
        } catch (IOException nobody) {
            return false;
        }
    }
}
