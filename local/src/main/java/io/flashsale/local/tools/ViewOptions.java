package io.flashsale.local.tools;

import io.flashsale.local.OptionParser;
import io.flashsale.local.UsageException;
import java.util.List;

/** The options of commands that show all there is: {@code topics} and {@code products}. */
record ViewOptions(Target.Options where, boolean json) {

    static ViewOptions parse(List<String> arguments) throws UsageException {
        Target.Options where = new Target.Options();
        boolean json = false;
        OptionParser parser = new OptionParser(arguments);
        while (where.next(parser)) {
            if (!parser.name().equals("--json")) {
                throw parser.unknown();
            }
            json = parser.flag();
        }
        return new ViewOptions(where, json);
    }
}
