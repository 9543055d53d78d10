package io.flashsale.contracts;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * Every bound of the contract, in one place. The ingress refuses what passes one of them with 422; on a command topic
 * such a record becomes a dead letter.
 */
public final class Limits {

    /** Product ids: 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}. */
    public static final Pattern PRODUCT_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** Currency codes: three capital letters, as ISO 4217 writes them. */
    public static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

    /** Times that a sale may start or end at. */
    public static final Instant MIN_TIME = Instant.parse("2000-01-01T00:00:00Z");

    public static final Instant MAX_TIME = Instant.parse("9999-12-31T23:59:59Z");

    /** Units one hold may take. */
    public static final int MAX_QUANTITY = 1_000_000;

    /** Units a product may have in total. */
    public static final int MAX_TOTAL_STOCK = 1_000_000_000;

    /** Seconds a hold may last: one day. */
    public static final int MAX_HOLD_TTL_SECONDS = 86_400;

    /** Seconds an order may wait for its payment: 30 days. */
    public static final int MAX_PAYMENT_WINDOW_SECONDS = 2_592_000;

    /** Characters of the reason of a stock adjustment. */
    public static final int MAX_REASON_LENGTH = 200;

    /** Characters of a product's name. */
    public static final int MAX_NAME_LENGTH = 200;

    /** Characters of a customer's id. */
    public static final int MAX_CUSTOMER_ID_LENGTH = 128;

    /** Characters of a payment provider's own payment id. */
    public static final int MAX_PAYMENT_ID_LENGTH = 255;

    /** Characters of an idempotency key. */
    public static final int MAX_IDEMPOTENCY_KEY_LENGTH = 255;

    /** The highest price of one unit. */
    public static final BigDecimal MAX_PRICE = new BigDecimal("999999999999.9999");

    /** The highest amount of an order, and so of a payment. */
    public static final BigDecimal MAX_AMOUNT = MAX_PRICE.multiply(BigDecimal.valueOf(MAX_QUANTITY));

    /** Digits behind the point of a price or amount; no currency of ISO 4217 has more. */
    public static final int MAX_MONEY_SCALE = 4;

    /** Bytes of a command's value; a longer one is a dead letter. The ingress takes no longer body either. */
    public static final int MAX_COMMAND_BYTES = 65_536;

    /** Nesting of a command's JSON. Commands are flat; this only leaves room for fields that are ignored. */
    public static final int MAX_JSON_DEPTH = 32;

    /** Payments kept for one order that does not exist yet; a further one is unmatched at once. */
    public static final int MAX_PARKED_PAYMENTS = 16;

    /** Callers that may wait for the outcome of one late payment; a further one is answered by its own timeout. */
    public static final int MAX_LATE_PAYMENT_WAITERS = 100;

    private static final int MAX_PRODUCT_ID_LENGTH = 64;

    private Limits() {}

    /** Whether a text is what {@link #PRODUCT_ID} says; every record is asked, several times. */
    public static boolean isProductId(String text) {
        boolean fits = !text.isEmpty() && text.length() <= MAX_PRODUCT_ID_LENGTH;
        for (int i = 0; fits && i < text.length(); i++) {
            char c = text.charAt(i);
            fits = c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '.'
                    || c == '_'
                    || c == '-';
        }
        return fits;
    }
}
