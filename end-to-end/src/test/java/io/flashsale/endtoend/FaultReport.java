package io.flashsale.endtoend;

import io.flashsale.endtoend.History.Call;
import io.flashsale.endtoend.History.Kind;
import io.flashsale.endtoend.Nemesis.Fault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;

/** How long callers waited while something was broken: what a person wants to know of each fault. */
final class FaultReport {

    /**
     * The longest times in seconds without an answer: to holds of any product, to holds and orders of the products whose
     * owners were not struck, and to reads.
     */
    private record Longest(double hold, double untouched, double read) {

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.1f | %.1f | %.1f", hold, untouched, read);
        }
    }

    private final Map<Fault, List<Longest>> faults = new EnumMap<>(Fault.class);

    /**
     * Notes it and says it.
     *
     * @param startNanos when the fault began
     * @param calls that ended since then
     * @param untouched products whose owners the fault does not strike
     */
    void add(Fault fault, long startNanos, List<Call> calls, List<String> products, Set<String> untouched) {
        long now = System.nanoTime();
        ToDoubleBiFunction<Kind, Collection<String>> seconds =
                (kind, of) -> Waits.longest(calls, kind, of, startNanos, now).toMillis() / 1e3;
        Longest longest = new Longest(
                seconds.applyAsDouble(Kind.HOLD, products),
                Math.max(seconds.applyAsDouble(Kind.HOLD, untouched), seconds.applyAsDouble(Kind.ORDER, untouched)),
                seconds.applyAsDouble(Kind.READ, products));
        faults.computeIfAbsent(fault, ignored -> new ArrayList<>()).add(longest);
        System.out.println("faults: " + fault + "  " + longest);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(
                "faults: longest seconds without an answer: holds | holds and orders of products that are not struck | reads\n");
        faults.forEach((fault, each) -> {
            text.append("faults: ").append(fault);
            each.forEach(one -> text.append("  ").append(one));
            text.append('\n');
        });
        return text.toString();
    }
}
