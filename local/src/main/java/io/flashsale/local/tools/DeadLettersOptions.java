package io.flashsale.local.tools;

import io.flashsale.local.OptionParser;
import io.flashsale.local.UsageException;
import java.util.List;

/**
 * The options of {@code dead-letters}.
 *
 * @param limit how many are shown one by one
 */
record DeadLettersOptions(Target.Options where, int limit, boolean json) {

    private static final int DEFAULT_LIMIT = 10;

    /** All of them are in memory at the end. */
    private static final int MAX_LIMIT = 10_000;

    static DeadLettersOptions parse(List<String> arguments) throws UsageException {
        Target.Options where = new Target.Options();
        int limit = DEFAULT_LIMIT;
        boolean json = false;
        OptionParser parser = new OptionParser(arguments);
        while (parser.next()) {
            if (where.take(parser)) {
                continue;
            }
            switch (parser.name()) {
                case "--limit" -> limit = parser.number(0, MAX_LIMIT);
                case "--json" -> json = parser.flag();
                default -> throw new UsageException("There is no option " + parser.name());
            }
        }
        return new DeadLettersOptions(where, limit, json);
    }
}
