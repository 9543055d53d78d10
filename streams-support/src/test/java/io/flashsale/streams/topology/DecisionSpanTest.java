package io.flashsale.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.tracing.Tracing;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** What it says of a decision is tested with the applications' topologies. */
class DecisionSpanTest {

    private static final Origin ORIGIN = new Origin("topic", 0, 0);

    /** Headers that nobody may look at. */
    private static final RecordHeaders UNTOUCHED = new RecordHeaders() {
        @Override
        public Header lastHeader(String key) {
            throw new AssertionError("looked for " + key);
        }
    };

    @Test
    void withoutTracesNothingIsLookedAtOrMade() {
        assertThat(DecisionSpan.begin(Tracing.OFF, ORIGIN, UNTOUCHED)).isNull();
        // That it would be seen.
        Tracing on = Tracing.of(SimpleSpanProcessor.create(InMemorySpanExporter.create()), 0, "service", "1");
        assertThatThrownBy(() -> DecisionSpan.begin(on, ORIGIN, UNTOUCHED)).isInstanceOf(AssertionError.class);
    }
}
