package io.flashsale.ingress.config;

/**
 * A configured secret. Its text form hides it, so that settings can be logged.
 *
 * @param value as configured
 */
public record Secret(String value) {

    /** Spring converts a property's text with this method. */
    public static Secret of(String value) {
        return new Secret(value);
    }

    @Override
    public String toString() {
        return "***";
    }
}
