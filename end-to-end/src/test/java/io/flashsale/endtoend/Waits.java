package io.flashsale.endtoend;

import io.flashsale.endtoend.History.Call;
import io.flashsale.endtoend.History.Kind;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** How long callers waited: the times between the answers that they got. */
final class Waits {

    private Waits() {}

    /** Of all these products the longest time without a decided call of a kind, between two moments. */
    static Duration longest(List<Call> calls, Kind kind, Collection<String> products, long from, long to) {
        long longest = 0;
        for (String product : products) {
            long last = from;
            long[] answered = calls.stream()
                    .filter(call -> call.kind() == kind && call.productId().equals(product) && call.isDecided())
                    .mapToLong(Call::endNanos)
                    .filter(end -> end > from && end < to)
                    .sorted()
                    .toArray();
            for (long end : answered) {
                longest = Math.max(longest, end - last);
                last = end;
            }
            longest = Math.max(longest, to - last);
        }
        return Duration.ofMillis(longest / 1_000_000);
    }
}
