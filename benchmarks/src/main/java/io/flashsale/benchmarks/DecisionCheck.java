package io.flashsale.benchmarks;

import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.Json;
import io.flashsale.local.PipelineException;
import java.util.BitSet;

/** Ticks the decisions off: each command must have become one {@link HoldPlaced}, and there must be nothing else. */
final class DecisionCheck {

    private final String productId;
    private final int first;
    private final int commands;
    private final BitSet placed;

    /** @param commands numbered from {@code first}, as {@link Commands#placeHolds} does */
    DecisionCheck(String productId, int first, int commands) {
        this.productId = productId;
        this.first = first;
        this.commands = commands;
        this.placed = new BitSet(commands);
    }

    void add(byte[] value) {
        InventoryEvent event = Json.MAPPER.readValue(value, InventoryEvent.class);
        if (!(event instanceof HoldPlaced hold) || !hold.productId().equals(productId)) {
            throw new PipelineException("The result is wrong: expected a hold of " + productId + ", but got " + event);
        }
        int number = Commands.numberOf(hold.holdId()) - first;
        if (number < 0 || number >= commands) {
            throw new PipelineException("The result is wrong: nobody asked for this hold: " + hold);
        }
        if (placed.get(number)) {
            throw new PipelineException("The result is wrong: a hold was placed twice: " + hold);
        }
        placed.set(number);
    }

    void requireComplete() {
        if (placed.cardinality() != commands) {
            throw new PipelineException("The result is wrong: of %,d commands only %,d were decided."
                    .formatted(commands, placed.cardinality()));
        }
    }
}
