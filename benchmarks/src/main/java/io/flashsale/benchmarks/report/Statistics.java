package io.flashsale.benchmarks.report;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Of several rounds. */
public final class Statistics {

    private Statistics() {}

    /** The middle value, or the mean of the two in the middle. */
    public static double median(Collection<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The median of each name, which all of the maps have. */
    public static Map<String, Double> medians(List<Map<String, Double>> rounds) {
        Map<String, Double> medians = new LinkedHashMap<>();
        for (String name : rounds.getFirst().keySet()) {
            medians.put(
                    name,
                    median(rounds.stream()
                            .map(round -> round.getOrDefault(name, 0.0))
                            .toList()));
        }
        return medians;
    }
}
