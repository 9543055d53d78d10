package io.flashsale.local.tools;

import io.flashsale.contracts.Limits;
import io.flashsale.local.OptionParser;
import io.flashsale.local.UsageException;
import java.util.List;

/**
 * The options of {@code stress}.
 *
 * @param quantity units each buyer wants
 * @param payments whether who got a hold orders and pays, too
 */
record StressOptions(Target.Options where, int buyers, int stock, int quantity, boolean payments, boolean json) {

    /** Each is a connection of its own, and systems allow a process some thousands. */
    private static final int MAX_BUYERS = 5_000;

    static StressOptions parse(List<String> arguments) throws UsageException {
        Target.Options where = new Target.Options();
        int buyers = 30;
        int stock = 10;
        int quantity = 1;
        boolean payments = false;
        boolean json = false;
        OptionParser parser = new OptionParser(arguments);
        while (where.next(parser)) {
            switch (parser.name()) {
                case "--buyers" -> buyers = parser.number(1, MAX_BUYERS);
                case "--stock" -> stock = parser.number(0, Limits.MAX_QUANTITY);
                case "--quantity" -> quantity = parser.number(1, Limits.MAX_QUANTITY);
                case "--payments" -> payments = parser.flag();
                case "--json" -> json = parser.flag();
                default -> throw parser.unknown();
            }
        }
        return new StressOptions(where, buyers, stock, quantity, payments, json);
    }
}
