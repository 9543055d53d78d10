package io.flashsale.benchmarks.report;

/** What a figure counts, and how it is written for a person. */
public enum Unit {
    PER_SECOND("%,.0f/s"),
    MILLIS("%,.1f ms"),
    SECONDS("%,.1f s"),
    CPU_SECONDS("%.3f s"),
    TIMES("%,.1f ×"),
    PERCENT("%,.0f %%"),
    COUNT("%,.0f"),
    MEGABYTES("%,.0f MB");

    private final String format;

    Unit(String format) {
        this.format = format;
    }

    String write(double value) {
        return format.formatted(value);
    }
}
