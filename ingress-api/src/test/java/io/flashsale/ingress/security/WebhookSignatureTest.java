package io.flashsale.ingress.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.flashsale.ingress.config.Secret;
import io.flashsale.ingress.config.Secrets;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WebhookSignatureTest {

    private static final byte[] BODY = "{\"order_id\":\"o_1\"}".getBytes(StandardCharsets.UTF_8);

    /** Made with Python's hmac module. */
    private static final String GOOD = "e62b9a6412827982a8ed2e01e65176fb83203de23d53380dc29170a5c11c4af3";

    private final WebhookSignature signature =
            new WebhookSignature(new Secrets(new Secret("admin"), new Secret("id"), new Secret("test-webhook-secret")));

    @ParameterizedTest
    @MethodSource
    void accepts(@Nullable String header, boolean accepted) {
        assertThat(signature.accepts(BODY, header)).isEqualTo(accepted);
    }

    static Stream<Arguments> accepts() {
        return Stream.of(
                arguments(GOOD, true),
                arguments("sha256=" + GOOD, true),
                arguments(GOOD.toUpperCase(Locale.ROOT), true),
                arguments(null, false),
                arguments("", false),
                arguments("sha256=", false),
                arguments("sha1=" + GOOD, false),
                arguments(GOOD.substring(2), false),
                arguments(GOOD + "00", false),
                arguments(GOOD.substring(1), false),
                arguments("00" + GOOD.substring(2), false),
                arguments("not hex", false));
    }

    @Test
    void refusesTheSignatureOfAnotherBody() {
        byte[] other = "{\"order_id\":\"o_2\"}".getBytes(StandardCharsets.UTF_8);

        assertThat(signature.accepts(other, GOOD)).isFalse();
    }

    @Test
    void takesAnythingWithoutASecret() {
        WebhookSignature none = new WebhookSignature(new Secrets(new Secret("admin"), new Secret("id"), null));

        assertThat(none.accepts(BODY, null)).isTrue();
    }
}
