package io.flashsale.benchmarks.report;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One measured number.
 *
 * @param what it is, for a person
 * @param value the median where there were several rounds
 * @param rounds what each of them measured; empty where there was one
 * @param target null where nobody has set one
 * @param reference figures of others, to compare with; empty if there are none
 */
public record Figure(
        String what,
        Unit unit,
        double value,
        List<Double> rounds,
        @Nullable Target target,
        String reference) {

    public static Figure of(String what, Unit unit, double value) {
        return new Figure(what, unit, value, List.of(), null, "");
    }

    /** The median of the rounds. */
    public static Figure ofRounds(String what, Unit unit, List<Double> rounds) {
        return new Figure(
                what, unit, Statistics.median(rounds), rounds.size() > 1 ? List.copyOf(rounds) : List.of(), null, "");
    }

    public Figure atLeast(double least) {
        return with(new Target(Target.Bound.AT_LEAST, least), reference);
    }

    public Figure atMost(double most) {
        return with(new Target(Target.Bound.AT_MOST, most), reference);
    }

    public Figure reference(String figuresOfOthers) {
        return with(target, figuresOfOthers);
    }

    /** Null where there is no target. */
    public @Nullable Boolean met() {
        return target == null ? null : target.isMetBy(value);
    }

    String measuredInWords() {
        return unit.write(value);
    }

    String roundsInWords() {
        return rounds.stream().map(unit::write).collect(Collectors.joining("  "));
    }

    String targetInWords() {
        return target == null ? "" : target.inWords(unit) + (target.isMetBy(value) ? ", met" : ", NOT met");
    }

    private Figure with(@Nullable Target newTarget, String newReference) {
        return new Figure(what, unit, value, rounds, newTarget, newReference);
    }
}
