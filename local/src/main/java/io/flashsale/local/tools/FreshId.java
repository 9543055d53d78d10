package io.flashsale.local.tools;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Ids of products that nobody has used before, so that no earlier run is in the way. */
final class FreshId {

    private static final int BYTES = 4;

    private FreshId() {}

    static String of(String prefix) {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        return prefix + "-" + HexFormat.of().formatHex(random);
    }
}
