package io.flashsale.local;

import java.util.List;
import java.util.Locale;

/** Bytes and times, short enough for a table. */
public final class Amounts {

    private static final List<String> BYTE_UNITS = List.of("B", "kB", "MB", "GB", "TB");
    private static final int KILO = 1_000;

    private record Unit(String name, long milliseconds) {}

    private static final List<Unit> TIME_UNITS =
            List.of(new Unit("d", 86_400_000), new Unit("h", 3_600_000), new Unit("min", 60_000), new Unit("s", 1_000));

    private Amounts() {}

    /** For example {@code 340 B} or {@code 1.2 MB}; decimal units. */
    public static String bytes(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= KILO && unit < BYTE_UNITS.size() - 1) {
            amount /= KILO;
            unit++;
        }
        String number = unit == 0 ? Long.toString(bytes) : String.format(Locale.ROOT, "%.1f", amount);
        return number + " " + BYTE_UNITS.get(unit);
    }

    /** In the largest unit that leaves no rest, for example {@code 7 d}, {@code 36 h} or {@code 1500 ms}. */
    public static String time(long milliseconds) {
        return TIME_UNITS.stream()
                .filter(unit -> milliseconds >= unit.milliseconds() && milliseconds % unit.milliseconds() == 0)
                .findFirst()
                .map(unit -> milliseconds / unit.milliseconds() + " " + unit.name())
                .orElse(milliseconds + " ms");
    }
}
