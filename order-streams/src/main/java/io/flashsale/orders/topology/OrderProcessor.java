package io.flashsale.orders.topology;

import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderInput;
import io.flashsale.contracts.OrderStatus;
import io.flashsale.contracts.OrderTick;
import io.flashsale.contracts.OrderTick.ExpireParkedPayments;
import io.flashsale.contracts.OrderTick.ExpirePayment;
import io.flashsale.contracts.OrderTick.SweepOrders;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.WebhookCommand;
import io.flashsale.orders.domain.Decision;
import io.flashsale.orders.domain.Order;
import io.flashsale.orders.domain.OrderFact;
import io.flashsale.orders.domain.OrderRules;
import io.flashsale.orders.domain.OrderState;
import io.flashsale.orders.domain.ParkedPayment;
import io.flashsale.orders.domain.ParkedPayments;
import io.flashsale.orders.domain.WebhookRecord;
import io.flashsale.streams.topology.CommitPace;
import io.flashsale.streams.topology.DecidingProcessor;
import io.flashsale.streams.topology.DecisionMeters;
import io.flashsale.streams.topology.Retention;
import io.flashsale.streams.topology.Screened;
import io.flashsale.streams.topology.Timers;
import java.time.Instant;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Plumbing around {@link OrderRules}: load, decide, apply, store, forward. No rule stands here. */
final class OrderProcessor extends DecidingProcessor<OrderInput, OrderProcessor.Outcome> {

    private final OrderRules rules;
    private final Timing timing;
    private final OrderMeters outcomes;

    private KeyValueStore<String, Order> orders;
    private KeyValueStore<String, ParkedPayments> parked;
    private KeyValueStore<String, WebhookRecord> webhooks;
    private Timers timers;
    private OrderMemory memory;

    OrderProcessor(OrderRules rules, Timing timing, DecisionMeters meters, OrderMeters outcomes, CommitPace commits) {
        super(OrderTopology.WRITE_EVENTS, OrderTopology.WRITE_TICKS, meters, commits);
        this.rules = rules;
        this.timing = timing;
        this.outcomes = outcomes;
    }

    sealed interface Outcome {

        record Decided(InputKeys keys, OrderState before, Decision decision, OrderState after) implements Outcome {}

        record Sweep() implements Outcome {}
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        super.init(context);
        this.orders = context.getStateStore(OrderTopology.ORDERS);
        this.parked = context.getStateStore(OrderTopology.PARKED);
        this.webhooks = context.getStateStore(OrderTopology.WEBHOOKS);
        this.timers = new Timers(context.getStateStore(OrderTopology.TIMERS), timing.grace(), timing.batch());
        Retention retention = new Retention(context.getStateStore(OrderTopology.RETENTION), timing.batch());
        this.memory = new OrderMemory(retention, orders, webhooks);
        context.schedule(timing.punctuation(), PunctuationType.WALL_CLOCK_TIME, this::tick);
    }

    @Override
    protected @Nullable Outcome decide(Screened<OrderInput> screened) {
        if (screened.input() instanceof SweepOrders) {
            return new Outcome.Sweep();
        }
        InputKeys keys = InputKeys.of(screened.input());
        if (keys.orderId() == null) {
            return null;
        }
        if (screened.trace() != null) {
            screened.trace().order(keys.orderId());
        }
        OrderState before = load(keys);
        Decision decision = rules.decide(before, screened.input(), screened.time(), screened.caller());
        return new Outcome.Decided(keys, before, decision, applyAll(before, decision));
    }

    @Override
    protected void carryOut(Screened<OrderInput> screened, Outcome outcome) {
        switch (outcome) {
            case Outcome.Sweep ignored -> memory.sweep(screened.time());
            case Outcome.Decided decided -> {
                store(decided.keys(), decided.before(), decided.after());
                setPaymentTimer(
                        screened, decided.before().order(), decided.after().order());
                setParkingTimer(
                        screened, decided.before().parked(), decided.after().parked());
                send(screened, decided.decision());
                if (screened.input() instanceof WebhookCommand) {
                    outcomes.notified(decided.before(), decided.decision());
                }
            }
        }
    }

    private OrderState load(InputKeys keys) {
        return new OrderState(
                orders.get(keys.orderId()),
                parked.get(keys.orderId()),
                keys.webhookKey() == null ? null : webhooks.get(keys.webhookKey()),
                keys.paymentKey() == null ? null : webhooks.get(keys.paymentKey()));
    }

    private OrderState applyAll(OrderState before, Decision decision) {
        OrderState state = before;
        for (OrderFact fact : decision.facts()) {
            state = rules.apply(state, fact);
        }
        return state;
    }

    private void store(InputKeys keys, OrderState before, OrderState after) {
        Order order = after.order();
        if (order != null && order != before.order()) {
            orders.put(order.orderId(), order);
            memory.changed(before.order(), order);
        }
        if (after.parked() != before.parked()) {
            parked.put(keys.orderId(), after.parked());
        }
        storeWebhook(keys.webhookKey(), before.webhook(), after.webhook());
        storeWebhook(keys.paymentKey(), before.payment(), after.payment());
    }

    private void storeWebhook(@Nullable String key, @Nullable WebhookRecord before, @Nullable WebhookRecord after) {
        if (key != null && after != null && after != before) {
            webhooks.put(key, after);
            memory.recorded(key, after);
        }
    }

    private void setPaymentTimer(Screened<OrderInput> screened, @Nullable Order before, @Nullable Order after) {
        if (after == null || after.status() != OrderStatus.PENDING_PAYMENT) {
            return;
        }
        String timer = Deadline.PAYMENT.timerOf(after.orderId());
        if (before == null || before.status() != OrderStatus.PENDING_PAYMENT) {
            timers.arm(after.paymentDueAt(), timer);
        } else if (screened.input() instanceof ExpirePayment) {
            timers.rearm(after.paymentDueAt(), screened.time(), wallClock(), timer);
        }
    }

    private void setParkingTimer(
            Screened<OrderInput> screened, @Nullable ParkedPayments before, @Nullable ParkedPayments after) {
        if (after == null) {
            return;
        }
        ParkedPayment first = after.payments().getFirst();
        String timer = Deadline.PARKING.timerOf(first.payment().orderId());
        if (after != before) {
            timers.arm(parkingEnd(after.payments().getLast()), timer);
        } else if (screened.input() instanceof ExpireParkedPayments) {
            timers.rearm(parkingEnd(first), screened.time(), wallClock(), timer);
        }
    }

    private Instant parkingEnd(ParkedPayment payment) {
        return payment.parkedAt().plus(timing.parkingTime());
    }

    private void send(Screened<OrderInput> screened, Decision decision) {
        int number = 0;
        for (OrderEvent event : decision.events()) {
            outputs().event(event.productId(), event, screened.origin(), number++, screened.time(), null);
            outcomes.decided(event);
            OrderLog.decided(screened, event);
        }
        for (Decision.Answer answer : decision.answers()) {
            outputs().reply(answer.caller(), answer.reply(), screened.time());
        }
        decision.refusal().ifPresent(refusal -> {
            outputs().refused(screened, refusal);
            OrderLog.refused(screened, refusal);
        });
        Refusal untold = decision.untoldRefusal();
        if (untold != null) {
            outputs().deadLetter(screened, untold.code().code(), untold.detail());
        }
    }

    private void tick(long timestamp) {
        timers.fire(wallClock(), timer -> {
            OrderTick tick = Deadline.tickOf(timer);
            outputs().tick(tick.productId(), tick, wallClock());
        });
        memory.due(wallClock()).ifPresent(sweep -> outputs().tick(sweep.productId(), sweep, wallClock()));
    }
}
