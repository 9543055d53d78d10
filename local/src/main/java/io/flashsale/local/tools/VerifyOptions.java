package io.flashsale.local.tools;

import io.flashsale.contracts.Limits;
import io.flashsale.local.OptionParser;
import io.flashsale.local.UsageException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The options of {@code verify}.
 *
 * @param product empty means all
 * @param patience how long one partition may take to come to rest
 */
record VerifyOptions(Target.Options where, Optional<String> product, Duration patience, boolean json) {

    private static final int MAX_WAIT_SECONDS = 3_600;

    static VerifyOptions parse(List<String> arguments) throws UsageException {
        Target.Options where = new Target.Options();
        Optional<String> product = Optional.empty();
        Duration patience = Verifier.PATIENCE;
        boolean json = false;
        OptionParser parser = new OptionParser(arguments);
        while (where.next(parser)) {
            switch (parser.name()) {
                case "--product" -> product = Optional.of(productId(parser));
                case "--wait" -> patience = Duration.ofSeconds(parser.number(1, MAX_WAIT_SECONDS));
                case "--json" -> json = parser.flag();
                default -> throw parser.unknown();
            }
        }
        return new VerifyOptions(where, product, patience, json);
    }

    static String productId(OptionParser parser) throws UsageException {
        String id = parser.value();
        if (!Limits.PRODUCT_ID.matcher(id).matches()) {
            throw new UsageException(parser.name() + " must be 1 to 64 characters of A-Z a-z 0-9 . _ -, not " + id);
        }
        return id;
    }
}
