package io.flashsale.orders.topology;

import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.OrderTick.SweepOrders;
import io.flashsale.orders.domain.Order;
import io.flashsale.orders.domain.WebhookRecord;
import io.flashsale.streams.topology.Retention;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Takes ended orders and old notifications out of their stores. When that may be they say themselves. */
final class OrderMemory {

    private static final String ORDER = "order:";
    private static final String WEBHOOK = "webhook:";

    private final Retention timers;
    private final KeyValueStore<String, Order> orders;
    private final KeyValueStore<String, WebhookRecord> webhooks;

    OrderMemory(Retention timers, KeyValueStore<String, Order> orders, KeyValueStore<String, WebhookRecord> webhooks) {
        this.timers = timers;
        this.orders = orders;
        this.webhooks = webhooks;
    }

    /** Each end of an order sets a timer; the ones before the last find that it is too early. */
    void changed(@Nullable Order before, Order after) {
        if (before == null || !Objects.equals(before.keptUntil(), after.keptUntil())) {
            keep(after);
        }
    }

    private void keep(Order order) {
        Instant end = order.keptUntil();
        if (end != null) {
            timers.keep(ORDER + order.orderId(), end);
        }
    }

    void recorded(String key, WebhookRecord webhook) {
        Instant end = webhook.keptUntil();
        if (end != null) {
            timers.keep(WEBHOOK + key, end);
        }
    }

    /** A tick for the partition, if something seems to be due. */
    Optional<SweepOrders> due(Instant wallClock) {
        return timers.due(wallClock).map(timer -> new SweepOrders(productOf(timer)));
    }

    void sweep(Instant logTime) {
        timers.sweep(logTime, timer -> {
            if (timer.startsWith(ORDER)) {
                forgetOrder(timer.substring(ORDER.length()), logTime);
            } else {
                forgetWebhook(timer.substring(WEBHOOK.length()), logTime);
            }
        });
    }

    private void forgetOrder(String orderId, Instant logTime) {
        Order order = orders.get(orderId);
        // It may have ended once more since, with a timer for that.
        if (order != null && order.isOver(logTime)) {
            orders.delete(orderId);
        }
    }

    private void forgetWebhook(String key, Instant logTime) {
        WebhookRecord webhook = webhooks.get(key);
        // It may have been forgotten and have come again since, with a timer for that.
        if (webhook != null && webhook.isOver(logTime)) {
            webhooks.delete(key);
        }
    }

    private static String productOf(String timer) {
        return timer.startsWith(ORDER)
                ? OrderId.productOf(timer.substring(ORDER.length())).orElseThrow()
                : InputKeys.productOf(timer.substring(WEBHOOK.length()));
    }
}
