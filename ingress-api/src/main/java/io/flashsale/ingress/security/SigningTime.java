package io.flashsale.ingress.security;

import java.time.InstantSource;
import java.util.regex.Pattern;

/** Whether something was signed just now. Of an older signature nobody knows who has copied it meanwhile. */
final class SigningTime {

    /** What Standard Webhooks and Stripe both allow, for slow deliveries and clocks that differ. */
    static final long TOLERANCE_SECONDS = 300;

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,18}");

    private final InstantSource clock;

    SigningTime(InstantSource clock) {
        this.clock = clock;
    }

    /** @param timestamp seconds since 1970, as the sender wrote them */
    boolean isNow(String timestamp) {
        return SECONDS.matcher(timestamp).matches()
                && Math.abs(clock.instant().getEpochSecond() - Long.parseLong(timestamp)) <= TOLERANCE_SECONDS;
    }
}
