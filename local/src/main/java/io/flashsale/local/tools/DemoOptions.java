package io.flashsale.local.tools;

import io.flashsale.local.OptionParser;
import io.flashsale.local.UsageException;
import java.util.List;

/** The options of {@code demo}. */
record DemoOptions(Target.Options where) {

    static DemoOptions parse(List<String> arguments) throws UsageException {
        Target.Options where = new Target.Options();
        OptionParser parser = new OptionParser(arguments);
        if (where.next(parser)) {
            throw parser.unknown();
        }
        return new DemoOptions(where);
    }
}
