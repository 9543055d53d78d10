package io.flashsale.model;

import io.flashsale.contracts.Command;
import io.flashsale.contracts.Json;

/**
 * One thing that happens in a history. The schedule is part of it, so a history without some of its actions is a
 * history again and always runs the same way: that is what makes shrinking work.
 */
sealed interface Action {

    /** The two applications. */
    enum App {
        INVENTORY,
        ORDERS
    }

    /** How long something is remembered that ended. */
    enum Term {
        KEYS,
        WEBHOOK_KEYS,
        ORDERS,
        HOLDS_OF_ORDERS
    }

    /** A producer appends a command; {@code waits} if it asks for a reply. */
    record Send(Command command, boolean waits) implements Action {
        @Override
        public String toString() {
            return (waits ? "call " : "send ") + command.getClass().getSimpleName() + " "
                    + Json.MAPPER.writeValueAsString(command);
        }
    }

    /** The broker's clock moves; a little back when a leader changes. */
    record Advance(long millis) implements Action {}

    /** The broker's clock moves to one of the open deadlines, or just beside it. Never back. */
    record ToDeadline(int pick, long plusMillis) implements Action {}

    /**
     * The broker's clock moves to where what was written in one of the steps so far may be forgotten, or beside it.
     * Nobody lags that long: both applications catch up on the way.
     */
    record ToForgetting(int pick, Term term, long plusMillis) implements Action {}

    /** An application reads up to {@code count} records of one of the topics it has not read to the end. */
    record Read(App app, int pick, int count) implements Action {}

    /** An application's punctuators look for what is due; {@code early}: they take everything for due. */
    record Punctuate(App app, boolean early) implements Action {}

    /** An application loses its state and rebuilds it from what it wrote. */
    record Restart(App app) implements Action {}
}
