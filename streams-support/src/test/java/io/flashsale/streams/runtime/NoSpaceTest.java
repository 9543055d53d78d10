package io.flashsale.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;
import org.rocksdb.RocksDBException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class NoSpaceTest {

    @Test
    void isFoundUnderWhatKafkaStreamsWrapsAroundIt() {
        assertThat(NoSpace.isCauseOf(new StreamsException(new ProcessorStateException(
                        "Error while executing put",
                        new RocksDBException("While appending to file: /s/000009.sst: No space left on device")))))
                .isTrue();
        assertThat(NoSpace.isCauseOf(new ProcessorStateException(new IOException("Disk quota exceeded"))))
                .isTrue();
    }

    @Test
    void aStartThatIsRefusedForItIsToldInASentence() {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("test", Map.of("flashsale.state.dir", "/var/lib/flashsale")));
        NoSpaceFailureAnalyzer analyzer = new NoSpaceFailureAnalyzer(environment);

        FailureAnalysis analysis = analyzer.analyze(new IllegalStateException(new NoSpaceException("full")));

        assertThat(analysis).isNotNull();
        assertThat(analysis.getDescription())
                .startsWith("It cannot start: too little space is left for its state in /var/lib/flashsale ");
        assertThat(analyzer.analyze(new IllegalStateException("another reason")))
                .isNull();
    }

    @Test
    void isNotEveryFailureOfTheState() {
        assertThat(NoSpace.isCauseOf(new ProcessorStateException(new IOException("Permission denied"))))
                .isFalse();
        assertThat(NoSpace.isCauseOf(new StreamsException((Throwable) null))).isFalse();
    }

    @Test
    void isNotLookedForEverInCausesThatRunInACircle() {
        Exception one = new IllegalStateException("one");
        Exception other = new IllegalStateException("other", one);
        one.initCause(other);

        assertThat(NoSpace.isCauseOf(one)).isFalse();
    }

    @Test
    void theSentenceNamesTheDirectory() {
        assertThat(NoSpace.sentence("/var/lib/flashsale")).contains("/var/lib/flashsale", "too little space is left");
    }
}
