package io.flashsale.ingress.config;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A configured secret. Its text form hides it, so that settings can be logged.
 *
 * @param value as configured
 */
public record Secret(String value) {

    /** How Standard Webhooks marks a secret that is a key in base64. */
    private static final String KEY_PREFIX = "whsec_";

    /** Spring converts a property's text with this method. */
    public static Secret of(String value) {
        return new Secret(value);
    }

    /** The bytes of the text as it is. */
    public byte[] bytes() {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The key of the Standard Webhooks form {@code whsec_<base64>}; of any other text, its own bytes.
     *
     * @throws IllegalArgumentException if there is no base64 behind {@code whsec_}
     */
    public byte[] webhookKey() {
        if (!value.startsWith(KEY_PREFIX)) {
            return bytes();
        }
        byte[] key = Base64.getDecoder().decode(value.substring(KEY_PREFIX.length()));
        if (key.length == 0) {
            throw new IllegalArgumentException("Expected a key behind " + KEY_PREFIX);
        }
        return key;
    }

    boolean isBlank() {
        return value.isBlank();
    }

    @Override
    public String toString() {
        return "***";
    }
}
