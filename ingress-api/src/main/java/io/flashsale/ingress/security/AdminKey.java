package io.flashsale.ingress.security;

import io.flashsale.ingress.config.InvalidSecretException;
import io.flashsale.ingress.config.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Who may define products. Several keys are good at the same time, so that one can be replaced while both are in use.
 * Keeps only their digests.
 */
@Component
public final class AdminKey {

    /** The header of the key. */
    public static final String HEADER = "X-Api-Key";

    private static final String DIGEST_PREFIX = "sha256:";
    private static final int DIGEST_BYTES = 32;

    private final List<byte[]> digests;

    /**
     * Reads the configured list: each entry is a key, or {@code sha256:} and the digest of one in hex.
     *
     * @throws InvalidSecretException if an entry is no digest though it says so, or there is none at all
     */
    AdminKey(Secrets secrets) {
        List<byte[]> found = new ArrayList<>();
        for (String entry : secrets.adminKey().value().split(",")) {
            if (!entry.isBlank()) {
                found.add(digestOf(entry.strip(), found.size() + 1));
            }
        }
        if (found.isEmpty()) {
            throw new InvalidSecretException("FLASHSALE_ADMIN_KEY has commas but no key.");
        }
        this.digests = List.copyOf(found);
    }

    /** Whether a caller's key is one of the right ones. */
    public boolean matches(@Nullable String presented) {
        return identify(presented).isPresent();
    }

    /**
     * A name for who presents a right key: its digest, so that it can be kept and compared. Takes the same time
     * whichever key matches, and for every wrong one.
     *
     * @return empty if the key is not right
     */
    public Optional<String> identify(@Nullable String presented) {
        if (presented == null) {
            return Optional.empty();
        }
        byte[] digest = Digests.sha256(presented.getBytes(StandardCharsets.UTF_8));
        boolean known = false;
        for (byte[] right : digests) {
            known |= MessageDigest.isEqual(right, digest);
        }
        return known ? Optional.of(HexFormat.of().formatHex(digest)) : Optional.empty();
    }

    /** A digest in other letters must not be taken as a plain key: nobody would have the key it was made of. */
    private static byte[] digestOf(String entry, int number) {
        if (!entry.regionMatches(true, 0, DIGEST_PREFIX, 0, DIGEST_PREFIX.length())) {
            return Digests.sha256(entry.getBytes(StandardCharsets.UTF_8));
        }
        try {
            byte[] digest = HexFormat.of().parseHex(entry.substring(DIGEST_PREFIX.length()));
            if (digest.length == DIGEST_BYTES) {
                return digest;
            }
        } catch (IllegalArgumentException notHex) {
            // Told below, without what was given: it may be a key that somebody put behind the prefix.
        }
        throw new InvalidSecretException("FLASHSALE_ADMIN_KEY, entry " + number
                + ": expected 64 hexadecimal digits after sha256:, the SHA-256 of a key.");
    }
}
