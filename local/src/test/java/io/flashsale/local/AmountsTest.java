package io.flashsale.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountsTest {

    @ParameterizedTest
    @CsvSource({"0, 0 B", "999, 999 B", "1500, 1.5 kB", "1234567, 1.2 MB", "5000000000, 5.0 GB", "7e15, 7000.0 TB"})
    void bytesFitIntoATable(double bytes, String shown) {
        assertThat(Amounts.bytes((long) bytes)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"604800000, 7 d", "129600000, 36 h", "3600000, 1 h", "90000, 90 s", "120000, 2 min", "1500, 1500 ms"})
    void timesLoseNothing(long milliseconds, String shown) {
        assertThat(Amounts.time(milliseconds)).isEqualTo(shown);
    }
}
