package io.flashsale.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpAnswerTest {

    private static final String FIXED =
            "HTTP/1.1 201 Created\r\nX: y\r\ncontent-length: 5\r\nConnection: close\r\n\r\n12345";
    private static final String CHUNKED =
            "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n";

    @Test
    void readsAnAnswerWithALength() throws Exception {
        assertThat(read(FIXED)).contains(new HttpAnswer(201, FIXED.length(), true));
    }

    @Test
    void readsAnAnswerInChunks() throws Exception {
        assertThat(read(CHUNKED)).contains(new HttpAnswer(200, CHUNKED.length(), false));
    }

    @ParameterizedTest
    @ValueSource(strings = {FIXED, CHUNKED})
    void waitsForAllOfIt(String answer) throws Exception {
        for (int length = 0; length < answer.length(); length++) {
            assertThat(read(answer.substring(0, length)))
                    .as("first %d bytes", length)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0\r\n",
                "HTTP/1.1 \r\n\r\n",
                "HTTP/1.1 abc\r\n\r\n",
                "HTTP/1.1 200 \r\n\r\n",
                "HTTP/1.1 200 \r\nContent-Length: many\r\n\r\n",
                "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"
            })
    void refusesWhatIsNoAnswer(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(ProtocolException.class);
    }

    private static Optional<HttpAnswer> read(String text) throws ProtocolException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return HttpAnswer.read(bytes, bytes.length);
    }
}
