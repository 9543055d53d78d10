package io.flashsale.ingress.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.standardwebhooks.Webhook;
import io.flashsale.ingress.Hmac;
import io.flashsale.ingress.config.Secret;
import io.flashsale.ingress.config.Secrets;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Standard Webhooks are signed by the standard's own library. */
class WebhookSignatureTest {

    private static final String TEXT = "{\"order_id\":\"o_1\"}";
    private static final byte[] BODY = TEXT.getBytes(StandardCharsets.UTF_8);

    /** Made with Python's hmac module, of the body and the key {@code test-webhook-secret}. */
    private static final String GOOD = "e62b9a6412827982a8ed2e01e65176fb83203de23d53380dc29170a5c11c4af3";

    private static final String PLAIN = "test-webhook-secret";
    private static final String WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private static final long SECONDS = NOW.getEpochSecond();
    private static final String ID = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W";

    private static final String ALL_THREE =
            "Expected all of the headers webhook-id, webhook-timestamp and webhook-signature.";
    private static final String STALE = "Expected a time in webhook-timestamp that is at most 300 seconds from now.";
    private static final String UNSIGNED =
            "Expected a v1 signature of webhook-id, webhook-timestamp and body in webhook-signature.";
    private static final String NONE =
            "Expected a signature: the headers webhook-id, webhook-timestamp and webhook-signature, or X-Webhook-Signature.";
    private static final String WRONG = "Expected the hex HMAC-SHA256 of the body in X-Webhook-Signature.";

    // X-Webhook-Signature

    @ParameterizedTest
    @MethodSource
    void checksTheHexOfTheBody(@Nullable String header, @Nullable String objection) {
        Map<String, String> headers = header == null ? Map.of() : Map.of("X-Webhook-Signature", header);

        assertThat(objection(BODY, headers, PLAIN)).isEqualTo(Optional.ofNullable(objection));
    }

    static Stream<Arguments> checksTheHexOfTheBody() {
        return Stream.of(
                arguments(GOOD, null),
                arguments("sha256=" + GOOD, null),
                arguments(GOOD.toUpperCase(Locale.ROOT), null),
                arguments(null, NONE),
                arguments("", WRONG),
                arguments("sha256=", WRONG),
                arguments("sha1=" + GOOD, WRONG),
                arguments(GOOD.substring(2), WRONG),
                arguments(GOOD + "00", WRONG),
                arguments(GOOD.substring(1), WRONG),
                arguments("00" + GOOD.substring(2), WRONG),
                arguments("not hex", WRONG));
    }

    @Test
    void refusesTheHexOfAnotherBody() {
        byte[] other = "{\"order_id\":\"o_2\"}".getBytes(StandardCharsets.UTF_8);

        assertThat(objection(other, Map.of("X-Webhook-Signature", GOOD), PLAIN)).contains(WRONG);
    }

    @ParameterizedTest
    @CsvSource({
        "test-webhook-secret,test-webhook-secret;another",
        "test-webhook-secret,another;test-webhook-secret",
        "test-webhook-secret," + WHSEC + ";test-webhook-secret",
    })
    void takesTheHexOfEachActiveSecret(String key, String secrets) {
        assertThat(objection(BODY, Map.of("X-Webhook-Signature", Hmac.hex(key, TEXT)), secrets.split(";")))
                .isEmpty();
    }

    @Test
    void theKeyOfAWhsecSecretIsWhatItsBase64Says() {
        byte[] key = Base64.getDecoder().decode(WHSEC.substring(6));
        String header = HexFormat.of().formatHex(Hmac.sha256(key, BODY));

        assertThat(objection(BODY, Map.of("X-Webhook-Signature", header), WHSEC))
                .isEmpty();
        assertThat(objection(BODY, Map.of("X-Webhook-Signature", Hmac.hex(WHSEC, TEXT)), WHSEC))
                .contains(WRONG);
    }

    // Standard Webhooks

    @ParameterizedTest
    @ValueSource(strings = {WHSEC, PLAIN})
    void takesWhatTheStandardsLibrarySigns(String secret) throws Exception {
        assertThat(objection(BODY, standard(SECONDS, sign(secret, SECONDS)), secret))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"-301,false", "-300,true", "-1,true", "0,true", "299,true", "300,true", "301,false", "86400,false"})
    void takesASignatureOfFiveMinutes(long seconds, boolean taken) throws Exception {
        long time = SECONDS + seconds;

        assertThat(objection(BODY, standard(time, sign(WHSEC, time)), WHSEC))
                .isEqualTo(taken ? Optional.empty() : Optional.of(STALE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "now", "-5", "+1763632800", "1e9", "1763632800.0", "99999999999999999999", " 1"})
    void refusesATimeThatIsNone(String timestamp) throws Exception {
        Map<String, String> headers = standard(SECONDS, sign(WHSEC, SECONDS));
        headers.put("webhook-timestamp", timestamp);

        assertThat(objection(BODY, headers, WHSEC)).contains(STALE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GOOD OTHER",
                "OTHER GOOD",
                "v1a,AAAA GOOD",
                "v2,AAAA  GOOD",
                "garbage GOOD",
                "v1,% GOOD",
                "GOOD "
            })
    void takesOneGoodSignatureOfSeveral(String signatures) throws Exception {
        String header = signatures.replace("GOOD", sign(WHSEC, SECONDS)).replace("OTHER", sign(PLAIN, SECONDS));

        assertThat(objection(BODY, standard(SECONDS, header), WHSEC)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "v1", "v1,", "v1,%", "garbage", "BASE64", "v1=BASE64", "v2,BASE64", "v1a,BASE64"})
    void refusesASignatureThatIsNone(String signature) throws Exception {
        String header = signature.replace("BASE64", sign(WHSEC, SECONDS).substring(3));

        assertThat(objection(BODY, standard(SECONDS, header), WHSEC)).contains(UNSIGNED);
    }

    @Test
    void refusesATruncatedSignature() throws Exception {
        String good = sign(WHSEC, SECONDS);

        for (int length = 0; length < good.length() - 1; length++) {
            assertThat(objection(BODY, standard(SECONDS, good.substring(0, length)), WHSEC))
                    .contains(UNSIGNED);
        }
    }

    @Test
    void signsIdTimeAndBody() throws Exception {
        String good = sign(WHSEC, SECONDS);
        Map<String, String> otherId = standard(SECONDS, good);
        otherId.put("webhook-id", "msg_2");

        assertThat(objection("{}".getBytes(StandardCharsets.UTF_8), standard(SECONDS, good), WHSEC))
                .contains(UNSIGNED);
        assertThat(objection(BODY, standard(SECONDS + 1, good), WHSEC)).contains(UNSIGNED);
        assertThat(objection(BODY, otherId, WHSEC)).contains(UNSIGNED);
        assertThat(objection(BODY, standard(SECONDS, good), PLAIN)).contains(UNSIGNED);
    }

    @ParameterizedTest
    @ValueSource(strings = {WHSEC, "new-one", PLAIN})
    void takesASignatureOfEachActiveSecret(String secret) throws Exception {
        Map<String, String> headers = standard(SECONDS, sign(secret, SECONDS));

        assertThat(objection(BODY, headers, "new-one", WHSEC, PLAIN)).isEmpty();
        assertThat(objection(BODY, headers, "retired")).contains(UNSIGNED);
    }

    @Test
    void takesNoBytesThatAreNoText() {
        byte[] body = {'{', (byte) 0xff, '}'};
        byte[] start = (ID + "." + SECONDS + ".").getBytes(StandardCharsets.UTF_8);
        byte[] key = PLAIN.getBytes(StandardCharsets.UTF_8);
        String signature = "v1," + Base64.getEncoder().encodeToString(Hmac.sha256(key, start, body));
        String ofReplacement = "v1,"
                + Base64.getEncoder()
                        .encodeToString(Hmac.sha256(key, start, "{\ufffd}".getBytes(StandardCharsets.UTF_8)));

        assertThat(objection(body, standard(SECONDS, signature), PLAIN)).contains(UNSIGNED);
        assertThat(objection(body, standard(SECONDS, ofReplacement), PLAIN)).contains(UNSIGNED);
    }

    @Test
    void signsAsTheStandardSaysAndNotOnlyAsItsLibraryDoes() {
        byte[] start = (ID + "." + SECONDS + ".").getBytes(StandardCharsets.UTF_8);
        String signature = "v1,"
                + Base64.getEncoder().encodeToString(Hmac.sha256(PLAIN.getBytes(StandardCharsets.UTF_8), start, BODY));

        assertThat(objection(BODY, standard(SECONDS, signature), PLAIN)).isEmpty();
    }

    // Which of them counts

    @ParameterizedTest
    @ValueSource(strings = {"webhook-id", "webhook-timestamp", "webhook-signature"})
    void needsAllHeadersOfTheStandard(String missing) throws Exception {
        Map<String, String> headers = standard(SECONDS, sign(PLAIN, SECONDS));
        headers.remove(missing);
        headers.put("X-Webhook-Signature", GOOD);

        assertThat(objection(BODY, headers, PLAIN)).contains(ALL_THREE);
    }

    @Test
    void holdsASenderOfBothToTheStandard() throws Exception {
        Map<String, String> wrongHex = standard(SECONDS, sign(PLAIN, SECONDS));
        wrongHex.put("X-Webhook-Signature", "00");
        Map<String, String> stale = standard(SECONDS - 301, sign(PLAIN, SECONDS - 301));
        stale.put("X-Webhook-Signature", GOOD);
        Map<String, String> wrongStandard = standard(SECONDS, "v1,AAAA");
        wrongStandard.put("X-Webhook-Signature", GOOD);

        assertThat(objection(BODY, wrongHex, PLAIN)).isEmpty();
        assertThat(objection(BODY, stale, PLAIN)).contains(STALE);
        assertThat(objection(BODY, wrongStandard, PLAIN)).contains(UNSIGNED);
    }

    @Test
    void anIdAloneIsAnIdempotencyKeyAndNoScheme() {
        assertThat(objection(BODY, Map.of("webhook-id", ID, "X-Webhook-Signature", GOOD), PLAIN))
                .isEmpty();
        assertThat(objection(BODY, Map.of("webhook-id", ID), PLAIN)).contains(NONE);
    }

    @Test
    void takesAnythingWithoutASecret() {
        assertThat(objection(BODY, Map.of())).isEmpty();
        assertThat(objection(BODY, standard(0, "v1,AAAA"))).isEmpty();
    }

    private static Optional<String> objection(byte[] body, Map<String, String> headers, String... secrets) {
        List<Secret> webhookSecrets = Arrays.stream(secrets).map(Secret::new).toList();
        Secrets all = new Secrets(new Secret("admin"), new Secret("id"), webhookSecrets, List.of());
        return new WebhookSignature(all, InstantSource.fixed(NOW)).objection(body, headers::get);
    }

    private static Map<String, String> standard(long timestamp, String signature) {
        return new TreeMap<>(Map.of(
                "webhook-id", ID, "webhook-timestamp", Long.toString(timestamp), "webhook-signature", signature));
    }

    private static String sign(String secret, long timestamp) throws Exception {
        Webhook webhook = secret.startsWith("whsec_")
                ? new Webhook(secret)
                : new Webhook(secret.getBytes(StandardCharsets.UTF_8));
        return webhook.sign(ID, timestamp, TEXT);
    }
}
