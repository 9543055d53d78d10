package io.flashsale.ingress.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.ingress.config.InvalidSecretException;
import io.flashsale.ingress.config.Secret;
import io.flashsale.ingress.config.Secrets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminKeyTest {

    /** Of the test vector "abc". */
    private static final String SHA256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void onlyTheRightKeyMatches() {
        AdminKey key = keys("right-key");

        assertThat(key.matches("right-key")).isTrue();
        assertThat(key.matches("wrong-key")).isFalse();
        assertThat(key.matches("right-key ")).isFalse();
        assertThat(key.matches("")).isFalse();
        assertThat(key.matches(null)).isFalse();
    }

    @Test
    void everyKeyOfTheListMatchesWhetherPlainOrDigest() {
        AdminKey keys = keys("old-key, sha256:" + SHA256_OF_ABC + ",,new-key,");

        assertThat(List.of("old-key", "abc", "new-key")).allMatch(keys::matches);
        assertThat(List.of("old-key,", "old-key, abc", "sha256:" + SHA256_OF_ABC, SHA256_OF_ABC, "", " "))
                .noneMatch(keys::matches);
    }

    @Test
    void aDigestMayBeWrittenInCapitals() {
        assertThat(keys(("sha256:" + SHA256_OF_ABC).toUpperCase(Locale.ROOT)).matches("abc"))
                .isTrue();
    }

    @Test
    void namesWhoHasARightKeyByItsDigest() {
        AdminKey keys = keys("other,abc");

        assertThat(keys.identify("abc")).contains(SHA256_OF_ABC);
        assertThat(keys.identify("wrong")).isEmpty();
        assertThat(keys.identify(null)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha256:",
                "sha256:hidden",
                "sha256:ba7816",
                "SHA256:ba7816",
                "sha256: " + SHA256_OF_ABC,
                "sha256:" + SHA256_OF_ABC + "00"
            })
    void aMalformedDigestIsToldWithoutBeingShown(String entry) {
        assertThatThrownBy(() -> keys("plain," + entry))
                .isInstanceOf(InvalidSecretException.class)
                .hasMessage("FLASHSALE_ADMIN_KEY, entry 2: "
                        + "expected 64 hexadecimal digits after sha256:, the SHA-256 of a key.");
    }

    @Test
    void aListWithoutAKeyIsNone() {
        assertThatThrownBy(() -> keys(" , ,")).isInstanceOf(InvalidSecretException.class);
    }

    private static AdminKey keys(String configured) {
        return new AdminKey(new Secrets(new Secret(configured), new Secret("id"), List.of(), List.of()));
    }
}
