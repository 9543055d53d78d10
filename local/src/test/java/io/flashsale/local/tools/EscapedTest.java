package io.flashsale.local.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EscapedTest {

    @Test
    void whatCanBeReadIsShownAsItIs() {
        assertThat(Escaped.text("sneaker-42, größe 42 €😀", 50)).isEqualTo("sneaker-42, größe 42 €😀");
    }

    @Test
    void controlFormatAndBrokenCharactersAreShownByNumber() {
        assertThat(Escaped.text("\u0000\u001b\u007f\u009b\u200b\u202e\u2028\ud800\ue000\"\\", 50))
                .isEqualTo("\\u{0}\\u{1b}\\u{7f}\\u{9b}\\u{200b}\\u{202e}\\u{2028}\\u{d800}\\u{e000}\\\"\\\\");
    }

    @ParameterizedTest
    @CsvSource({"3, abc…", "4, abcd", "5, abcd"})
    void isCutAfterSoManyCharacters(int most, String shown) {
        assertThat(Escaped.text("abcd", most)).isEqualTo(shown);
        assertThat(Escaped.bytes("abcd".getBytes(StandardCharsets.UTF_8), most)).isEqualTo(shown);
    }

    @Test
    void bytesThatAreNoTextAreShownByNumber() {
        assertThat(Escaped.bytes(new byte[] {'a', (byte) 0xff, 0, '\\'}, 50)).isEqualTo("a\\xff\\x00\\\\");
        assertThat(Escaped.bytes(new byte[] {(byte) 0xff, 'b', 'c'}, 2)).isEqualTo("\\xffb…");
    }

    @Test
    void aLongKeyIsCutNotRead() {
        assertThat(Escaped.bytes("ü".repeat(70_000).getBytes(StandardCharsets.UTF_8), 3))
                .isEqualTo("üüü…");
    }
}
