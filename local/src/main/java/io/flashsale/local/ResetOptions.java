package io.flashsale.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The options of {@code reset}.
 *
 * @param data empty means the default of the project
 * @param yes that it is meant
 */
record ResetOptions(Optional<Path> data, boolean yes, boolean json) {

    static ResetOptions parse(List<String> arguments) throws UsageException {
        Optional<Path> data = Optional.empty();
        boolean yes = false;
        boolean json = false;
        OptionParser parser = new OptionParser(arguments);
        while (parser.next()) {
            switch (parser.name()) {
                case "--data" -> data = Optional.of(parser.path("a directory"));
                case "--yes" -> yes = parser.flag();
                case "--json" -> json = parser.flag();
                // For the script, which decides about building.
                case "--no-build" -> parser.flag();
                default -> throw parser.unknown();
            }
        }
        return new ResetOptions(data, yes, json);
    }
}
