package io.flashsale.local.tools;

import io.flashsale.local.audit.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The differences found: all are counted, the first ones are kept. */
final class Findings {

    /** More would not be read by anybody. */
    static final int MAX_KEPT = 1_000;

    private final List<Violation> kept = new ArrayList<>();
    private final Map<String, Integer> byProduct = new HashMap<>();
    private long count;

    void add(Violation violation) {
        count++;
        byProduct.merge(violation.productId(), 1, Integer::sum);
        if (kept.size() < MAX_KEPT) {
            kept.add(violation);
        }
    }

    List<Violation> kept() {
        return List.copyOf(kept);
    }

    long count() {
        return count;
    }

    int countOf(String productId) {
        return byProduct.getOrDefault(productId, 0);
    }
}
