package io.flashsale.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateSerdeTest {

    private static final Serde<String> TEXTS =
            StateSerde.of(7, (text, to) -> to.text(text).number(text.length()), from -> {
                String text = from.text();
                assertThat(from.number()).isEqualTo(text.length());
                return text;
            });

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                -1,
                63,
                64,
                -64,
                -65,
                8_191,
                8_192,
                Integer.MAX_VALUE,
                Integer.MIN_VALUE,
                Long.MAX_VALUE,
                Long.MIN_VALUE
            })
    void aNumberIsReadAsItWasWritten(long number) {
        StateReader reader = reader(new StateWriter(1).number(number));

        assertThat(reader.number()).isEqualTo(number);
        reader.requireEnd();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "9.99",
                "9.990",
                "-1.5",
                "999999999999.9999",
                "1E+3",
                "0.0000",
                "123456789012345678901234567890.1"
            })
    void aDecimalKeepsItsScale(String decimal) {
        StateReader reader = reader(new StateWriter(1).decimal(new BigDecimal(decimal)));

        assertThat(reader.decimal()).isEqualTo(new BigDecimal(decimal));
        reader.requireEnd();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-20T12:00:00.123Z",
                "1970-01-01T00:00:00Z",
                "1969-12-31T23:59:59.999999999Z",
                "9999-12-31T23:59:59.000000001Z"
            })
    void anInstantKeepsItsNanoseconds(String instant) {
        StateReader reader = reader(new StateWriter(1).instant(Instant.parse(instant)));

        assertThat(reader.instant()).isEqualTo(Instant.parse(instant));
        reader.requireEnd();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "äöü€", "🎟 ticket"})
    void aTextIsReadAsItWasWritten(String text) {
        StateReader reader = reader(new StateWriter(1).text(text));

        assertThat(reader.text()).isEqualTo(text);
        reader.requireEnd();
    }

    @Test
    void whatIsAbsentStaysAbsent() {
        StateReader reader = reader(new StateWriter(1)
                .optionalText(null)
                .optionalNumber(null)
                .optionalInstant(null)
                .optionalText("")
                .optionalNumber(0)
                .optionalInstant(Instant.EPOCH)
                .flag(true)
                .flag(false)
                .constant(ChronoUnit.HOURS));

        assertThat(reader.optionalText()).isNull();
        assertThat(reader.optionalNumber()).isNull();
        assertThat(reader.optionalInstant()).isNull();
        assertThat(reader.optionalText()).isEmpty();
        assertThat(reader.optionalNumber()).isZero();
        assertThat(reader.optionalInstant()).isEqualTo(Instant.EPOCH);
        assertThat(reader.flag()).isTrue();
        assertThat(reader.flag()).isFalse();
        assertThat(reader.constant(ChronoUnit.class)).isEqualTo(ChronoUnit.HOURS);
        reader.requireEnd();
    }

    @Test
    void aRecordMayBeLongerThanUsual() {
        String text = "x".repeat(10_000);

        assertThat(read(write(text))).isEqualTo(text);
        assertThat(read(write(text.substring(1)))).isEqualTo(text.substring(1));
    }

    @Test
    void aRecordBeginsWithItsFormat() {
        assertThat(HexFormat.of().formatHex(write("ab"))).isEqualTo("07046162" + "04");
        assertThat(TEXTS.serializer().serialize("store", null)).isNull();
        assertThat(TEXTS.deserializer().deserialize("store", null)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"text\":\"of an older build\"}", "\u0008\u0004ab\u0004", ""})
    void anotherBuildsRecordIsRefusedAndNotMisread(String value) {
        assertThatThrownBy(() -> read(value.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("another build has written it");
    }

    @Test
    void aBrokenRecordIsRefused() {
        byte[] whole = write("abc");

        for (int length = 1; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(part)).isInstanceOf(IllegalStateException.class);
        }
        assertThatThrownBy(() -> read(Arrays.copyOf(whole, whole.length + 1)))
                .isInstanceOf(IllegalStateException.class);
    }

    private static byte[] write(String text) {
        return TEXTS.serializer().serialize("store", text);
    }

    private static String read(byte[] bytes) {
        return TEXTS.deserializer().deserialize("store", bytes);
    }

    private static StateReader reader(StateWriter writer) {
        return new StateReader(writer.toBytes());
    }
}
