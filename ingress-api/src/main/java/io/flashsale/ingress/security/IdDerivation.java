package io.flashsale.ingress.security;

import io.flashsale.contracts.HoldId;
import io.flashsale.ingress.config.Secrets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Makes ids that nobody can guess. With an idempotency key the id is derived from it with a secret that all ingress
 * instances share: a retry through any of them names the same hold, and still nobody can compute somebody else's.
 */
@Component
public final class IdDerivation {

    private static final int RANDOM_BYTES = 16;

    private final SecureRandom random = new SecureRandom();
    private final byte[] secret;

    IdDerivation(Secrets secrets) {
        this.secret = secrets.idSecret().bytes();
    }

    /** An id for a hold nobody has asked for before. */
    public String newHoldId(String productId) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return HoldId.of(productId, bytes);
    }

    /** The id of the hold that this caller asks for with this key. */
    public String holdId(String productId, @Nullable String customerId, String idempotencyKey) {
        byte[] bytes = hmac("holds", customerId == null ? "" : customerId, productId, idempotencyKey);
        return HoldId.of(productId, Arrays.copyOf(bytes, RANDOM_BYTES));
    }

    /** The key of an order in the form it travels: opaque, of one length, and useless to who reads the topic. */
    public String orderKey(String productId, String idempotencyKey) {
        return key("orders", "", productId, idempotencyKey);
    }

    /** The key of an extension in the form it travels; each hold has keys of its own. */
    public String extensionKey(String holdId, String idempotencyKey) {
        return key("extensions", "", holdId, idempotencyKey);
    }

    /** The key of a stock adjustment in the form it travels. */
    public String adjustmentKey(String productId, String idempotencyKey) {
        return key("adjustments", "", productId, idempotencyKey);
    }

    private String key(String... parts) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hmac(parts));
    }

    private byte[] hmac(String... parts) {
        Mac mac = Digests.hmacSha256(secret);
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            // The length stands before each part, or ("a", "bc") and ("ab", "c") would be the same.
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
            mac.update(bytes);
        }
        return mac.doFinal();
    }
}
