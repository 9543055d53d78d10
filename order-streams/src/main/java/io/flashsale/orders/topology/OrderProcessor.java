package io.flashsale.orders.topology;

import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderInput;
import io.flashsale.contracts.OrderStatus;
import io.flashsale.contracts.OrderTick;
import io.flashsale.contracts.OrderTick.ExpireParkedPayments;
import io.flashsale.contracts.OrderTick.ExpirePayment;
import io.flashsale.contracts.Refusal;
import io.flashsale.orders.domain.Decision;
import io.flashsale.orders.domain.Order;
import io.flashsale.orders.domain.OrderFact;
import io.flashsale.orders.domain.OrderRules;
import io.flashsale.orders.domain.OrderState;
import io.flashsale.orders.domain.ParkedPayment;
import io.flashsale.orders.domain.ParkedPayments;
import io.flashsale.orders.domain.WebhookRecord;
import io.flashsale.streams.topology.Outputs;
import io.flashsale.streams.topology.Screened;
import io.flashsale.streams.topology.Timers;
import java.time.Instant;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Plumbing around {@link OrderRules}: load, decide, apply, store, forward. No rule stands here. */
final class OrderProcessor implements Processor<byte[], Screened<OrderInput>, Object, Object> {

    private final OrderRules rules;
    private final Timing timing;

    private ProcessorContext<Object, Object> context;
    private Outputs outputs;
    private KeyValueStore<String, Order> orders;
    private KeyValueStore<String, ParkedPayments> parked;
    private KeyValueStore<String, WebhookRecord> webhooks;
    private Timers timers;

    OrderProcessor(OrderRules rules, Timing timing) {
        this.rules = rules;
        this.timing = timing;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        this.context = context;
        this.outputs = new Outputs(context, OrderTopology.WRITE_EVENTS, OrderTopology.WRITE_TICKS);
        this.orders = context.getStateStore(OrderTopology.ORDERS);
        this.parked = context.getStateStore(OrderTopology.PARKED);
        this.webhooks = context.getStateStore(OrderTopology.WEBHOOKS);
        this.timers = new Timers(context.getStateStore(OrderTopology.TIMERS), timing.grace(), timing.batch());
        context.schedule(timing.punctuation(), PunctuationType.WALL_CLOCK_TIME, this::tickPassedDeadlines);
    }

    @Override
    public void process(Record<byte[], Screened<OrderInput>> record) {
        Screened<OrderInput> screened = record.value();
        InputKeys keys;
        OrderState before;
        Decision decision;
        OrderState after;
        try {
            keys = InputKeys.of(screened.input());
            if (keys.orderId() == null) {
                return;
            }
            before = load(keys);
            decision = rules.decide(before, screened.input(), screened.time(), screened.caller());
            after = applyAll(before, decision);
        } catch (KafkaException stores) {
            throw stores;
        } catch (RuntimeException fault) {
            outputs.putAside(screened, fault);
            return;
        }
        store(keys, before, after);
        setTimers(screened, keys.orderId(), before, after);
        send(screened, decision);
    }

    private OrderState load(InputKeys keys) {
        return new OrderState(
                orders.get(keys.orderId()),
                parked.get(keys.orderId()),
                keys.webhookKey() == null ? null : webhooks.get(keys.webhookKey()));
    }

    private OrderState applyAll(OrderState before, Decision decision) {
        OrderState state = before;
        for (OrderFact fact : decision.facts()) {
            state = rules.apply(state, fact);
        }
        return state;
    }

    private void store(InputKeys keys, OrderState before, OrderState after) {
        if (after.order() != before.order()) {
            orders.put(keys.orderId(), after.order());
        }
        if (after.parked() != before.parked()) {
            parked.put(keys.orderId(), after.parked());
        }
        if (after.webhook() != before.webhook()) {
            webhooks.put(keys.webhookKey(), after.webhook());
        }
    }

    private void setTimers(Screened<OrderInput> screened, String orderId, OrderState before, OrderState after) {
        Order order = after.order();
        if (order != null && order.status() == OrderStatus.PENDING_PAYMENT) {
            if (before.order() == null) {
                timers.arm(order.paymentDueAt(), Deadline.PAYMENT.timerOf(orderId));
            } else if (screened.input() instanceof ExpirePayment) {
                timers.rearm(order.paymentDueAt(), screened.time(), wallClock(), Deadline.PAYMENT.timerOf(orderId));
            }
        }
        ParkedPayments waiting = after.parked();
        if (waiting == null || waiting.payments().isEmpty()) {
            return;
        }
        if (waiting != before.parked()) {
            timers.arm(parkingEnd(waiting.payments().getLast()), Deadline.PARKING.timerOf(orderId));
        } else if (screened.input() instanceof ExpireParkedPayments) {
            timers.rearm(
                    parkingEnd(waiting.payments().getFirst()),
                    screened.time(),
                    wallClock(),
                    Deadline.PARKING.timerOf(orderId));
        }
    }

    private Instant parkingEnd(ParkedPayment payment) {
        return payment.parkedAt().plus(timing.parkingTime());
    }

    private void send(Screened<OrderInput> screened, Decision decision) {
        int number = 0;
        for (OrderEvent event : decision.events()) {
            outputs.event(event.productId(), event, screened.origin(), number++, screened.time(), null);
        }
        for (Decision.Answer answer : decision.answers()) {
            outputs.reply(answer.caller(), answer.reply(), screened.time());
        }
        Refusal untold = decision.untoldRefusal();
        if (untold != null) {
            outputs.deadLetter(screened, untold.code().code(), untold.detail());
        }
    }

    private void tickPassedDeadlines(long timestamp) {
        timers.fire(wallClock(), timer -> {
            OrderTick tick = Deadline.tickOf(timer);
            outputs.tick(tick.productId(), tick, wallClock());
        });
    }

    private Instant wallClock() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
