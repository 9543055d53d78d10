package io.flashsale.ingress.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.ingress.gateway.ReadsUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipelineWatchTest {

    private final Source source = new Source();
    private long nanos;
    private final PipelineWatch watch = new PipelineWatch(source, () -> nanos);

    @Test
    void looksOnceASecondHoweverManyAsk() {
        assertThat(watch.look()).isSameAs(watch.look());
        assertThat(source.looks).isEqualTo(1);

        nanos += Duration.ofSeconds(1).toNanos();
        watch.look();

        assertThat(source.looks).isEqualTo(2);
    }

    @Test
    void letsGoWhatNobodyHasAskedForForAWhile() {
        watch.look();
        nanos += Duration.ofSeconds(20).toNanos();
        watch.letGoIfUnused();
        assertThat(source.letGo).isZero();

        nanos += Duration.ofSeconds(20).toNanos();
        watch.letGoIfUnused();
        watch.letGoIfUnused();

        assertThat(source.letGo).isEqualTo(1);
    }

    @Test
    void letsGoAlsoWhatNeverSaidAnything() {
        source.away = true;
        assertThatThrownBy(watch::look).isInstanceOf(ReadsUnavailableException.class);

        nanos += Duration.ofSeconds(40).toNanos();
        watch.letGoIfUnused();

        assertThat(source.letGo).isEqualTo(1);
    }

    private static final class Source implements PipelineSource {

        private int looks;
        private int letGo;
        private boolean away;

        @Override
        public PipelineState look() {
            looks++;
            if (away) {
                throw new ReadsUnavailableException("Kafka did not say it.");
            }
            return new PipelineState(Instant.EPOCH, List.of(), List.of());
        }

        @Override
        public void letGo() {
            letGo++;
        }
    }
}
