package io.flashsale.contracts;

import java.util.Optional;

/**
 * Ids of holds: {@code h_} and the base64url form (RFC 4648 section 5, unpadded) of 16 random bytes followed by the
 * product id. The id says which product it belongs to, so that a command that carries nothing else can be keyed; the
 * 128 random bits make it a capability that cannot be guessed.
 */
public final class HoldId {

    private static final String PREFIX = "h_";

    private HoldId() {}

    /**
     * Makes the id of a hold.
     *
     * @param productId the product, as in {@link Limits#PRODUCT_ID}
     * @param random {@value RoutedId#RANDOM_BYTES} bytes, random or derived with a secret
     */
    public static String of(String productId, byte[] random) {
        return RoutedId.encode(PREFIX, productId, random);
    }

    /** The hold an order was made of: one hold, one order. */
    public static String ofOrder(String orderId) {
        return PREFIX + RoutedId.body(orderId);
    }

    /** The product an id belongs to, or empty if the text is no id of a hold. */
    public static Optional<String> productOf(String holdId) {
        return RoutedId.productOf(PREFIX, holdId);
    }
}
