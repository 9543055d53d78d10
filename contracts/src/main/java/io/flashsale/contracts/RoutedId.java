package io.flashsale.contracts;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** The common form of {@link HoldId} and {@link OrderId}. */
final class RoutedId {

    static final int RANDOM_BYTES = 16;

    private static final int PREFIX_LENGTH = 2;
    private static final int MAX_LENGTH = PREFIX_LENGTH + ((RANDOM_BYTES + 64) * 4 + 2) / 3;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private RoutedId() {}

    static String encode(String prefix, String productId, byte[] random) {
        if (random.length != RANDOM_BYTES) {
            throw new IllegalArgumentException("Expected " + RANDOM_BYTES + " random bytes, but got " + random.length);
        }
        if (!Limits.isProductId(productId)) {
            throw new IllegalArgumentException("Not a product id: " + productId);
        }
        byte[] product = productId.getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = Arrays.copyOf(random, RANDOM_BYTES + product.length);
        System.arraycopy(product, 0, bytes, RANDOM_BYTES, product.length);
        return prefix + ENCODER.encodeToString(bytes);
    }

    static String body(String id) {
        return id.substring(PREFIX_LENGTH);
    }

    static Optional<String> productOf(String prefix, String id) {
        if (!id.startsWith(prefix) || id.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = DECODER.decode(body(id));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
        if (bytes.length <= RANDOM_BYTES) {
            return Optional.empty();
        }
        String productId = new String(bytes, RANDOM_BYTES, bytes.length - RANDOM_BYTES, StandardCharsets.ISO_8859_1);
        // The last character may carry unused bits: only the canonical text is an id, or one hold would have several.
        boolean canonical = ENCODER.encodeToString(bytes).equals(body(id));
        return canonical && Limits.isProductId(productId) ? Optional.of(productId) : Optional.empty();
    }
}
