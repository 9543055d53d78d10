package io.flashsale.local.tools;

import io.flashsale.local.OptionParser;
import io.flashsale.local.UsageException;
import java.util.List;
import java.util.Optional;

/**
 * The options of {@code owners}.
 *
 * @param product empty means all partitions
 */
record OwnersOptions(Target.Options where, Optional<String> product, boolean json) {

    static OwnersOptions parse(List<String> arguments) throws UsageException {
        Target.Options where = new Target.Options();
        Optional<String> product = Optional.empty();
        boolean json = false;
        OptionParser parser = new OptionParser(arguments);
        while (where.next(parser)) {
            switch (parser.name()) {
                case "--product" -> product = Optional.of(VerifyOptions.productId(parser));
                case "--json" -> json = parser.flag();
                default -> throw parser.unknown();
            }
        }
        return new OwnersOptions(where, product, json);
    }
}
