package io.flashsale.local.audit;

import java.time.Instant;
import java.util.function.Consumer;

/** One event's place in its log, and where to say what is wrong with it. */
record Entry(String productId, Position at, Instant time, Consumer<Violation> findings) {

    void report(Rule rule, String what) {
        findings.accept(new Violation(rule, productId, at, what));
    }

    /** Whether it holds; if not, it is reported. */
    boolean require(boolean holds, Rule rule, String what) {
        if (!holds) {
            report(rule, what);
        }
        return holds;
    }
}
