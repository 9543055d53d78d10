package io.flashsale.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpCommandTest {

    @ParameterizedTest
    @ValueSource(strings = {"mine", " mine ,other", "sha256:ab,mine", ",SHA256:ab, mine"})
    void usesTheFirstPlainAdminKey(String keys) throws UsageException {
        assertThat(UpCommand.plainKeyOf(keys)).isEqualTo("mine");
    }

    @Test
    void needsAPlainAdminKey() {
        assertThatThrownBy(() -> UpCommand.plainKeyOf("sha256:ab,"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("FLASHSALE_ADMIN_KEY");
    }
}
