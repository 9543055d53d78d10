package io.flashsale.benchmarks;

import java.util.function.IntPredicate;

/** Looks for the highest rate that is sustained: steps of a quarter more until one is not, then once in between. */
final class MostSustained {

    private static final double STEP = 1.25;

    /** Where even less than this is too much, it is called nothing. */
    private static final int LEAST = 50;

    private final int most;
    private final IntPredicate sustains;

    /**
     * A search that is not started yet.
     *
     * @param most rate that the load generator can be asked for
     * @param sustains tries a rate
     */
    MostSustained(int most, IntPredicate sustains) {
        this.most = most;
        this.sustains = sustains;
    }

    /** @return 0 if there is none */
    int find(int first) {
        int good = 0;
        int bad = 0;
        int rate = first;
        while (bad == 0 && rate <= most) {
            if (isSustained(rate)) {
                good = rate;
                rate = (int) (rate * STEP);
            } else {
                bad = rate;
            }
        }
        while (good == 0 && rate >= LEAST) {
            bad = rate;
            rate = (int) (rate / STEP);
            good = isSustained(rate) ? rate : 0;
        }
        int between = (good + bad) / 2;
        return bad > 0 && good > 0 && isSustained(between) ? between : good;
    }

    /** Anything may stall once; what is too much is too much twice. */
    private boolean isSustained(int rate) {
        boolean first = sustains.test(rate);
        return first || sustains.test(rate);
    }
}
