package io.flashsale.ingress.security;

import java.security.MessageDigest;
import java.util.List;
import javax.crypto.Mac;

/** The keys that one sender signs with (HMAC-SHA256): one, or several while they are changed. */
final class HmacKeys {

    private final List<byte[]> keys;

    HmacKeys(List<byte[]> keys) {
        this.keys = List.copyOf(keys);
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    /**
     * Whether one of the signatures was made with one of the keys. Compares in constant time.
     *
     * @param message what was signed, in pieces
     */
    boolean made(List<byte[]> signatures, byte[]... message) {
        return keys.stream().anyMatch(key -> {
            byte[] expected = sign(key, message);
            return signatures.stream().anyMatch(signature -> MessageDigest.isEqual(expected, signature));
        });
    }

    private static byte[] sign(byte[] key, byte[]... message) {
        Mac mac = Digests.hmacSha256(key);
        for (byte[] piece : message) {
            mac.update(piece);
        }
        return mac.doFinal();
    }
}
