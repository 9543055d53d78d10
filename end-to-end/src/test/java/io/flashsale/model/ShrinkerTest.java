package io.flashsale.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShrinkerTest {

    @Test
    void keepsOnlyWhatTheFailureNeeds() {
        List<Integer> failing = IntStream.range(0, 100).boxed().toList();

        List<Integer> shrunk = Shrinker.shrink(failing, rest -> rest.contains(7) && rest.contains(63));

        assertThat(shrunk).containsExactly(7, 63);
    }

    @Test
    void keepsEverythingIfEverythingIsNeeded() {
        List<Integer> failing = List.of(3, 1, 2);

        assertThat(Shrinker.shrink(failing, rest -> rest.size() == 3)).isEqualTo(failing);
    }
}
