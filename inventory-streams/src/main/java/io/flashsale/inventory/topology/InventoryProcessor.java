package io.flashsale.inventory.topology;

import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryInput;
import io.flashsale.contracts.InventoryTick.ExpireHold;
import io.flashsale.contracts.InventoryTick.SweepInventory;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.Reply;
import io.flashsale.inventory.domain.Decision;
import io.flashsale.inventory.domain.Hold;
import io.flashsale.inventory.domain.HoldRecord;
import io.flashsale.inventory.domain.InventoryRules;
import io.flashsale.inventory.domain.InventoryState;
import io.flashsale.inventory.domain.Product;
import io.flashsale.inventory.domain.RequestRecord;
import io.flashsale.inventory.domain.Stock;
import io.flashsale.streams.topology.CommitPace;
import io.flashsale.streams.topology.DecidingProcessor;
import io.flashsale.streams.topology.DecisionLog;
import io.flashsale.streams.topology.DecisionMeters;
import io.flashsale.streams.topology.KeptValues;
import io.flashsale.streams.topology.Retention;
import io.flashsale.streams.topology.Screened;
import io.flashsale.streams.topology.Timers;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Plumbing around {@link InventoryRules}: load, decide, store, forward. No rule stands here. */
final class InventoryProcessor extends DecidingProcessor<InventoryInput, InventoryProcessor.Outcome> {

    /** Hot ones of one partition; the others are read from the store. */
    private static final int KEPT_PRODUCTS = 100;

    private final InventoryRules rules;
    private final Timing timing;
    private final OverdueHolds overdue;

    /** Products whose latest stock is not published yet. Lost with the task, hence filled at its start. */
    private final Set<String> unpublished = new LinkedHashSet<>();

    private ProcessorContext<Object, Object> context;
    private KeptValues<Product> products;
    private KeyValueStore<String, HoldRecord> holds;
    private KeyValueStore<String, RequestRecord> requests;
    private KeyValueStore<String, Integer> customerUnits;
    private Timers timers;
    private Retention retention;

    InventoryProcessor(
            InventoryRules rules, Timing timing, DecisionMeters meters, OverdueHolds overdue, CommitPace commits) {
        super(InventoryTopology.WRITE_EVENTS, InventoryTopology.WRITE_TICKS, meters, commits);
        this.rules = rules;
        this.timing = timing;
        this.overdue = overdue;
    }

    record Outcome(InputKeys keys, InventoryState before, Decision decision) {

        InventoryState after() {
            return Objects.requireNonNull(decision.after());
        }
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        super.init(context);
        this.context = context;
        KeyValueStore<String, Product> stored = context.getStateStore(InventoryTopology.PRODUCTS);
        this.products = new KeptValues<>(stored, KEPT_PRODUCTS);
        this.holds = context.getStateStore(InventoryTopology.HOLDS);
        this.requests = context.getStateStore(InventoryTopology.REQUESTS);
        this.customerUnits = context.getStateStore(InventoryTopology.CUSTOMER_UNITS);
        this.timers = new Timers(context.getStateStore(InventoryTopology.HOLD_TIMERS), timing.grace(), timing.batch());
        overdue.watch(timers);
        this.retention = new Retention(context.getStateStore(InventoryTopology.FORGET_TIMERS), timing.batch());
        try (KeyValueIterator<String, Product> all = stored.all()) {
            all.forEachRemaining(entry -> unpublished.add(entry.key));
        }
        context.schedule(timing.punctuation(), PunctuationType.WALL_CLOCK_TIME, this::tickDueHolds);
        context.schedule(timing.punctuation(), PunctuationType.WALL_CLOCK_TIME, this::tickDueRecords);
        context.schedule(timing.stockInterval(), PunctuationType.WALL_CLOCK_TIME, this::publishStock);
    }

    @Override
    public void close() {
        overdue.forget(timers);
    }

    @Override
    protected Outcome decide(Screened<InventoryInput> screened) {
        InputKeys keys = InputKeys.of(screened.input());
        if (screened.trace() != null) {
            screened.trace().hold(keys.holdId());
        }
        // A sweep decides on no product: an unreadable one must not keep its partition from forgetting.
        InventoryState before =
                screened.input() instanceof SweepInventory ? new InventoryState(null, null, null, 0) : load(keys);
        return new Outcome(keys, before, rules.decide(before, screened.input(), screened.time()));
    }

    @Override
    protected void carryOut(Screened<InventoryInput> screened, Outcome outcome) {
        store(outcome.keys(), outcome.before(), outcome.after());
        setTimer(screened, outcome.before().hold(), outcome.after().hold());
        keep(outcome.keys(), outcome.before(), outcome.after());
        if (screened.input() instanceof SweepInventory) {
            retention.sweep(screened.time(), key -> forget(InputKeys.ofKept(key), screened.time()));
        }
        send(screened, outcome.decision());
        if (DecisionLog.tellsAll()) {
            tell(screened, outcome);
        }
    }

    @Override
    protected void storeKept() {
        products.storeAll();
    }

    private InventoryState load(InputKeys keys) {
        HoldRecord hold = keys.holdId() == null ? null : holds.get(keys.holdId());
        String customerKey = keys.customerKey(hold);
        Integer units = customerKey == null ? null : customerUnits.get(customerKey);
        return new InventoryState(
                products.get(keys.productId()),
                hold,
                keys.requestKey() == null ? null : requests.get(keys.requestKey()),
                units == null ? 0 : units);
    }

    private void store(InputKeys keys, InventoryState before, InventoryState after) {
        Product product = after.product();
        if (product != null && product != before.product()) {
            products.put(keys.productId(), product);
            unpublished.add(keys.productId());
        }
        if (after.hold() != before.hold()) {
            holds.put(keys.holdId(), after.hold());
        }
        if (after.request() != before.request()) {
            requests.put(keys.requestKey(), after.request());
        }
        if (after.customerUnits() != before.customerUnits()) {
            customerUnits.put(
                    keys.customerKey(before.hold()), after.customerUnits() == 0 ? null : after.customerUnits());
        }
    }

    private void forget(InputKeys keys, Instant time) {
        InventoryState before = load(keys);
        store(keys, before, rules.forget(before, time));
    }

    private void setTimer(Screened<InventoryInput> screened, @Nullable HoldRecord before, @Nullable HoldRecord after) {
        if (!(after instanceof Hold hold) || hold.stage() != Hold.Stage.HELD) {
            return;
        }
        if (!(before instanceof Hold earlier) || !earlier.expiresAt().equals(hold.expiresAt())) {
            timers.arm(hold.expiresAt(), hold.holdId());
        } else if (screened.input() instanceof ExpireHold && !timers.isArmed(hold.expiresAt(), hold.holdId())) {
            // Not the tick of a time before an extension, whose own timer is still to come.
            timers.rearm(hold.expiresAt(), screened.time(), wallClock(), hold.holdId());
        }
    }

    private void keep(InputKeys keys, InventoryState before, InventoryState after) {
        HoldRecord hold = after.hold();
        if (hold != null && hold != before.hold() && hold.keptUntil() != null) {
            retention.keep(hold.holdId(), hold.keptUntil());
        }
        RequestRecord request = after.request();
        if (request != null && request != before.request()) {
            retention.keep(Objects.requireNonNull(keys.requestKey()), request.keptUntil());
        }
    }

    private void send(Screened<InventoryInput> screened, Decision decision) {
        int number = 0;
        for (InventoryEvent event : decision.events()) {
            outputs()
                    .event(
                            event.productId(),
                            event,
                            screened.origin(),
                            number++,
                            screened.time(),
                            decision.answeredByOrders() ? screened.caller() : null);
        }
        Reply reply = decision.reply();
        if (reply != null && screened.caller() != null) {
            outputs().reply(screened.caller(), reply, screened.time());
        }
        Refusal refusal = decision.refusal();
        if (refusal != null) {
            outputs().refused(screened, refusal);
        }
        Refusal untold = decision.untoldRefusal();
        if (untold != null && screened.caller() == null) {
            outputs().deadLetter(screened, untold.code().code(), untold.detail());
        }
    }

    private static void tell(Screened<InventoryInput> screened, Outcome outcome) {
        Refusal refusal = outcome.decision().refusal();
        List<String> names = outcome.decision().events().stream()
                .map(event -> event.getClass().getSimpleName())
                .toList();
        for (String name : names.isEmpty() && refusal != null ? List.of("Refused") : names) {
            DecisionLog.line(Level.DEBUG, screened, outcome.keys().productId())
                    .addKeyValue("hold", outcome.keys().holdId())
                    .addKeyValue("stock_before", stock(outcome.before()))
                    .addKeyValue("stock_after", stock(outcome.after()))
                    .addKeyValue(
                            "reason", refusal == null ? null : refusal.code().code())
                    .log(name);
        }
    }

    /** Available, held, pending and sold. */
    private static @Nullable String stock(InventoryState state) {
        Product product = state.product();
        if (product == null) {
            return null;
        }
        Stock stock = product.stock();
        return stock.available() + "/" + stock.held() + "/" + stock.pending() + "/" + stock.sold();
    }

    private void tickDueHolds(long timestamp) {
        timers.fire(wallClock(), holdId -> {
            String productId = HoldId.productOf(holdId).orElseThrow();
            outputs().tick(productId, new ExpireHold(productId, holdId), wallClock());
        });
    }

    private void tickDueRecords(long timestamp) {
        retention.due(wallClock()).ifPresent(key -> {
            String productId = InputKeys.ofKept(key).productId();
            outputs().tick(productId, new SweepInventory(productId), wallClock());
        });
    }

    /** Readers of stock want the latest state, not each one: a hot product is published once an interval. */
    private void publishStock(long timestamp) {
        Iterator<String> waiting = unpublished.iterator();
        for (int published = 0; published < timing.batch() && waiting.hasNext(); published++) {
            Product product = products.get(waiting.next());
            waiting.remove();
            if (product != null) {
                context.forward(
                        new Record<>(
                                product.productId(),
                                product.toView(wallClock()),
                                product.changedAt().toEpochMilli()),
                        InventoryTopology.WRITE_STOCK);
            }
        }
    }
}
