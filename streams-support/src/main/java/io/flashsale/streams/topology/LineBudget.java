package io.flashsale.streams.topology;

/** How many lines a log gets in a second of what somebody else may cause as often as he likes. The rest is counted. */
final class LineBudget {

    private final int perSecond;
    private long second = Long.MIN_VALUE;
    private int taken;
    private long leftOut;

    LineBudget(int perSecond) {
        this.perSecond = perSecond;
    }

    synchronized boolean take(long millis) {
        if (second != Math.floorDiv(millis, 1_000)) {
            second = Math.floorDiv(millis, 1_000);
            taken = 0;
        }
        if (taken == perSecond) {
            leftOut++;
            return false;
        }
        taken++;
        return true;
    }

    /** How many lines were not taken since this was asked last. */
    synchronized long leftOut() {
        long number = leftOut;
        leftOut = 0;
        return number;
    }
}
