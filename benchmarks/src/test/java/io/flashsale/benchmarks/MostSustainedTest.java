package io.flashsale.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MostSustainedTest {

    private final List<Integer> tried = new ArrayList<>();

    @ParameterizedTest(name = "of {0}/s: {1}/s")
    @CsvSource({
        "1000, 1000",
        "1200, 1125",
        "1249, 1125",
        "1250, 1250",
        "5000, 4765",
        "900, 900",
        "500, 460",
        "60, 60",
        "10, 0"
    })
    void findsWhatIsSustained(int capacity, int found) {
        assertThat(search(100_000, capacity).find(1_000)).isEqualTo(found);
    }

    @Test
    void triesOnceBetweenTheLastTwo() {
        search(100_000, 1_600).find(1_000);

        assertThat(tried).containsExactly(1_000, 1_250, 1_562, 1_952, 1_952, 1_757, 1_757);
    }

    @Test
    void givesEachRateASecondChance() {
        int found = new MostSustained(2_000, rate -> {
                    tried.add(rate);
                    return tried.size() % 2 == 0;
                })
                .find(1_000);

        assertThat(found).isEqualTo(1_952);
    }

    @Test
    void asksForNoMoreThanTheGeneratorCanDo() {
        assertThat(search(2_000, 1_000_000).find(1_000)).isEqualTo(1_952);
        assertThat(tried).containsExactly(1_000, 1_250, 1_562, 1_952);
    }

    private MostSustained search(int most, int capacity) {
        return new MostSustained(most, rate -> {
            tried.add(rate);
            return rate <= capacity;
        });
    }
}
