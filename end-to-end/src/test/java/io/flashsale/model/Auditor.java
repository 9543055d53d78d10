package io.flashsale.model;

import static io.flashsale.model.Breach.require;

import io.flashsale.contracts.Command;
import io.flashsale.contracts.HoldCommand.ExtendHold;
import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.BackInStock;
import io.flashsale.contracts.InventoryEvent.LowStock;
import io.flashsale.contracts.InventoryEvent.SoldOut;
import io.flashsale.contracts.InventoryInput;
import io.flashsale.contracts.InventoryTick.SweepInventory;
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderInput;
import io.flashsale.contracts.OrderTick.SweepOrders;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.WebhookCommand;
import io.flashsale.model.Action.App;
import io.flashsale.model.Promises.Asked;
import io.flashsale.model.Promises.Kind;
import io.flashsale.model.Promises.Request;
import io.flashsale.model.Trace.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges a run from outside: keeps its own books from the inputs and events alone, recomputes what had to be decided,
 * and holds every reply against what is written. It shares no class with the applications but the messages.
 */
final class Auditor {

    /** What can be broken. */
    enum Rule {
        /** Units appear, vanish or are moved from where they are not; sold or promised beyond the total. */
        CONSERVATION,
        /** A hold ends twice, or is placed twice. */
        HOLD_ENDS_ONCE,
        /** A hold is redeemed, released or extended at or after its end, or ended before it, or refused although good. */
        HOLD_GOOD_UNTIL_ITS_END,
        /** A hold lasts longer than it may, or than was asked for. */
        EXTENSION,
        /** A hold is placed before or after its sale, or refused within it. */
        SALE_WINDOW,
        /** A hold or a customer has more units than the product allows, or is refused what it allows. */
        LIMITS,
        /** That stock is gone, low or back is not said, or said wrongly, or more often than it happens. */
        SIGNALS,
        /** A hold becomes two orders, or an order comes of nothing. */
        ONE_HOLD_ONE_ORDER,
        /** An order ends twice, before its time, or a paid one is cancelled. */
        ORDER_ENDS_ONCE,
        /** A cancelled order is paid without a late payment that found its stock. */
        LATE_PAYMENT,
        /** Money is asked back that was not taken, or twice. */
        REFUND,
        /** Stock is returned, sold or taken again without its order's event, or more often. */
        ONE_MOVEMENT_PER_EVENT,
        /** A decision is not the one the contract asks for. */
        DECISION,
        /** The same notification has more than one effect. */
        ONE_EFFECT_PER_WEBHOOK,
        /** The same request under the same key is answered differently. */
        EQUAL_ANSWERS,
        /** A reply says what is not written. */
        CLAIM,
        /** A caller is answered twice or never. */
        ONE_ANSWER_PER_CALL,
        /** Something is open although every deadline has passed. */
        NOTHING_STUCK,
        /** Something is remembered that nobody may ask for any more. */
        NOTHING_KEPT
    }

    /** @param step number of the step, or -1 for the end */
    record Violation(Rule rule, int step, String what) {}

    private final Trace trace;
    private final Promises promises;
    private final OrderBooks orders;
    private final StockExpectations expectations;
    private final StockBooks stock;

    private Auditor(Trace trace) {
        this.trace = trace;
        this.promises = new Promises(trace.calls());
        this.orders = new OrderBooks(trace.terms(), trace.streamsOrder(), promises);
        StockLedger ledger = new StockLedger();
        this.expectations = new StockExpectations(trace.terms(), ledger);
        this.stock = new StockBooks(trace.terms(), trace.streamsOrder(), ledger, expectations, orders);
    }

    /** The first thing that is wrong, or empty. */
    static Optional<Violation> audit(Trace trace) {
        Auditor auditor = new Auditor(trace);
        int number = 0;
        try {
            for (Step step : trace.steps()) {
                auditor.audit(step);
                number++;
            }
            number = -1;
            auditor.auditEnd();
            return Optional.empty();
        } catch (Breach breach) {
            return Optional.of(new Violation(breach.rule(), number, breach.getMessage()));
        }
    }

    private void audit(Step step) {
        Asked asked = decidesHere(step) ? promises.ask((Command) step.input()) : Asked.UNKEYED;
        switch (step.app()) {
            case INVENTORY -> auditInventory(step, asked);
            case ORDERS -> auditOrders(step, asked);
        }
        step.answers().forEach(promises::redeem);
    }

    /** Both applications read order commands, and each decides on its own ones. */
    private static boolean decidesHere(Step step) {
        boolean orderCommand = step.input() instanceof CancelOrder || step.input() instanceof WebhookCommand;
        return step.input() instanceof Command && orderCommand == (step.app() == App.ORDERS);
    }

    private void auditInventory(Step step, Asked asked) {
        InventoryInput input = (InventoryInput) step.input();
        List<Object> signals = new ArrayList<>(step.events());
        signals.removeIf(event -> !isSignal(event));
        List<Object> decisions = step.events().subList(0, step.events().size() - signals.size());

        List<String> expected = expectations.expected(input, step.time(), asked);
        for (Object event : step.events()) {
            require(event instanceof InventoryEvent, Rule.CLAIM, "not an event of the inventory: ", event);
            stock.write((InventoryEvent) event, step);
        }
        requireExpected(expected, decisions, step);
        List<InventoryEvent> expectedSignals = expectations.expectedSignals(input.productId(), step.time());
        require(
                signals.equals(expectedSignals),
                Rule.SIGNALS,
                "expected ",
                expectedSignals,
                " of ",
                input,
                ", but got ",
                signals);
        if (decidesHere(step)) {
            promise(step, asked);
        }
        if (input instanceof SweepInventory) {
            stock.forget(step.time()).forEach(promises::forgetHold);
            promises.forget(
                    List.of("adjust", "extend", "order"),
                    step.time().minus(trace.terms().keys()));
        }
    }

    private static boolean isSignal(Object event) {
        return event instanceof SoldOut || event instanceof LowStock || event instanceof BackInStock;
    }

    private void promise(Step step, Asked asked) {
        Reply reply = expectations.replyTo(step, asked);
        Request request = asked.kind() == Kind.SAME ? asked.request() : null;
        if (asked.kind() == Kind.FIRST && StockExpectations.isRemembered(step)) {
            request = step.input() instanceof ExtendHold extend
                    ? promises.remember(extend, expectations.extensionBy(extend), step.time(), reply)
                    : promises.remember((Command) step.input(), step.time(), reply);
        }
        promises.owe(step.call(), request, reply);
    }

    private void auditOrders(Step step, Asked asked) {
        OrderInput input = (OrderInput) step.input();
        List<String> expected = orders.expected(input, step.time(), asked);
        require(
                step.events().isEmpty() || !orders.isRepeated(input, asked),
                Rule.ONE_EFFECT_PER_WEBHOOK,
                "a repeated webhook makes ",
                step.events());
        for (Object event : step.events()) {
            require(event instanceof OrderEvent, Rule.CLAIM, "not an event of orders: ", event);
            orders.write((OrderEvent) event, step);
        }
        requireExpected(expected, step.events(), step);
        orders.settle(step, asked);
        if (input instanceof SweepOrders) {
            orders.forget(step.time());
        }
    }

    private static void requireExpected(List<String> expected, List<Object> events, Step step) {
        List<String> actual =
                events.stream().map(event -> event.getClass().getSimpleName()).toList();
        require(
                actual.equals(expected),
                Rule.DECISION,
                "expected ",
                expected,
                " of ",
                step.input(),
                " at ",
                step.time(),
                ", but got ",
                actual);
    }

    private void auditEnd() {
        if (!trace.finished()) {
            return;
        }
        stock.requireNothingOpen();
        orders.requireNothingOpen();
        promises.requireAllAnswered();
        require(trace.left().isEmpty(), Rule.NOTHING_KEPT, "still remembered: ", trace.left());
    }
}
