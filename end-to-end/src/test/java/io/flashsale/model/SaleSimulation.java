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
import io.flashsale.model.Action.Advance;
import io.flashsale.model.Action.App;
import io.flashsale.model.Action.Punctuate;
import io.flashsale.model.Action.Read;
import io.flashsale.model.Action.Restart;
import io.flashsale.model.Action.Send;
import io.flashsale.model.Action.ToDeadline;
import io.flashsale.model.Trace.Answer;
import io.flashsale.model.Trace.Step;
import io.flashsale.model.Trace.Terms;
import io.flashsale.orders.domain.Order;
import io.flashsale.orders.domain.OrderDefaults;
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
    static final Terms TERMS = new Terms(20, "EUR", Duration.ofSeconds(30), Duration.ofSeconds(40));

    private static final int MAX_ROUNDS_TO_FINISH = 20;

    private final Log productCommands = new Log();
    private final Log holdCommands = new Log();
    private final Log orderCommands = new Log();
    private final Log webhookCommands = new Log();
    private final Log inventoryEvents = new Log();
    private final Log orderEvents = new Log();
    private final Log inventoryTicks = new Log();
    private final Log orderTicks = new Log();

    private final InventoryRules inventoryRules =
            new InventoryRules(new InventoryDefaults(TERMS.holdTtlSeconds(), TERMS.currency()));
    private final OrderRules orderRules = new OrderRules(new OrderDefaults(TERMS.paymentWindow(), TERMS.parkingTime()));
    private final boolean streamsOrder;
    private final Map<String, Command> calls = new LinkedHashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private InventoryApp inventory = new InventoryApp(inventoryRules);
    private OrdersApp orders = new OrdersApp(orderRules);
    private Instant now = START;

    private SaleSimulation(boolean streamsOrder) {
        this.streamsOrder = streamsOrder;
    }

    /**
     * Runs a history, reads everything to its end and lets every deadline pass.
     *
     * @param streamsOrder applications read the topic whose next record is the oldest, as Kafka Streams does when
     *     nothing is late; otherwise as the history says
     */
    static Trace run(List<Action> history, boolean streamsOrder) {
        SaleSimulation simulation = new SaleSimulation(streamsOrder);
        history.forEach(simulation::take);
        simulation.finish();
        return new Trace(TERMS, simulation.calls, simulation.steps, true, streamsOrder);
    }

    private void take(Action action) {
        switch (action) {
            case Send send -> send(send);
            case Advance advance ->
                now = now.plusMillis(streamsOrder ? Math.max(0, advance.millis()) : advance.millis());
            case ToDeadline deadline -> toDeadline(deadline);
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
            Instant then = open.get(Math.floorMod(action.pick(), open.size())).plusMillis(action.plusMillis());
            now = then.isAfter(now) ? then : now;
        }
    }

    private Stream<Instant> deadlines() {
        return Stream.of(
                        inventory.activeHolds().stream().map(Hold::expiresAt),
                        orders.pendingOrders().stream().map(Order::paymentDueAt),
                        orders.parkedPayments().values().stream()
                                .flatMap(parked -> parked.payments().stream())
                                .map(payment -> payment.parkedAt().plus(TERMS.parkingTime())))
                .flatMap(each -> each);
    }

    // ---- the applications

    private List<Log> unread(App app) {
        Stream<Log> topics = switch (app) {
            case INVENTORY -> Stream.of(productCommands, holdCommands, orderCommands, orderEvents, inventoryTicks);
            case ORDERS -> Stream.of(inventoryEvents, webhookCommands, orderTicks);
        };
        return topics.filter(topic -> !topic.isReadToTheEnd()).toList();
    }

    private void read(Read action) {
        for (int i = 0; i < action.count(); i++) {
            List<Log> unread = unread(action.app());
            if (unread.isEmpty()) {
                return;
            }
            Log topic = streamsOrder
                    ? unread.stream()
                            .min(Comparator.comparing(log -> log.peek().time()))
                            .orElseThrow()
                    : unread.get(Math.floorMod(action.pick(), unread.size()));
            decideNext(topic);
        }
    }

    private void decideNext(Log topic) {
        Log.Entry entry = topic.read();
        try {
            if (topic == productCommands) {
                inventory(CommandReader.productCommand(entry.value()), entry);
            } else if (topic == holdCommands) {
                inventory(CommandReader.holdCommand(entry.value()), entry);
            } else if (topic == orderCommands) {
                inventory(CommandReader.orderCommand(entry.value()), entry);
            } else if (topic == orderEvents) {
                inventory(Json.MAPPER.readValue(entry.value(), OrderEvent.class), entry);
            } else if (topic == inventoryTicks) {
                inventory(Json.MAPPER.readValue(entry.value(), InventoryTick.class), entry);
            } else if (topic == inventoryEvents) {
                orders(Json.MAPPER.readValue(entry.value(), InventoryEvent.class), entry);
            } else if (topic == webhookCommands) {
                orders(CommandReader.webhookCommand(entry.value()), entry);
            } else {
                orders(Json.MAPPER.readValue(entry.value(), OrderTick.class), entry);
            }
        } catch (UnreadableException unreadable) {
            throw new IllegalStateException("The history has an unreadable command", unreadable);
        }
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
            case INVENTORY ->
                inventory.activeHolds().stream()
                        .filter(hold -> early || !now.isBefore(hold.expiresAt()))
                        .map(hold -> new InventoryTick.ExpireHold(
                                HoldId.productOf(hold.holdId()).orElseThrow(), hold.holdId()))
                        .forEach(tick -> inventoryTicks.append(now, json(InventoryTick.class, tick), null));
            case ORDERS -> punctuateOrders(early);
        }
    }

    private void punctuateOrders(boolean early) {
        orders.pendingOrders().stream()
                .filter(order -> early || !now.isBefore(order.paymentDueAt()))
                .map(order -> new OrderTick.ExpirePayment(order.productId(), order.orderId()))
                .forEach(tick -> orderTicks.append(now, json(OrderTick.class, tick), null));
        orders.parkedPayments().entrySet().stream()
                .filter(each -> early || isDue(each.getValue()))
                .map(each -> new OrderTick.ExpireParkedPayments(
                        OrderId.productOf(each.getKey()).orElseThrow(), each.getKey()))
                .forEach(tick -> orderTicks.append(now, json(OrderTick.class, tick), null));
    }

    private boolean isDue(ParkedPayments parked) {
        return parked.payments().stream()
                .anyMatch(payment -> !now.isBefore(payment.parkedAt().plus(TERMS.parkingTime())));
    }

    private void restart(App app) {
        switch (app) {
            case INVENTORY -> {
                InventoryApp rebuilt = new InventoryApp(inventoryRules);
                for (Log.Entry entry : inventoryEvents.entries()) {
                    rebuilt.replay(Json.MAPPER.readValue(entry.value(), InventoryEvent.class), entry.time());
                }
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
        for (int round = 0; round < MAX_ROUNDS_TO_FINISH; round++) {
            while (!unread(App.INVENTORY).isEmpty() || !unread(App.ORDERS).isEmpty()) {
                read(new Read(App.INVENTORY, round, Integer.MAX_VALUE));
                read(new Read(App.ORDERS, round, Integer.MAX_VALUE));
            }
            now = deadlines().max(Comparator.naturalOrder()).orElse(now);
            punctuate(App.INVENTORY, false);
            punctuate(App.ORDERS, false);
            if (unread(App.INVENTORY).isEmpty() && unread(App.ORDERS).isEmpty()) {
                break;
            }
        }
        restart(App.INVENTORY);
        restart(App.ORDERS);
    }
}
