package io.flashsale.ingress.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.ingress.config.Secret;
import io.flashsale.ingress.config.Secrets;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdminKeyTest {

    private final AdminKey key =
            new AdminKey(new Secrets(new Secret("right-key"), new Secret("id"), List.of(), List.of()));

    @Test
    void onlyTheRightKeyMatches() {
        assertThat(key.matches("right-key")).isTrue();
        assertThat(key.matches("wrong-key")).isFalse();
        assertThat(key.matches("right-key ")).isFalse();
        assertThat(key.matches("")).isFalse();
        assertThat(key.matches(null)).isFalse();
    }
}
