package io.flashsale.endtoend;

import io.flashsale.endtoend.History.Call;
import io.flashsale.endtoend.History.Kind;
import io.flashsale.endtoend.Nemesis.Fault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** How long callers waited while something was broken: what a person wants to know of each fault. */
final class FaultReport {

    private static final Set<Kind> DECISIONS = EnumSet.of(Kind.HOLD, Kind.ORDER);

    /**
     * The longest times in seconds without an answer: to holds of any product, to holds and orders of the products whose
     * owners were not struck, and to reads.
     */
    private record Waits(double hold, double untouched, double read) {}

    private final Map<Fault, List<Waits>> waits = new EnumMap<>(Fault.class);

    /**
     * @param startNanos when the fault began
     * @param calls that ended since then
     * @param untouched products whose owners the fault does not strike
     */
    void add(Fault fault, long startNanos, List<Call> calls, List<String> products, Set<String> untouched) {
        waits.computeIfAbsent(fault, ignored -> new ArrayList<>())
                .add(new Waits(
                        longest(calls, Set.of(Kind.HOLD), products, startNanos),
                        longest(calls, DECISIONS, untouched, startNanos),
                        longest(calls, Set.of(Kind.READ), products, startNanos)));
    }

    /** Of all these products the longest time without an answer. */
    private static double longest(List<Call> calls, Set<Kind> kinds, Collection<String> products, long from) {
        long longest = 0;
        for (String product : products) {
            for (Kind kind : kinds) {
                long last = from;
                long[] answered = calls.stream()
                        .filter(call -> call.kind() == kind && call.productId().equals(product) && call.isDecided())
                        .mapToLong(Call::endNanos)
                        .filter(end -> end > from)
                        .sorted()
                        .toArray();
                for (long end : answered) {
                    longest = Math.max(longest, end - last);
                    last = end;
                }
            }
        }
        return longest / 1e9;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(
                "faults: longest seconds without an answer: holds | holds and orders of products that are not struck | reads\n");
        waits.forEach((fault, each) -> {
            text.append("faults: ").append(fault);
            each.forEach(one -> text.append(
                    String.format(Locale.ROOT, "  %.1f | %.1f | %.1f", one.hold(), one.untouched(), one.read())));
            text.append('\n');
        });
        return text.toString();
    }
}
