package io.flashsale.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PortsTest {

    private final Ports ports = new Ports();

    @Test
    void givesNoPortTwice() {
        assertThat(IntStream.range(0, 50).map(i -> ports.free())).doesNotHaveDuplicates();
    }

    @Test
    void refusesAPortThatSomeoneHas() throws IOException {
        try (ServerSocket other = listener("127.0.0.1")) {
            assertThatThrownBy(() -> ports.fixed(other.getLocalPort()))
                    .isInstanceOf(PipelineException.class)
                    .hasMessage(
                            "Port " + other.getLocalPort() + " is taken: free it, or choose another one with --port.");
        }
    }

    @Test
    void refusesAPortThatSomeoneHasOnAllAddresses() throws IOException {
        try (ServerSocket other = listener("0.0.0.0")) {
            assertThatThrownBy(() -> ports.fixed(other.getLocalPort())).isInstanceOf(PipelineException.class);
        }
    }

    @Test
    void takesAnotherPortThanThePreferredOneIfItMust() throws IOException {
        try (ServerSocket other = listener("127.0.0.1")) {
            assertThat(ports.freeOrPreferred(other.getLocalPort())).isNotEqualTo(other.getLocalPort());
        }
        int free = new Ports().free();
        assertThat(ports.freeOrPreferred(free)).isEqualTo(free);
    }

    private static ServerSocket listener(String address) throws IOException {
        return new ServerSocket(0, 1, InetAddress.getByName(address));
    }
}
