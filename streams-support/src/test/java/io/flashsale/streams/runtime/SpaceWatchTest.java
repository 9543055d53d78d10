package io.flashsale.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpaceWatchTest {

    private final AtomicLong free = new AtomicLong(100);
    private final AtomicInteger ended = new AtomicInteger();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final SpaceWatch watch =
            new SpaceWatch("/var/lib/flashsale", 100, free::get, meters, ended::incrementAndGet);

    @Test
    void endsTheInstanceOnceWhenThereIsLessThanItWants() {
        watch.look();
        assertThat(ended).hasValue(0);

        free.set(99);
        watch.look();
        watch.look();

        assertThat(ended).hasValue(1);
    }

    @Test
    void doesNotEvenStartWithTooLittle() {
        free.set(99);

        assertThatThrownBy(watch::start)
                .isInstanceOf(NoSpaceException.class)
                .hasMessageContaining("too little space is left for its state in /var/lib/flashsale");
        assertThat(watch.isRunning()).isFalse();
    }

    @Test
    void showsWhatIsLeft() {
        assertThat(meters.get("state.free").gauge().value()).isEqualTo(100);
    }

    @Test
    void looksAtTheDiskOfADirectoryThatItMayHaveToMake(@TempDir Path folder) {
        StreamsSettings.State settings =
                new StreamsSettings.State(folder.resolve("new").toString(), 8_388_608, 0, Long.MAX_VALUE);

        assertThatThrownBy(() -> new SpaceWatch(settings, new SimpleMeterRegistry(), ended::incrementAndGet).start())
                .isInstanceOf(NoSpaceException.class);
        assertThat(folder.resolve("new")).isDirectory();
    }
}
