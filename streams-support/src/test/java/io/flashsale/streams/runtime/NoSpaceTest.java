package io.flashsale.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;
import org.rocksdb.RocksDBException;

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
        assertThat(NoSpace.sentence("/var/lib/flashsale")).contains("/var/lib/flashsale", "no space is left");
    }
}
