package io.flashsale.endtoend;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The way from one service to all brokers, which can be cut. {@link #wayTo} is what a pipeline's detour asks for.
 */
final class KafkaProxy implements AutoCloseable {

    private enum Way {
        OPEN,
        BLACK_HOLE,
        REFUSED
    }

    /** Few connects are taken by the operating system while nobody accepts; further ones get no answer, as in a cut. */
    private static final int BACKLOG = 1;

    private static final int BUFFER_BYTES = 65_536;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<ServerSocket> entrances = ConcurrentHashMap.newKeySet();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Way way = Way.OPEN;

    /** Opens an entrance of its own to a broker's port, and returns where it is. */
    int wayTo(int brokerPort) {
        try {
            ServerSocket entrance = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
            entrances.add(entrance);
            threads.submit(() -> accept(entrance, brokerPort));
            return entrance.getLocalPort();
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** A black hole: connections stay open, but nothing goes through them, and no new one is accepted. */
    void cut() {
        set(Way.BLACK_HOLE);
    }

    /** Closes every connection, and each new one at once. */
    void refuse() {
        set(Way.REFUSED);
        connections.forEach(KafkaProxy::closeQuietly);
    }

    /** All goes through again; what a cut held back goes first. */
    void heal() {
        set(Way.OPEN);
    }

    private void set(Way now) {
        lock.lock();
        try {
            way = now;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits while there is a black hole, then says whether the way is open. */
    private boolean isOpen() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (way == Way.BLACK_HOLE) {
                changed.await();
            }
            return way == Way.OPEN;
        } finally {
            lock.unlock();
        }
    }

    private Void accept(ServerSocket entrance, int brokerPort) throws Exception {
        while (!entrance.isClosed()) {
            isOpen();
            Socket client = entrance.accept();
            connections.add(client);
            // The cut may have come while it was waited for.
            threads.submit(() -> connect(client, brokerPort));
        }
        return null;
    }

    private Void connect(Socket client, int brokerPort) throws Exception {
        if (!isOpen()) {
            close(client);
            return null;
        }
        try {
            Socket broker = new Socket(InetAddress.getLoopbackAddress(), brokerPort);
            connections.add(broker);
            client.setTcpNoDelay(true);
            broker.setTcpNoDelay(true);
            threads.submit(() -> pump(client, broker));
            threads.submit(() -> pump(broker, client));
        } catch (IOException brokerIsAway) {
            close(client);
        }
        return null;
    }

    private Void pump(Socket from, Socket to) throws InterruptedException {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0 && isOpen(); read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException ended) {
            // By one of the two, or by us.
        } finally {
            // One that ends during a cut is heard of afterwards.
            isOpen();
            close(from);
            close(to);
        }
        return null;
    }

    private void close(Socket socket) {
        connections.remove(socket);
        closeQuietly(socket);
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception closedAlready) {
            // What was wanted.
        }
    }

    @Override
    public void close() {
        entrances.forEach(KafkaProxy::closeQuietly);
        refuse();
        threads.shutdownNow();
    }
}
