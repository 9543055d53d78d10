package io.flashsale.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class KafkaContactTest {

    private double received;
    private long seconds;
    private final KafkaContact contact = new KafkaContact(
            () -> received,
            Duration.ofSeconds(4),
            () -> Duration.ofSeconds(seconds).toNanos());

    @Test
    void isLostWhenNothingCameForLongerThanThePatience() {
        look(0, 10);
        look(4, 10);
        assertThat(contact.isLost()).isFalse();

        look(5, 10);
        assertThat(contact.isLost()).isTrue();
    }

    @Test
    void hasItsPatienceFromTheFirstLook() {
        look(9, 0);
        assertThat(contact.isLost()).isFalse();

        look(14, 0);
        assertThat(contact.isLost()).isTrue();
    }

    @Test
    void isThereAgainWithTheFirstByte() {
        look(0, 10);
        look(9, 10);

        look(10, 11);

        assertThat(contact.isLost()).isFalse();
    }

    @Test
    void isNotThereAgainBecauseACountBeginsAnew() {
        look(0, 10);
        look(9, 0);
        assertThat(contact.isLost()).isTrue();

        look(10, 1);
        assertThat(contact.isLost()).isFalse();
    }

    private void look(long atSeconds, double bytes) {
        seconds = atSeconds;
        received = bytes;
        contact.look();
    }
}
