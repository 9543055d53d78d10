package io.flashsale.ingress.live;

import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.HoldExpired;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.InventoryEvent.HoldRedeemed;
import io.flashsale.contracts.InventoryEvent.HoldRejected;
import io.flashsale.contracts.InventoryEvent.StockSold;
import io.flashsale.contracts.Json;
import io.flashsale.ingress.gateway.DecisionTimes.Lately;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Counts the events of the inventory, whichever instance decided. */
final class SaleCounter {

    private static final String HOLD_PLACED = HoldPlaced.class.getSimpleName();
    private static final String HOLD_REDEEMED = HoldRedeemed.class.getSimpleName();
    private static final String HOLD_EXPIRED = HoldExpired.class.getSimpleName();

    /** What must be read to be counted; of the others their header says enough. */
    private static final Set<String> READ = Set.of(HoldRejected.class.getSimpleName(), StockSold.class.getSimpleName());

    private final Map<String, Long> refused = new TreeMap<>();
    private long holds;
    private long orders;
    private long sold;
    private long expired;

    synchronized void count(ConsumerRecord<String, byte[]> event) {
        String type = typeOf(event);
        if (type.equals(HOLD_PLACED)) {
            holds++;
        } else if (type.equals(HOLD_REDEEMED)) {
            orders++;
        } else if (type.equals(HOLD_EXPIRED)) {
            expired++;
        } else if (READ.contains(type)) {
            countRead(event.value());
        }
    }

    private void countRead(byte @Nullable [] value) {
        try {
            InventoryEvent event = Json.MAPPER.readValue(value, InventoryEvent.class);
            if (event instanceof HoldRejected rejected) {
                refused.merge(rejected.refusal().code().code(), 1L, Long::sum);
            } else if (event instanceof StockSold paid) {
                sold += paid.quantity();
            }
        } catch (JacksonException | IllegalArgumentException unreadable) {
            // Of a version to come. A number that is shown for a second is not worth a word in the log.
        }
    }

    /**
     * Counts anew from now on.
     *
     * @param seconds since the last time
     */
    synchronized Rates take(double seconds, Optional<Lately> times) {
        Map<String, Double> refusals = new TreeMap<>();
        refused.forEach((code, count) -> refusals.put(code, rate(count, seconds)));
        Rates rates = new Rates(
                rate(holds, seconds),
                refusals,
                rate(orders, seconds),
                rate(sold, seconds),
                rate(expired, seconds),
                times.map(lately -> rounded(lately.p50())).orElse(null),
                times.map(lately -> rounded(lately.p99())).orElse(null));
        refused.clear();
        holds = 0;
        orders = 0;
        sold = 0;
        expired = 0;
        return rates;
    }

    private static String typeOf(ConsumerRecord<String, byte[]> event) {
        Header type = event.headers().lastHeader("ce_type");
        return type == null || type.value() == null ? "" : new String(type.value(), StandardCharsets.UTF_8);
    }

    private static double rate(long count, double seconds) {
        return rounded(count / seconds);
    }

    private static double rounded(double number) {
        return Math.round(number * 10) / 10.0;
    }
}
