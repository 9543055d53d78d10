package io.flashsale.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstantTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1970-01-01T00:00:00Z",
                "1969-12-31T23:59:59.999Z",
                "2024-02-29T23:59:59.001Z",
                "2026-11-20T12:00:00.100Z",
                "2026-11-20T12:00:00.120400Z",
                "2026-11-20T12:00:00.000000001Z",
                "9999-12-31T23:59:59.999Z",
                "+10000-01-01T00:00:00Z",
                "-0001-01-01T00:00:00Z"
            })
    void aTimeIsWrittenAsJavaWritesIt(String text) {
        assertThat(InstantText.of(Instant.parse(text))).isEqualTo(text);
        assertThat(Json.MAPPER.writeValueAsString(Instant.parse(text))).isEqualTo("\"" + text + "\"");
    }

    @Test
    void soAreTenThousandOthers() {
        long end = Limits.MAX_TIME.toEpochMilli();
        Stream.concat(
                        new Random(42).longs(5_000, 0, end).boxed(),
                        LongStream.range(0, 5_000).mapToObj(day -> day * 86_400_000L * 7))
                .map(Instant::ofEpochMilli)
                .forEach(time -> assertThat(InstantText.of(time)).isEqualTo(time.toString()));
    }
}
