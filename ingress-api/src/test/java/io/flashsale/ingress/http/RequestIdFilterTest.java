package io.flashsale.ingress.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdFilterTest {

    private static final String LONGEST =
            "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
                    + "0123456789012345678901234567";

    @ParameterizedTest
    @ValueSource(strings = {"a", "id with spaces ~!", LONGEST})
    void echoesWhatIsFit(String sent) {
        assertThat(RequestIdFilter.idOf(sent)).isEqualTo(sent);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"tab\t", "new\nline", "\u00e9", "\u007f", LONGEST + "8"})
    void replacesWhatIsNot(String sent) {
        assertThat(RequestIdFilter.idOf(sent)).hasSize(36).isNotEqualTo(sent);
    }
}
