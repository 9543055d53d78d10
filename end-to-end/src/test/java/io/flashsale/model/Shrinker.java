package io.flashsale.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Makes a failing history short: removes ever smaller pieces of it as long as it still fails (delta debugging). */
final class Shrinker {

    private static final int MAX_RUNS = 5_000;

    private Shrinker() {}

    static <T> List<T> shrink(List<T> failing, Predicate<List<T>> fails) {
        List<T> shortest = List.copyOf(failing);
        int piece = Math.max(1, shortest.size() / 2);
        int runs = 0;
        boolean shorter = false;
        int from = 0;
        while (runs < MAX_RUNS) {
            if (from >= shortest.size()) {
                if (piece == 1 && !shorter) {
                    return shortest;
                }
                piece = Math.max(1, piece / 2);
                from = 0;
                shorter = false;
                continue;
            }
            List<T> without = without(shortest, from, piece);
            runs++;
            if (fails.test(without)) {
                shortest = without;
                shorter = true;
            } else {
                from += piece;
            }
        }
        return shortest;
    }

    private static <T> List<T> without(List<T> all, int from, int count) {
        List<T> rest = new ArrayList<>(all.subList(0, from));
        rest.addAll(all.subList(Math.min(all.size(), from + count), all.size()));
        return rest;
    }
}
