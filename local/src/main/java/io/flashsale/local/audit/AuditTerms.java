package io.flashsale.local.audit;

import java.time.Duration;

/**
 * What the books must know beside the events.
 *
 * @param keyRetention after which the inventory may have forgotten a hold that was released or expired, so that its id may
 *     be placed anew
 * @param orderRetention the same for the hold of an order that ended
 * @param maxLive holds and orders under way in one partition that the books keep; one more is a {@link BooksFullException}
 * @param maxEnded ended ones that they remember
 */
public record AuditTerms(Duration keyRetention, Duration orderRetention, int maxLive, int maxEnded) {

    /** The pipeline's own defaults, and books that fit into half a gigabyte. */
    public static final AuditTerms DEFAULTS =
            new AuditTerms(Duration.ofHours(24), Duration.ofDays(30), 500_000, 5_000_000);
}
