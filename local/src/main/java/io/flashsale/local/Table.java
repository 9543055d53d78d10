package io.flashsale.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Plain text in columns that are as wide as their widest cell. */
public final class Table {

    private static final String GAP = "   ";

    private final List<String> head;
    private final List<List<String>> rows = new ArrayList<>();
    private Set<Integer> numbers = Set.of();

    public Table(String... head) {
        this.head = List.of(head);
    }

    /** Columns, counted from 0, whose cells stand at the right, as numbers do. */
    public Table numbers(int... columns) {
        numbers = IntStream.of(columns).boxed().collect(Collectors.toSet());
        return this;
    }

    /** As many cells as there are columns. */
    public Table row(String... cells) {
        if (cells.length != head.size()) {
            throw new IllegalArgumentException("Expected " + head.size() + " cells, but got " + cells.length);
        }
        rows.add(List.of(cells));
        return this;
    }

    public List<String> lines() {
        List<Integer> widths =
                IntStream.range(0, head.size()).mapToObj(this::width).toList();
        List<String> lines = new ArrayList<>();
        lines.add(line(head, widths));
        lines.add(line(widths.stream().map("-"::repeat).toList(), widths));
        rows.forEach(row -> lines.add(line(row, widths)));
        return lines;
    }

    private int width(int column) {
        int widest =
                rows.stream().mapToInt(row -> length(row.get(column))).max().orElse(0);
        return Math.max(widest, length(head.get(column)));
    }

    private String line(List<String> cells, List<Integer> widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            String padding = " ".repeat(widths.get(column) - length(cell));
            line.append(numbers.contains(column) ? padding + cell : cell + padding)
                    .append(GAP);
        }
        return line.toString().stripTrailing();
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
