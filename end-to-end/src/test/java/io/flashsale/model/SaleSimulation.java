package io.flashsale.model;

import io.flashsale.contracts.Command;
import io.flashsale.contracts.CommandReader;
import io.flashsale.contracts.HoldCommand;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryInput;
import io.flashsale.contracts.InventoryTick;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.OrderCommand;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.OrderInput;
import io.flashsale.contracts.OrderTick;
import io.flashsale.contracts.ProductCommand;
import io.flashsale.contracts.ReplyTo;
import io.flashsale.contracts.UnreadableException;
import io.flashsale.contracts.WebhookCommand;
import io.flashsale.inventory.domain.Hold;
import io.flashsale.inventory.domain.InventoryDefaults;
import io.flashsale.inventory.domain.InventoryRules;
import io.flashsale.inventory.domain.InventoryTerms;
import io.flashsale.model.Action.Advance;
import io.flashsale.model.Action.App;
import io.flashsale.model.Action.Punctuate;
import io.flashsale.model.Action.Read;
import io.flashsale.model.Action.Restart;
import io.flashsale.model.Action.Send;
import io.flashsale.model.Action.ToDeadline;
import io.flashsale.model.Action.ToForgetting;
import io.flashsale.model.Trace.Answer;
import io.flashsale.model.Trace.Step;
import io.flashsale.model.Trace.Terms;
import io.flashsale.orders.domain.LatePaymentPolicy;
import io.flashsale.orders.domain.Order;
import io.flashsale.orders.domain.OrderDefaults;
import io.flashsale.orders.domain.OrderRetention;
import io.flashsale.orders.domain.OrderRules;
import io.flashsale.orders.domain.ParkedPayments;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Both cores joined by logs in memory, as the two applications are joined by Kafka: everything between them is JSON,
 * commands, ticks and nothing else are stamped by the broker's clock, events carry their input's time, each step is
 * atomic. In which order an application reads its topics is up to the history.
 */
final class SaleSimulation {

    static final Instant START = Instant.parse("2026-11-27T09:00:00Z");
    static final Terms TERMS = terms(1, false);

    private static final int MAX_ROUNDS_TO_FINISH = 20;

    /** Sweeps concern a partition, whichever product names it. */
    private static final String ANY_PRODUCT = "p0";

    /** Nobody lags longer behind the broker's clock than this; what is remembered is remembered longer. */
    private static final Duration MAX_LAG = Duration.ofMinutes(5);

    private final Log productCommands = new Log();
    private final Log holdCommands = new Log();
    private final Log orderCommands = new Log();
    private final Log webhookCommands = new Log();
    private final Log inventoryEvents = new Log();
    private final Log orderEvents = new Log();
    private final Log inventoryTicks = new Log();
    private final Log orderTicks = new Log();

    private final Terms terms;
    private final boolean streamsOrder;
    private final Map<String, Command> calls = new LinkedHashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private InventoryApp inventory;
    private OrdersApp orders;
    private Instant now = START;
    private Instant caughtUpAt = START;

    private SaleSimulation(Terms terms, boolean streamsOrder) {
        this.terms = terms;
        this.streamsOrder = streamsOrder;
        this.inventory = new InventoryApp(new InventoryRules(
                new InventoryDefaults(terms.holdTtlSeconds(), terms.currency()),
                new InventoryTerms(terms.maxExtensions(), terms.keys(), terms.orders())));
        this.orders = new OrdersApp(new OrderRules(
                new OrderDefaults(
                        terms.paymentWindow(),
                        terms.parkingTime(),
                        terms.refundsLate() ? LatePaymentPolicy.REFUND : LatePaymentPolicy.REACQUIRE),
                new OrderRetention(terms.webhookKeys(), terms.orders())));
    }

    static Terms terms(int maxExtensions, boolean refundsLate) {
        return new Terms(
                20,
                "EUR",
                Duration.ofSeconds(30),
                Duration.ofSeconds(40),
                maxExtensions,
                refundsLate,
                Duration.ofMinutes(10),
                Duration.ofMinutes(20),
                Duration.ofDays(3));
    }

    /**
     * Runs a history, reads everything to its end and lets every deadline pass.
     *
     * @param streamsOrder applications read the topic whose next record is the oldest, as Kafka Streams does when
     *     nothing is late; otherwise as the history says
     */
    static Trace run(List<Action> history, Terms terms, boolean streamsOrder) {
        SaleSimulation simulation = new SaleSimulation(terms, streamsOrder);
        history.forEach(simulation::take);
        simulation.finish();
        List<String> left = Stream.concat(simulation.inventory.left(), simulation.orders.left())
                .toList();
        return new Trace(terms, simulation.calls, simulation.steps, true, streamsOrder, left);
    }

    private void take(Action action) {
        switch (action) {
            case Send send -> send(send);
            case Advance advance ->
                moveTo(now.plusMillis(streamsOrder ? Math.max(0, advance.millis()) : advance.millis()));
            case ToDeadline deadline -> toDeadline(deadline);
            case ToForgetting forgetting -> toForgetting(forgetting);
            case Read read -> read(read);
            case Punctuate punctuate -> punctuate(punctuate.app(), punctuate.early());
            case Restart restart -> restart(restart.app());
        }
    }

    private void send(Send send) {
        ReplyTo caller = send.waits() ? new ReplyTo("call-" + (calls.size() + 1), 0) : null;
        if (caller != null) {
            calls.put(caller.correlationId(), send.command());
        }
        switch (send.command()) {
            case ProductCommand command -> productCommands.append(now, json(ProductCommand.class, command), caller);
            case HoldCommand command -> holdCommands.append(now, json(HoldCommand.class, command), caller);
            case OrderCommand command -> orderCommands.append(now, json(OrderCommand.class, command), caller);
            case WebhookCommand command -> webhookCommands.append(now, json(WebhookCommand.class, command), caller);
        }
    }

    private static <T> String json(Class<T> family, T message) {
        return Json.MAPPER.writerFor(family).writeValueAsString(message);
    }

    private void toDeadline(ToDeadline action) {
        List<Instant> open =
                deadlines().filter(deadline -> deadline.isAfter(now)).toList();
        if (!open.isEmpty()) {
            forwardTo(open.get(Math.floorMod(action.pick(), open.size())).plusMillis(action.plusMillis()));
        }
    }

    private void toForgetting(ToForgetting action) {
        if (!steps.isEmpty()) {
            Step step = steps.get(Math.floorMod(action.pick(), steps.size()));
            Duration kept = switch (action.term()) {
                case KEYS -> terms.keys();
                case WEBHOOK_KEYS -> terms.webhookKeys();
                case ORDERS -> terms.orders();
                case HOLDS_OF_ORDERS -> terms.orders().plusDays(1);
            };
            forwardTo(step.time().plus(kept).plusMillis(action.plusMillis()));
        }
    }

    private void forwardTo(Instant then) {
        if (then.isAfter(now)) {
            moveTo(then);
        }
    }

    /** A long way is not gone without looking up in between. */
    private void moveTo(Instant then) {
        if (Duration.between(caughtUpAt, then).compareTo(MAX_LAG) > 0) {
            catchUp();
            Instant before = then.minus(MAX_LAG);
            if (before.isAfter(now)) {
                now = before;
                catchUp();
            }
        }
        now = then;
    }

    private void catchUp() {
        for (int round = 0; round < 3; round++) {
            readAll(round);
            punctuate(App.INVENTORY, false);
            punctuate(App.ORDERS, false);
        }
        readAll(0);
        caughtUpAt = now;
    }

    private Stream<Instant> deadlines() {
        return Stream.of(openDeadlines(), inventory.saleTimes()).flatMap(each -> each);
    }

    /** What must have ended before all is over. */
    private Stream<Instant> openDeadlines() {
        return Stream.of(
                        inventory.activeHolds().stream().map(Hold::expiresAt),
                        orders.pendingOrders().stream().map(Order::paymentDueAt),
                        orders.parkedPayments().values().stream()
                                .flatMap(parked -> parked.payments().stream())
                                .map(payment -> payment.parkedAt().plus(terms.parkingTime())))
                .flatMap(each -> each);
    }

    // ---- the applications

    private List<Log> unread(App app) {
        Stream<Log> topics = switch (app) {
            case INVENTORY -> Stream.of(productCommands, holdCommands, orderCommands, orderEvents, inventoryTicks);
            case ORDERS -> Stream.of(inventoryEvents, webhookCommands, orderCommands, orderTicks);
        };
        return topics.filter(topic -> !topic.isReadToTheEnd(app)).toList();
    }

    private void readAll(int pick) {
        while (!unread(App.INVENTORY).isEmpty() || !unread(App.ORDERS).isEmpty()) {
            read(new Read(App.INVENTORY, pick, Integer.MAX_VALUE));
            read(new Read(App.ORDERS, pick, Integer.MAX_VALUE));
        }
    }

    private void read(Read action) {
        for (int i = 0; i < action.count(); i++) {
            List<Log> unread = unread(action.app());
            if (unread.isEmpty()) {
                return;
            }
            Log topic = streamsOrder
                    ? unread.stream()
                            .min(Comparator.comparing(
                                    log -> log.peek(action.app()).time()))
                            .orElseThrow()
                    : unread.get(Math.floorMod(action.pick(), unread.size()));
            decideNext(action.app(), topic);
        }
    }

    private void decideNext(App app, Log topic) {
        Log.Entry entry = topic.read(app);
        try {
            switch (app) {
                case INVENTORY -> inventory(inventoryInput(topic, entry.value()), entry);
                case ORDERS -> orders(orderInput(topic, entry.value()), entry);
            }
        } catch (UnreadableException unreadable) {
            throw new IllegalStateException("The history has an unreadable command", unreadable);
        }
    }

    private InventoryInput inventoryInput(Log topic, byte[] value) throws UnreadableException {
        if (topic == productCommands) {
            return CommandReader.productCommand(value);
        }
        if (topic == holdCommands) {
            return CommandReader.holdCommand(value);
        }
        if (topic == orderCommands) {
            return CommandReader.orderCommand(value);
        }
        return topic == orderEvents
                ? Json.MAPPER.readValue(value, OrderEvent.class)
                : Json.MAPPER.readValue(value, InventoryTick.class);
    }

    private OrderInput orderInput(Log topic, byte[] value) throws UnreadableException {
        if (topic == webhookCommands) {
            return CommandReader.webhookCommand(value);
        }
        if (topic == orderCommands) {
            return CommandReader.orderCommand(value);
        }
        return topic == inventoryEvents
                ? Json.MAPPER.readValue(value, InventoryEvent.class)
                : Json.MAPPER.readValue(value, OrderTick.class);
    }

    private void inventory(InventoryInput input, Log.Entry entry) {
        var decision = inventory.process(input, entry.time());
        for (InventoryEvent event : decision.events()) {
            inventoryEvents.append(
                    entry.time(),
                    json(InventoryEvent.class, event),
                    decision.answeredByOrders() ? entry.caller() : null);
        }
        List<Answer> answers = decision.reply() == null || entry.caller() == null
                ? List.of()
                : List.of(new Answer(entry.caller().correlationId(), Json.MAPPER.writeValueAsString(decision.reply())));
        steps.add(new Step(App.INVENTORY, entry.time(), input, call(entry), List.copyOf(decision.events()), answers));
    }

    private void orders(OrderInput input, Log.Entry entry) {
        var decision = orders.process(input, entry.time(), entry.caller());
        for (OrderEvent event : decision.events()) {
            orderEvents.append(entry.time(), json(OrderEvent.class, event), null);
        }
        List<Answer> answers = decision.answers().stream()
                .map(answer ->
                        new Answer(answer.caller().correlationId(), Json.MAPPER.writeValueAsString(answer.reply())))
                .toList();
        steps.add(new Step(App.ORDERS, entry.time(), input, call(entry), List.copyOf(decision.events()), answers));
    }

    private static String call(Log.Entry entry) {
        return entry.caller() == null ? null : entry.caller().correlationId();
    }

    private void punctuate(App app, boolean early) {
        switch (app) {
            case INVENTORY -> punctuateInventory(early);
            case ORDERS -> punctuateOrders(early);
        }
    }

    /** A sweep that finds nothing changes nothing, so there is one each time. */
    private void punctuateInventory(boolean early) {
        inventory.activeHolds().stream()
                .filter(hold -> early || !now.isBefore(hold.expiresAt()))
                .map(hold -> new InventoryTick.ExpireHold(
                        HoldId.productOf(hold.holdId()).orElseThrow(), hold.holdId()))
                .forEach(this::tick);
        tick(new InventoryTick.SweepInventory(ANY_PRODUCT));
    }

    private void punctuateOrders(boolean early) {
        orders.pendingOrders().stream()
                .filter(order -> early || !now.isBefore(order.paymentDueAt()))
                .map(order -> new OrderTick.ExpirePayment(order.productId(), order.orderId()))
                .forEach(this::tick);
        orders.parkedPayments().entrySet().stream()
                .filter(each -> early || isDue(each.getValue()))
                .map(each -> new OrderTick.ExpireParkedPayments(
                        OrderId.productOf(each.getKey()).orElseThrow(), each.getKey()))
                .forEach(this::tick);
        tick(new OrderTick.SweepOrders(ANY_PRODUCT));
    }

    private void tick(InventoryTick tick) {
        inventoryTicks.append(now, json(InventoryTick.class, tick), null);
    }

    private void tick(OrderTick tick) {
        orderTicks.append(now, json(OrderTick.class, tick), null);
    }

    private boolean isDue(ParkedPayments parked) {
        return parked.payments().stream()
                .anyMatch(payment -> !now.isBefore(payment.parkedAt().plus(terms.parkingTime())));
    }

    private void restart(App app) {
        switch (app) {
            case INVENTORY -> {
                InventoryApp rebuilt = inventory.rebuilt();
                mustBeEqual(rebuilt.stores(), inventory.stores());
                inventory = rebuilt;
            }
            case ORDERS -> {
                OrdersApp rebuilt = orders.rebuilt();
                mustBeEqual(rebuilt.stores(), orders.stores());
                orders = rebuilt;
            }
        }
    }

    private static void mustBeEqual(List<Object> rebuilt, List<Object> lost) {
        if (!rebuilt.equals(lost)) {
            throw new IllegalStateException("A replay makes another state: " + rebuilt + "\ninstead of " + lost);
        }
    }

    private void finish() {
        for (int round = 0;
                round < MAX_ROUNDS_TO_FINISH && openDeadlines().findAny().isPresent();
                round++) {
            readAll(round);
            openDeadlines().max(Comparator.naturalOrder()).ifPresent(this::forwardTo);
            punctuate(App.INVENTORY, false);
            punctuate(App.ORDERS, false);
            readAll(round);
        }
        readAll(0);
        restart(App.INVENTORY);
        restart(App.ORDERS);
        // Whatever still ends on the way is forgotten, too.
        for (int round = 0; round < 2; round++) {
            moveTo(now.plus(terms.orders()).plus(Duration.ofDays(1)).plus(MAX_LAG));
            catchUp();
        }
        restart(App.INVENTORY);
        restart(App.ORDERS);
    }
}
