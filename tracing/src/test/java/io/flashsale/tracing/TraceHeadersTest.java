package io.flashsale.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever writes the headers, an own client or a stranger, nothing in them is an error. */
class TraceHeadersTest {

    private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN_ID = "b7ad6b7169203331";
    private static final String SAMPLED = "00-" + TRACE_ID + "-" + SPAN_ID + "-01";

    @Test
    void aTraceIsReadWithItsStateAndItsFlag() {
        SpanContext read = read(SAMPLED, "vendor=value,other=1");

        assertThat(read.getTraceId()).isEqualTo(TRACE_ID);
        assertThat(read.getSpanId()).isEqualTo(SPAN_ID);
        assertThat(read.isSampled()).isTrue();
        assertThat(read.isRemote()).isTrue();
        assertThat(read.getTraceState().asMap()).isEqualTo(Map.of("vendor", "value", "other", "1"));
        assertThat(read(SAMPLED.substring(0, SAMPLED.length() - 1) + "0", null).isSampled())
                .isFalse();
    }

    @Test
    void whatIsWrittenIsWhatWasRead() {
        Headers passedOn = new RecordHeaders();

        TraceHeaders.write(Span.wrap(read(SAMPLED, "vendor=value")), passedOn);

        assertThat(text(passedOn, TraceHeaders.TRACEPARENT)).isEqualTo(SAMPLED);
        assertThat(text(passedOn, TraceHeaders.TRACESTATE)).isEqualTo("vendor=value");
        assertThat(passedOn.toArray()).hasSize(2);
    }

    @Test
    void ofSeveralTheLastCounts() {
        Headers headers = headers("not one", null);
        headers.add(TraceHeaders.TRACEPARENT, SAMPLED.getBytes(StandardCharsets.UTF_8));

        assertThat(contextOf(headers).getTraceId()).isEqualTo(TRACE_ID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "nonsense",
                "00-" + TRACE_ID + "-" + SPAN_ID,
                "00-" + TRACE_ID + "-" + SPAN_ID + "-",
                "00-" + TRACE_ID + "-" + SPAN_ID + "-zz",
                "00-" + TRACE_ID + "-" + SPAN_ID + "-01-more",
                "ff-" + TRACE_ID + "-" + SPAN_ID + "-01",
                "00-00000000000000000000000000000000-" + SPAN_ID + "-01",
                "00-" + TRACE_ID + "-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-" + SPAN_ID + "-01",
                "00-0af7651916cd43dd8448eb211c80319\u00e9-" + SPAN_ID + "-01",
                "00_" + TRACE_ID + "_" + SPAN_ID + "_01",
            })
    void aBadParentIsNone(String traceparent) {
        assertThat(read(traceparent, "vendor=value").isValid()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"=", ",,,", "novalue", "UPPER=1", "a=1,a=2,=", "k=\u00e9"})
    void aBadStateLeavesTheTraceAlone(String tracestate) {
        assertThat(read(SAMPLED, tracestate).getTraceId()).isEqualTo(TRACE_ID);
    }

    @Test
    void aStateThatIsLongerThanTheStandardAsksForIsNotPassedOn() {
        assertThat(read(SAMPLED, "v=" + "x".repeat(250) + ",w=" + "x".repeat(250))
                        .getTraceState()
                        .isEmpty())
                .isFalse();
        assertThat(read(SAMPLED, "v=" + "x".repeat(255) + ",w=" + "x".repeat(255))
                        .getTraceState()
                        .isEmpty())
                .isTrue();
    }

    @Test
    void aHeaderWithoutAValueIsNone() {
        Headers headers = new RecordHeaders();
        headers.add(TraceHeaders.TRACEPARENT, null);
        headers.add(TraceHeaders.TRACESTATE, null);

        assertThat(contextOf(headers).isValid()).isFalse();
        assertThat(contextOf(new RecordHeaders()).isValid()).isFalse();
    }

    @Test
    void noBytesAreAnError() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            Headers headers = new RecordHeaders();
            headers.add(TraceHeaders.TRACEPARENT, spoilt(SAMPLED, random));
            headers.add(TraceHeaders.TRACESTATE, spoilt("vendor=value,other=1", random));

            assertThat(contextOf(headers)).as("seed %d, number %d", seed, i).isNotNull();
        }
    }

    private static byte[] spoilt(String good, Random random) {
        byte[] bytes = good.getBytes(StandardCharsets.ISO_8859_1);
        for (int change = random.nextInt(4); change > 0; change--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static SpanContext read(String traceparent, String tracestate) {
        return contextOf(headers(traceparent, tracestate));
    }

    private static SpanContext contextOf(Headers headers) {
        return Span.fromContext(TraceHeaders.read(headers)).getSpanContext();
    }

    private static Headers headers(String traceparent, String tracestate) {
        Headers headers = new RecordHeaders();
        headers.add(TraceHeaders.TRACEPARENT, traceparent.getBytes(StandardCharsets.UTF_8));
        if (tracestate != null) {
            headers.add(TraceHeaders.TRACESTATE, tracestate.getBytes(StandardCharsets.UTF_8));
        }
        return headers;
    }

    private static String text(Headers headers, String name) {
        return new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
