package io.flashsale.ingress.security;

import io.flashsale.ingress.config.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Who may define products. Keeps only a digest of the key. */
@Component
public final class AdminKey {

    private final byte[] digest;

    AdminKey(Secrets secrets) {
        this.digest = Digests.sha256(secrets.adminKey().bytes());
    }

    /** Whether a caller's key is the right one. Takes the same time for every wrong one. */
    public boolean matches(@Nullable String presented) {
        return presented != null
                && MessageDigest.isEqual(digest, Digests.sha256(presented.getBytes(StandardCharsets.UTF_8)));
    }
}
