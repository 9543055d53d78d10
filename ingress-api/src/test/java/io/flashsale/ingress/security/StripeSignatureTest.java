package io.flashsale.ingress.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.ingress.Hmac;
import io.flashsale.ingress.config.Secret;
import io.flashsale.ingress.config.Secrets;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In the tables NOW is the time, GOOD its right signature, OTHER that of another secret. */
class StripeSignatureTest {

    private static final String TEXT = "{\"id\":\"evt_1\"}";
    private static final byte[] BODY = TEXT.getBytes(StandardCharsets.UTF_8);
    private static final String SECRET = "whsec_5f2f8c1e0f1b4f7f9d3e0a6c4b2d8e7f";
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private static final long SECONDS = NOW.getEpochSecond();

    private static final String INCOMPLETE = "Expected t and v1 in the header Stripe-Signature.";
    private static final String STALE =
            "Expected a time in t of Stripe-Signature that is at most 300 seconds from now.";
    private static final String UNSIGNED = "Expected a signature of t and body in v1 of Stripe-Signature.";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "t=NOW,v1=GOOD",
                "v1=GOOD,t=NOW",
                "t=NOW,v1=GOOD,v0=OTHER",
                "t=NOW,v1=OTHER,v1=GOOD",
                "t=NOW,v1=GOOD,v1=OTHER",
                "t=NOW,v1=,v1=nonsense,v1=GOOD",
                "t=NOW,,nonsense,v2=,v1=GOOD,",
            })
    void takesAGoodSignatureAmongOthers(String header) {
        assertThat(objection(BODY, header, SECRET)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "t=NOW,v1=OTHER",
                "t=NOW,v1=",
                "t=NOW,v1=nonsense",
                "t=NOW,v1=GOOD00",
                "t=NOW,v1=00GOOD",
                "t=NOW,v1= GOOD",
                "t=NOW,v1=GOOD=",
            })
    void refusesAWrongSignature(String header) {
        assertThat(objection(BODY, header, SECRET)).contains(UNSIGNED);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                "nonsense",
                "GOOD",
                "v1=GOOD",
                "t=NOW",
                "t=NOW,v0=GOOD",
                "t=NOW,v1",
                "t=NOW;v1=GOOD",
                "T=NOW,V1=GOOD",
                "t=NOW,t=NOW,v1=GOOD",
                "t=1,t=NOW,v1=GOOD",
            })
    void refusesAHeaderThatIsNone(@Nullable String header) {
        assertThat(objection(BODY, header, SECRET)).contains(INCOMPLETE);
    }

    @ParameterizedTest
    @CsvSource({"-301,false", "-300,true", "-1,true", "0,true", "299,true", "300,true", "301,false", "86400,false"})
    void takesASignatureOfFiveMinutes(long seconds, boolean taken) {
        assertThat(objection(BODY, header(SECONDS + seconds, SECRET, BODY), SECRET))
                .isEqualTo(taken ? Optional.empty() : Optional.of(STALE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "now", "-5", "1e9", "99999999999999999999", " NOW", "NOW "})
    void refusesATimeThatIsNone(String time) {
        assertThat(objection(BODY, "t=" + time + ",v1=GOOD", SECRET)).contains(STALE);
    }

    @Test
    void refusesATruncatedHeader() {
        String good = header(SECONDS, SECRET, BODY);

        for (int length = 0; length < good.length(); length++) {
            assertThat(objection(BODY, good.substring(0, length), SECRET)).isPresent();
        }
    }

    @Test
    void signsTimeAndBody() {
        String good = header(SECONDS, SECRET, BODY);

        assertThat(objection("{}".getBytes(StandardCharsets.UTF_8), good, SECRET))
                .contains(UNSIGNED);
        assertThat(objection(BODY, good.replace("t=" + SECONDS, "t=" + (SECONDS + 1)), SECRET))
                .contains(UNSIGNED);
    }

    @Test
    void signsTheBytesThatCame() {
        byte[] body = {'{', (byte) 0xff, '}'};

        assertThat(objection(body, header(SECONDS, SECRET, body), SECRET)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"whsec_new", SECRET})
    void takesASignatureOfEachActiveSecret(String secret) {
        assertThat(objection(BODY, header(SECONDS, secret, BODY), "whsec_new", SECRET))
                .isEmpty();
        assertThat(objection(BODY, header(SECONDS, secret, BODY), "whsec_retired"))
                .contains(UNSIGNED);
    }

    @Test
    void withoutASecretItIsOffAndBelievesNothing() {
        assertThat(signature(SECRET).isSwitchedOn()).isTrue();
        assertThat(signature().isSwitchedOn()).isFalse();
        assertThat(objection(BODY, "t=NOW,v1=GOOD")).isPresent();
    }

    private static Optional<String> objection(byte[] body, @Nullable String header, String... secrets) {
        String filled = header == null
                ? null
                : header.replace("NOW", Long.toString(SECONDS))
                        .replace("GOOD", Hmac.hex(SECRET, SECONDS + "." + TEXT))
                        .replace("OTHER", Hmac.hex("whsec_other", SECONDS + "." + TEXT));
        return signature(secrets).objection(body, filled);
    }

    private static StripeSignature signature(String... secrets) {
        List<Secret> stripeSecrets = Arrays.stream(secrets).map(Secret::new).toList();
        Secrets all = new Secrets(new Secret("admin"), new Secret("id"), List.of(), stripeSecrets);
        return new StripeSignature(all, InstantSource.fixed(NOW));
    }

    private static String header(long time, String secret, byte[] body) {
        byte[] key = secret.getBytes(StandardCharsets.UTF_8);
        byte[] start = (time + ".").getBytes(StandardCharsets.UTF_8);
        return "t=" + time + ",v1=" + HexFormat.of().formatHex(Hmac.sha256(key, start, body));
    }
}
