package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cut that cuts nothing would make every test of it pass. */
@Timeout(30)
class KafkaProxyTest {

    private static final int SILENCE_MS = 300;

    private final KafkaProxy proxy = new KafkaProxy();
    private ServerSocket broker;
    private Socket client;
    private Socket atBroker;

    @BeforeEach
    void connect() throws IOException {
        broker = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        client = newClient();
        atBroker = broker.accept();
        client.setSoTimeout(SILENCE_MS);
        atBroker.setSoTimeout(SILENCE_MS);
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        broker.close();
        client.close();
        atBroker.close();
    }

    @Test
    void leadsBothWays() throws IOException {
        client.getOutputStream().write(1);
        assertThat(atBroker.getInputStream().read()).isEqualTo(1);

        atBroker.getOutputStream().write(2);
        assertThat(client.getInputStream().read()).isEqualTo(2);
    }

    @Test
    void aBlackHoleKeepsConnectionsAndLetsThroughLaterWhatItHeldBack() throws IOException {
        proxy.cut();
        client.getOutputStream().write(1);
        atBroker.getOutputStream().write(2);

        assertThatThrownBy(() -> atBroker.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

        proxy.heal();
        assertThat(atBroker.getInputStream().read()).isEqualTo(1);
        assertThat(client.getInputStream().read()).isEqualTo(2);
    }

    @Test
    void aBlackHoleDoesNotTellThatTheOtherSideIsGone() throws IOException {
        proxy.cut();
        client.close();
        assertThatThrownBy(() -> atBroker.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

        proxy.heal();
        assertThat(atBroker.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void refusesConnectionsOldAndNewUntilItIsHealed() throws IOException {
        proxy.refuse();
        assertThat(endOf(client)).isTrue();
        try (Socket refused = newClient()) {
            assertThat(endOf(refused)).isTrue();
        }

        proxy.heal();
        try (Socket again = newClient();
                Socket accepted = broker.accept()) {
            again.getOutputStream().write(3);
            assertThat(accepted.getInputStream().read()).isEqualTo(3);
        }
    }

    private Socket newClient() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), proxy.wayTo(broker.getLocalPort()));
    }

    private static boolean endOf(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException stillOpen) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }
}
