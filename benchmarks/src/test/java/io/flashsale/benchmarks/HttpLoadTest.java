package io.flashsale.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.local.Ports;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpLoadTest {

    private final StandInServer server = new StandInServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void countsEveryAnswerByItsStatus() {
        server.answer("HTTP/1.1 201 \r\nContent-Length: 2\r\n\r\n{}");
        server.answer(
                "HTTP/1.1 503 \r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n");
        server.answerAllOthers("HTTP/1.1 201 \r\ncontent-length: 0\r\n\r\n");

        LoadResult load = run(1_000, 10, 1);

        assertThat(load.answers()).isEqualTo(Map.of("201", 9L, "503", 1L));
        assertThat(load.done()).isEqualTo(10);
        assertThat(server.connections()).isEqualTo(1);
        assertThat(server.lastRequest())
                .startsWith("POST /api/holds HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\n")
                .contains("\r\nContent-Length: 8\r\n")
                .endsWith("\r\n\r\n{\"a\": 1}");
    }

    @Test
    void connectsAnewWhenTheServerCloses() {
        server.answer("HTTP/1.1 201 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        server.answerAllOthers("HTTP/1.1 201 \r\nContent-Length: 0\r\n\r\n");

        LoadResult load = run(1_000, 4, 1);

        assertThat(load.answers()).isEqualTo(Map.of("201", 4L));
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void countsWhatIsNoAnswerAndGoesOn() {
        server.answer("HTTP/1.1 201 \r\n\r\n");
        server.answer("SSH-2.0\r\n");
        server.answer("HTTP/1.1 201 \r\nContent-Length: many\r\n\r\n");
        server.answerAllOthers("HTTP/1.1 201 \r\nContent-Length: 0\r\n\r\n");

        LoadResult load = run(1_000, 5, 1);

        assertThat(load.answers()).isEqualTo(Map.of("ProtocolException", 3L, "201", 2L));
    }

    @Test
    void countsAServerThatIsNotThere() {
        // Not a port of those that outgoing connections have: one of them could be connected to itself.
        URI nobody = URI.create("http://127.0.0.1:" + new Ports().free());
        byte[] request = HttpLoad.get(nobody, "/");

        LoadResult load = new HttpLoad(
                        nobody, number -> request, new OpenLoop(System.nanoTime(), 1_000, 3), Duration.ofSeconds(10))
                .run(1, () -> {});

        assertThat(load.answers()).isEqualTo(Map.of("ConnectException", 3L));
    }

    @Test
    void countsTheTimeThatACallWaitedForTheOnesBeforeIt() {
        // given one slow answer, behind which the calls of 200 ms queue up
        Duration stall = Duration.ofMillis(300);
        server.answerAfter(stall, "HTTP/1.1 201 \r\nContent-Length: 0\r\n\r\n");
        server.answerAllOthers("HTTP/1.1 201 \r\nContent-Length: 0\r\n\r\n");

        // when there is only one connection
        LoadResult load = run(100, 20, 1);

        // then more than the one call is slow: half of the calls were due in the first 100 ms of the stall
        assertThat(load.latencyMillis(100)).isGreaterThanOrEqualTo(stall.toMillis());
        assertThat(load.latencyMillis(50)).isGreaterThanOrEqualTo(150);
        assertThat(load.delayMillis(50)).isGreaterThanOrEqualTo(150);
    }

    @Test
    void givesUpWhenItIsTooFarBehind() {
        server.answerAfter(Duration.ofMillis(300), "HTTP/1.1 201 \r\nContent-Length: 0\r\n\r\n");
        server.answerAllOthers("HTTP/1.1 201 \r\nContent-Length: 0\r\n\r\n");

        LoadResult load = load(100, 100, Duration.ofMillis(100)).run(1, () -> {});

        assertThat(load.complete()).isFalse();
        assertThat(load.isOnly(201)).isFalse();
        assertThat(load.done()).isLessThan(100);
    }

    @Test
    void asksForTheNextThingEachTime() {
        server.answerAllOthers("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n");
        URI url = url();

        new HttpLoad(
                        url,
                        number -> HttpLoad.get(url, "/" + number),
                        new OpenLoop(System.nanoTime(), 1_000, 3),
                        Duration.ofSeconds(10))
                .run(1, () -> {});

        assertThat(server.lastRequest()).isEqualTo("GET /2 HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\n\r\n");
    }

    private LoadResult run(int ratePerSecond, int calls, int connections) {
        return load(ratePerSecond, calls, Duration.ofSeconds(10)).run(connections, () -> {});
    }

    private HttpLoad load(int ratePerSecond, int calls, Duration patience) {
        byte[] request = HttpLoad.post(url(), "/api/holds", "{\"a\": 1}");
        return new HttpLoad(url(), number -> request, new OpenLoop(System.nanoTime(), ratePerSecond, calls), patience);
    }

    private URI url() {
        return URI.create("http://127.0.0.1:" + server.port());
    }
}
