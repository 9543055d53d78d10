package io.flashsale.ingress.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.flashsale.ingress.gateway.PendingReplies;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;

/** Clients that send a byte now and then, each in time for the server's wait for the next one. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            "server.tomcat.connection-timeout=60s",
            "management.server.port=0",
            "flashsale.drain-time=0s",
            "flashsale.admin.key=test-admin-key",
            "flashsale.id.secret=test-id-secret",
            "flashsale.webhook.secret=test-webhook-secret",
            "flashsale.request.timeout=500ms",
            "flashsale.reply.timeout=2s",
        })
class SlowRequestHttpTest {

    private static final FakePipeline PIPELINE = new FakePipeline();
    private static final String HOLD = "{\"product_id\":\"lamp\",\"quantity\":2}";

    /** Between two bytes, which nobody else paces. */
    private static final int PACE_MS = 100;

    /** Longer than the request may take on a busy machine, shorter than what is sent would keep it. */
    private static final int MAX_BYTES = 300;

    @LocalServerPort
    private int port;

    @BeforeEach
    void reset() {
        PIPELINE.reset();
    }

    @AfterAll
    static void close() {
        PIPELINE.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 60000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nea60\r\n"})
    void aBodyThatDoesNotEndIsAnswered408(String length) throws IOException {
        String answer = trickle("POST /api/holds HTTP/1.1\r\nHost: a\r\n" + length);

        assertThat(answer)
                .startsWith("HTTP/1.1 408 ")
                .contains("Connection: close", "application/problem+json", "\"code\":\"request-timeout\"");
        assertThat(PIPELINE.commands).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /api/products/lamp HTTP/1.1\r\nX-Long: "})
    void headersThatDoNotEndCloseTheConnection(String begin) throws IOException {
        assertThat(trickle(begin)).isEmpty();
    }

    @Test
    void aBodyThatNobodyReadsDoesNotKeepTheConnectionEither() throws IOException {
        String answer = trickle("POST /api/nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void aDecisionMayTakeLongerThanTheRequest() throws IOException {
        try (Socket socket = open()) {
            send(socket, "POST /api/holds HTTP/1.1\r\nHost: a\r\nContent-Length: " + HOLD.length() + "\r\n\r\n" + HOLD);

            assertThat(firstLine(socket)).startsWith("HTTP/1.1 202");
        }
    }

    @Test
    void aConnectionMayRestBetweenTwoRequests() throws IOException {
        try (Socket socket = open()) {
            send(socket, "HEAD /api/nothing HTTP/1.1\r\nHost: a\r\n\r\n");
            socket.setSoTimeout(2_000);
            assertThat(readUntilSilent(socket)).startsWith("HTTP/1.1 404");

            send(socket, "HEAD /api/nothing HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(firstLine(socket)).startsWith("HTTP/1.1 404");
        }
    }

    /** Sends the beginning and then a letter now and then, until the server closes the connection. */
    private String trickle(String begin) throws IOException {
        try (Socket socket = open()) {
            socket.setSoTimeout(PACE_MS);
            send(socket, begin);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            for (int sent = 0; sent < MAX_BYTES; sent++) {
                if (isClosed(socket, answer)) {
                    return answer.toString(StandardCharsets.ISO_8859_1);
                }
                sendIfOpen(socket, "G");
            }
            return fail("still open after " + answer);
        }
    }

    private static boolean isClosed(Socket socket, ByteArrayOutputStream answer) throws IOException {
        try {
            socket.getInputStream().transferTo(answer);
            return true;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (SocketException reset) {
            return true;
        }
    }

    private static void sendIfOpen(Socket socket, String text) throws IOException {
        try {
            send(socket, text);
        } catch (SocketException closed) {
            // Its answer may still be there to be read.
        }
    }

    private static String readUntilSilent(Socket socket) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        assertThat(isClosed(socket, answer)).isFalse();
        return answer.toString(StandardCharsets.ISO_8859_1);
    }

    private static String firstLine(Socket socket) throws IOException {
        socket.setSoTimeout(20_000);
        return new String(socket.getInputStream().readNBytes(15), StandardCharsets.ISO_8859_1);
    }

    private Socket open() throws IOException {
        return new Socket("127.0.0.1", port);
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The ingress as it is, but for what talks to the broker. */
    @IngressWithoutBroker
    static class WithoutBroker {

        @Bean
        FakePipeline pipeline(ObjectProvider<PendingReplies> pending) {
            return PIPELINE.connect(pending);
        }
    }
}
