package io.flashsale.benchmarks.report;

import io.flashsale.local.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Everything of one run.
 *
 * @param sections in the order in which they were measured
 */
public record Report(Machine machine, List<Section> sections) {

    private static final String[] HEAD = {"what", "measured", "each round", "target", "others' figures"};

    /** For a terminal. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(machine.lines());
        for (Section section : sections) {
            lines.add("");
            lines.add(section.name() + ": " + section.title());
            if (!section.figures().isEmpty()) {
                Table table = new Table(HEAD);
                section.figures().values().forEach(figure -> table.row(cells(figure)));
                lines.addAll(table.lines());
            }
            lines.addAll(section.notes());
        }
        return lines;
    }

    /** The same for a page; the plots are files beside it, named as {@link Plot#name()} says, with the ending svg. */
    public List<String> markdown() {
        List<String> lines = new ArrayList<>(List.of("# Benchmark", ""));
        machine.lines().forEach(line -> lines.add(line + "  "));
        for (Section section : sections) {
            lines.addAll(List.of("", "## " + section.name() + ": " + section.title(), ""));
            if (!section.figures().isEmpty()) {
                lines.add(row(HEAD));
                lines.add("|" + "---|".repeat(HEAD.length));
                section.figures().values().forEach(figure -> lines.add(row(cells(figure))));
            }
            section.notes().forEach(note -> lines.addAll(List.of("", note)));
            section.plots()
                    .forEach(plot -> lines.addAll(List.of("", "![" + plot.title() + "](" + plot.name() + ".svg)")));
        }
        return lines;
    }

    /** The same for programs. */
    public Map<String, Object> json() {
        Map<String, Section> byName = new LinkedHashMap<>();
        sections.forEach(section -> byName.put(section.name(), section));
        return Map.of("machine", machine, "sections", byName);
    }

    /** A file's name that tells it from other runs' and sorts by time. */
    public String name() {
        return machine.measuredAt().toString().replace(":", "");
    }

    public boolean isFailed() {
        return sections.stream().anyMatch(Section::failed);
    }

    /** Empty if it was not measured. */
    public Optional<Section> section(String name) {
        return sections.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** Empty if it was not measured. */
    public OptionalDouble value(String section, String figure) {
        return section(section).map(found -> found.value(figure)).orElse(OptionalDouble.empty());
    }

    /** This report with one more section at its end. */
    public Report with(Section section) {
        List<Section> more = new ArrayList<>(sections);
        more.add(section);
        return new Report(machine, List.copyOf(more));
    }

    private static String[] cells(Figure figure) {
        return new String[] {
            figure.what(), figure.measuredInWords(), figure.roundsInWords(), figure.targetInWords(), figure.reference()
        };
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |";
    }
}
