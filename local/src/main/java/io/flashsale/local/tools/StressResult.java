package io.flashsale.local.tools;

import io.flashsale.local.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What {@code stress} saw.
 *
 * @param accepted buyers who got a hold
 * @param refused the others, by code
 * @param undecided buyers who never got a decision, by what they got last
 * @param paid buyers whose order is paid; null if nobody was to pay
 * @param unpaid by what was answered instead
 * @param left units that are available in the end
 * @param reserved units that are held or ordered
 * @param medianMs of the holds' first answers
 * @param events what the product's events say; null if they were not read
 * @param eventsNote one sentence if they were not read
 */
record StressResult(
        String productId,
        int buyers,
        int stock,
        int quantity,
        int accepted,
        SortedMap<String, Integer> refused,
        SortedMap<String, Integer> undecided,
        @Nullable Integer paid,
        SortedMap<String, Integer> unpaid,
        long left,
        long reserved,
        long sold,
        double medianMs,
        double p99Ms,
        @Nullable VerifyResult events,
        String eventsNote) {

    private static final String INSUFFICIENT = "insufficient-stock";

    int unknown() {
        return sum(undecided);
    }

    /** Everything that is not as promised, a sentence each; empty if all is well. */
    List<String> objections() {
        List<String> objections = new ArrayList<>();
        long taken = (long) accepted * quantity;
        long most = (long) (accepted + unknown()) * quantity;
        if (taken > stock || left < 0) {
            objections.add(
                    "Oversold: %,d × %,d were accepted, but there were only %,d.".formatted(accepted, quantity, stock));
        } else if (taken + left > stock || most + left < stock) {
            objections.add("Units do not add up: %,d × %,d accepted and %,d left are not %,d."
                    .formatted(accepted, quantity, left, stock));
        }
        if (left + reserved + sold != stock) {
            objections.add("The stock does not add up: %,d left, %,d reserved and %,d sold are not %,d."
                    .formatted(left, reserved, sold, stock));
        }
        if (refused.containsKey(INSUFFICIENT) && left >= quantity && unknown() == 0) {
            objections.add(
                    "%,d were refused for lack of stock, but %,d are left.".formatted(refused.get(INSUFFICIENT), left));
        }
        if (paid != null && unknown() == 0 && unpaid.isEmpty() && sold != (long) paid * quantity) {
            objections.add("%,d × %,d were paid, but %,d are sold.".formatted(paid, quantity, sold));
        }
        if (events != null && events.verdict() == VerifyResult.Verdict.DIFFERENT) {
            objections.add("The events show %,d differences.".formatted(events.differences()));
        }
        return objections;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        Table table = new Table("outcome", "buyers").numbers(1).row("accepted", number(accepted));
        refused.forEach((code, count) -> table.row("refused: " + code, number(count)));
        table.row("unknown", number(unknown()));
        if (paid != null) {
            table.row("paid", number(paid));
            unpaid.forEach((code, count) -> table.row("not paid: " + code, number(count)));
        }
        lines.addAll(table.lines());
        lines.add("");
        lines.addAll(new Table("units", "left", "reserved", "sold", "median", "p99")
                .numbers(0, 1, 2, 3, 4, 5)
                .row(number(stock), number(left), number(reserved), number(sold), millis(medianMs), millis(p99Ms))
                .lines());
        lines.add("");
        if (events == null) {
            lines.add("The events were not checked: " + eventsNote);
        } else {
            events.findings().forEach(each -> lines.add(VerifyResult.line(each)));
            lines.add("%,d events checked, %,d differences.".formatted(events.eventCount(), events.differences()));
        }
        switch (verdict()) {
            case EXACT ->
                lines.add("Exact: " + number(accepted) + " × " + number(quantity) + " accepted + " + number(left)
                        + " left = " + number(stock) + ".");
            case WRONG -> lines.addAll(objections());
            case INCONCLUSIVE -> doubts().forEach(doubt -> lines.add("Inconclusive: " + doubt));
        }
        return lines;
    }

    enum Verdict {
        EXACT,
        WRONG,
        /** Nothing is wrong, but too little is known to call it right. */
        INCONCLUSIVE
    }

    Verdict verdict() {
        if (!objections().isEmpty()) {
            return Verdict.WRONG;
        }
        return doubts().isEmpty() ? Verdict.EXACT : Verdict.INCONCLUSIVE;
    }

    /** Why nothing wrong does not mean right, a sentence each; empty if everybody raced and all ends are known. */
    List<String> doubts() {
        List<String> doubts = new ArrayList<>();
        if (!undecided.isEmpty()) {
            doubts.add(buyers(undecided, "never got a decision") + "; nothing contradicts the others.");
        }
        SortedMap<String, Integer> others = new TreeMap<>(refused);
        others.remove(INSUFFICIENT);
        if (!others.isEmpty()) {
            doubts.add(buyers(others, "were refused, but not for lack of stock") + ": they did not race.");
        }
        if (!unpaid.isEmpty()) {
            doubts.add(buyers(unpaid, "who got a hold have not paid") + ".");
        }
        return doubts;
    }

    /** "3 buyers did this (2 × one-code, 1 × another)". */
    private static String buyers(SortedMap<String, Integer> byCode, String what) {
        return byCode.entrySet().stream()
                .map(each -> number(each.getValue()) + " × " + each.getKey())
                .collect(Collectors.joining(", ", number(sum(byCode)) + " buyers " + what + " (", ")"));
    }

    private static int sum(SortedMap<String, Integer> byCode) {
        return byCode.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, "%,.1f ms", millis);
    }

    /** What {@code --json} prints. */
    record Document(
            String verdict,
            List<String> objections,
            List<String> doubts,
            String productId,
            int buyers,
            int stock,
            int quantity,
            int accepted,
            SortedMap<String, Integer> refused,
            int unknown,
            @Nullable Integer paid,
            long left,
            long reserved,
            long sold,
            double medianMs,
            double p99Ms,
            VerifyResult.@Nullable Document events) {}

    Document document() {
        return new Document(
                verdict().name().toLowerCase(Locale.ROOT),
                objections(),
                doubts(),
                productId,
                buyers,
                stock,
                quantity,
                accepted,
                refused,
                unknown(),
                paid,
                left,
                reserved,
                sold,
                medianMs,
                p99Ms,
                events == null ? null : events.document());
    }
}
