package io.flashsale.local;

import io.flashsale.contracts.Json;
import io.flashsale.local.DataDirectory.Size;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** {@code ./flashsale reset}: deletes what {@code up} keeps, and says what that was. */
final class ResetCommand implements SubCommand {

    private final PrintStream out;

    ResetCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public int run(List<String> arguments) throws UsageException {
        ResetOptions options = ResetOptions.parse(arguments);
        Path directory = options.data().orElseGet(RunningPipeline::defaultDataDirectory);
        // The lock is the pipeline's: nobody gets it while one runs from here.
        try (DataDirectory data = DataDirectory.openExisting(directory)) {
            SortedMap<String, Size> contents = data.contents();
            if (!options.yes() && !contents.isEmpty()) {
                if (!options.json()) {
                    linesOf(contents).forEach(out::println);
                }
                throw new UsageException(
                        "reset deletes all of this in " + data.root() + " for ever: say --yes if that is meant");
            }
            data.empty();
            if (options.json()) {
                out.println(Json.MAPPER.writeValueAsString(document(data.root(), contents)));
            } else {
                said(data.root(), contents).forEach(out::println);
            }
            return Main.OK;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static List<String> said(Path root, SortedMap<String, Size> contents) {
        if (contents.isEmpty()) {
            return List.of("Nothing is kept in " + root + ".");
        }
        List<String> lines = new ArrayList<>(linesOf(contents));
        Size sum = sumOf(contents);
        lines.add("");
        lines.add("Deleted %,d file%s with %s in %s; the next up begins anew."
                .formatted(sum.files(), sum.files() == 1 ? "" : "s", Amounts.bytes(sum.bytes()), root));
        return lines;
    }

    private static List<String> linesOf(SortedMap<String, Size> contents) {
        Table table = new Table("what", "files", "size").numbers(1, 2);
        contents.forEach((name, size) -> table.row(name, "%,d".formatted(size.files()), Amounts.bytes(size.bytes())));
        return table.lines();
    }

    private static Size sumOf(SortedMap<String, Size> contents) {
        return new Size(
                contents.values().stream().mapToLong(Size::files).sum(),
                contents.values().stream().mapToLong(Size::bytes).sum());
    }

    private static Map<String, Object> document(Path root, SortedMap<String, Size> contents) {
        Size sum = sumOf(contents);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("directory", root.toString());
        document.put("deleted", contents);
        document.put("files", sum.files());
        document.put("bytes", sum.bytes());
        return document;
    }
}
