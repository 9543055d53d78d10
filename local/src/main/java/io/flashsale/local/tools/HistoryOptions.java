package io.flashsale.local.tools;

import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.OrderId;
import io.flashsale.local.OptionParser;
import io.flashsale.local.UsageException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The options of {@code history}. */
record HistoryOptions(Target.Options where, Subject subject, int limit) {

    private static final int DEFAULT_LIMIT = 100;

    /** All of them are in memory at the end. */
    private static final int MAX_LIMIT = 100_000;

    /**
     * What the story is about.
     *
     * @param name as it was given
     * @param trail what a hold's id and its order's have in common; null for the whole product
     */
    record Subject(
            String kind,
            String name,
            String productId,
            @Nullable String trail) {

        /** Whether a record about this hold or order (or, if empty, the product) belongs to it. */
        boolean concerns(String id) {
            return trail == null
                    || (!id.isEmpty() && id.substring(PREFIX_LENGTH).equals(trail));
        }
    }

    private static final int PREFIX_LENGTH = 2;

    static HistoryOptions parse(List<String> arguments) throws UsageException {
        Target.Options where = new Target.Options();
        Subject subject = null;
        int limit = DEFAULT_LIMIT;
        OptionParser parser = new OptionParser(arguments);
        while (where.next(parser)) {
            if (parser.name().equals("--limit")) {
                limit = parser.number(1, MAX_LIMIT);
                continue;
            }
            if (subject != null) {
                throw new UsageException("There is one story at a time: one of --product, --hold and --order");
            }
            subject = subject(parser);
        }
        if (subject == null) {
            throw new UsageException("Whose history? One of --product, --hold and --order is needed");
        }
        return new HistoryOptions(where, subject, limit);
    }

    private static Subject subject(OptionParser parser) throws UsageException {
        return switch (parser.name()) {
            case "--product" -> {
                String id = VerifyOptions.productId(parser);
                yield new Subject("product", id, id, null);
            }
            case "--hold" -> routed(parser, "hold", HoldId::productOf);
            case "--order" -> routed(parser, "order", OrderId::productOf);
            default -> throw parser.unknown();
        };
    }

    private static Subject routed(OptionParser parser, String kind, Function<String, Optional<String>> productOf)
            throws UsageException {
        String id = parser.value();
        String product = productOf
                .apply(id)
                .orElseThrow(() ->
                        new UsageException(parser.name() + " must be the id of " + article(kind) + ", not " + id));
        return new Subject(kind, id, product, id.substring(PREFIX_LENGTH));
    }

    private static String article(String kind) {
        return kind.equals("order") ? "an order" : "a " + kind;
    }
}
