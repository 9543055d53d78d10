package io.flashsale.local.tools;

import io.flashsale.local.OptionParser;
import io.flashsale.local.UsageException;
import java.util.List;

/**
 * The options of {@code lag}.
 *
 * @param partitions one line for each of them
 * @param watch again and again
 */
record LagOptions(Target.Options where, boolean partitions, boolean watch, boolean json) {

    static LagOptions parse(List<String> arguments) throws UsageException {
        Target.Options where = new Target.Options();
        boolean partitions = false;
        boolean watch = false;
        boolean json = false;
        OptionParser parser = new OptionParser(arguments);
        while (where.next(parser)) {
            switch (parser.name()) {
                case "--partitions" -> partitions = parser.flag();
                case "--watch" -> watch = parser.flag();
                case "--json" -> json = parser.flag();
                default -> throw parser.unknown();
            }
        }
        return new LagOptions(where, partitions, watch, json);
    }
}
