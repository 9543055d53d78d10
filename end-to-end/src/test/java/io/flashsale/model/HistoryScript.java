package io.flashsale.model;

import io.flashsale.contracts.Command;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.OrderId;
import io.flashsale.model.Action.Advance;
import io.flashsale.model.Action.App;
import io.flashsale.model.Action.Punctuate;
import io.flashsale.model.Action.Read;
import io.flashsale.model.Action.Send;
import io.flashsale.model.Trace.Terms;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A history told by hand: each command is decided before the next one is sent. */
final class HistoryScript {

    private final List<Action> history = new ArrayList<>();

    HistoryScript send(Command command) {
        history.add(new Send(command, true));
        readAll();
        return this;
    }

    HistoryScript pass(long millis) {
        history.add(new Advance(millis));
        history.add(new Punctuate(App.INVENTORY, false));
        history.add(new Punctuate(App.ORDERS, false));
        readAll();
        return this;
    }

    private void readAll() {
        for (int round = 0; round < 3; round++) {
            history.add(new Read(App.INVENTORY, 0, 100));
            history.add(new Read(App.ORDERS, 0, 100));
        }
    }

    Sound play(Terms terms) {
        return new Sound(SaleSimulation.run(history, terms, true));
    }

    static String holdId(String name) {
        return HoldId.of("p1", (name + "_______________").substring(0, 16).getBytes(StandardCharsets.US_ASCII));
    }

    static String orderId(String name) {
        return OrderId.ofHold(holdId(name));
    }
}
