package io.flashsale.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What belongs together: one table.
 *
 * @param name for programs
 * @param title for a person
 * @param figures by their names for programs, in the order of the table
 * @param notes sentences below the table
 * @param failed whether a note says that the result does not count
 */
public record Section(
        String name, String title, Map<String, Figure> figures, List<String> notes, List<Plot> plots, boolean failed) {

    /** Collects a section, see there. */
    public static Builder named(String name, String title) {
        return new Builder(name, title);
    }

    /** Instead of figures, the reason why there are none. */
    public static Section failure(String name, String sentence) {
        return named(name, name).failed(sentence).build();
    }

    OptionalDouble value(String figure) {
        Figure found = figures.get(figure);
        return found == null ? OptionalDouble.empty() : OptionalDouble.of(found.value());
    }

    /** Collects a {@link Section}. */
    public static final class Builder {

        private final String name;
        private final String title;
        private final Map<String, Figure> figures = new LinkedHashMap<>();
        private final List<String> notes = new ArrayList<>();
        private final List<Plot> plots = new ArrayList<>();
        private boolean failed;

        private Builder(String name, String title) {
            this.name = name;
            this.title = title;
        }

        public Builder figure(String figureName, Figure figure) {
            figures.put(figureName, figure);
            return this;
        }

        /**
         * CPU seconds for a thousand of something, all processes together and each.
         *
         * @param things holds, decisions
         */
        public Builder cpu(String things, Map<String, Double> secondsPerThousand) {
            double sum = secondsPerThousand.values().stream()
                    .mapToDouble(Double::doubleValue)
                    .sum();
            figure("cpu_seconds_per_thousand", Figure.of("CPU seconds per 1,000 " + things, Unit.CPU_SECONDS, sum));
            secondsPerThousand.forEach((process, seconds) -> figure(
                    "cpu_seconds_per_thousand_" + process.replaceAll("[^a-z0-9]+", "_"),
                    Figure.of("  " + process, Unit.CPU_SECONDS, seconds)));
            return this;
        }

        public Builder note(String sentence) {
            notes.add(sentence);
            return this;
        }

        public Builder plot(Plot plot) {
            plots.add(plot);
            return this;
        }

        /** Says why a part of it could not be measured, or does not count. */
        public Builder failed(String sentence) {
            failed = true;
            return note("FAILED: " + sentence);
        }

        public Section build() {
            return new Section(
                    name, title, new LinkedHashMap<>(figures), List.copyOf(notes), List.copyOf(plots), failed);
        }
    }
}
