package io.flashsale.model;

import io.flashsale.model.Auditor.Rule;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A rule is broken. */
final class Breach extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private final transient Rule rule;

    Breach(Rule rule, String what) {
        super(what);
        this.rule = rule;
    }

    Rule rule() {
        return rule;
    }

    /** @param what the parts of a sentence, put together only if it has to be said */
    static void require(boolean holds, Rule rule, Object... what) {
        if (!holds) {
            throw new Breach(rule, Stream.of(what).map(String::valueOf).collect(Collectors.joining()));
        }
    }
}
