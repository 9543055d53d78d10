package io.flashsale.benchmarks.report;

/** What a figure ought to be. */
public record Target(Bound bound, double value) {

    /** On which side of the target the good figures lie. */
    public enum Bound {
        AT_LEAST("≥"),
        AT_MOST("≤");

        private final String sign;

        Bound(String sign) {
            this.sign = sign;
        }
    }

    boolean isMetBy(double measured) {
        return switch (bound) {
            case AT_LEAST -> measured >= value;
            case AT_MOST -> measured <= value;
        };
    }

    String inWords(Unit unit) {
        return bound.sign + " " + unit.write(value);
    }
}
