package io.flashsale.local.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All holds and orders of one product: those under way with their details, the ended ones packed. */
final class Trails {

    /** End times are kept in seconds since then, which fit into 31 bits until 2088. */
    private static final long EPOCH_SECOND =
            Instant.parse("2020-01-01T00:00:00Z").getEpochSecond();

    private final Coverage coverage;
    private final AuditTerms terms;
    private final Map<TrailKey, Trail> live = new HashMap<>();
    private final CompactTrails ended = new CompactTrails();

    Trails(Coverage coverage, AuditTerms terms) {
        this.coverage = coverage;
        this.terms = terms;
    }

    int liveCount() {
        return live.size();
    }

    int endedCount() {
        return ended.size();
    }

    Map<TrailKey, Trail> live() {
        return live;
    }

    /** What is known, or null. */
    @Nullable
    Trail find(TrailKey key) {
        Trail trail = live.get(key);
        if (trail != null) {
            return trail;
        }
        int packed = ended.value(key);
        return packed == 0 ? null : Trail.unpacked(packed);
    }

    Trail findOrNew(TrailKey key) {
        Trail known = find(key);
        return known == null ? new Trail() : known;
    }

    /** Whether the inventory may have forgotten it by now, so that the same id may be placed anew. */
    boolean mayBeForgotten(TrailKey key, Instant time) {
        int packed = live.containsKey(key) ? 0 : ended.value(key);
        if (packed == 0) {
            return false;
        }
        Duration retention = Trail.unpacked(packed).isRedeemed() ? terms.orderRetention() : terms.keyRetention();
        return time.getEpochSecond() - EPOCH_SECOND - ended.endTime(key) >= retention.toSeconds();
    }

    /** Keeps what an event of this time made of it. */
    void keep(TrailKey key, Trail trail, Instant time) {
        if (!trail.condemned && trail.isSettled(coverage)) {
            live.remove(key);
            ended.put(key, trail.packed(), (int) (time.getEpochSecond() - EPOCH_SECOND));
        } else {
            live.put(key, trail);
        }
    }
}
