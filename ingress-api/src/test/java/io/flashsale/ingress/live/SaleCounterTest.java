package io.flashsale.ingress.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.HoldExpired;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.InventoryEvent.HoldRejected;
import io.flashsale.contracts.InventoryEvent.SoldOut;
import io.flashsale.contracts.InventoryEvent.StockSold;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.ingress.gateway.DecisionTimes.Lately;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class SaleCounterTest {

    private static final Instant TIME = Instant.parse("2026-11-20T10:00:00Z");

    private final SaleCounter counter = new SaleCounter();

    @Test
    void countsPerSecondAndAnewEachTime() {
        for (int i = 0; i < 3; i++) {
            count(new HoldPlaced("lamp", "h", 2, null, BigDecimal.ONE, "EUR", TIME, TIME));
        }
        count(refused(RefusalCode.INSUFFICIENT_STOCK));
        count(refused(RefusalCode.INSUFFICIENT_STOCK));
        count(refused(RefusalCode.LIMIT_EXCEEDED));
        count(new StockSold("lamp", "o", 4));
        count(new HoldExpired("lamp", "h", 2, TIME));
        count(new SoldOut("lamp", TIME));

        assertThat(counter.take(2, Optional.of(new Lately(8.04, 21))))
                .isEqualTo(
                        new Rates(1.5, Map.of("insufficient-stock", 1.0, "limit-exceeded", 0.5), 0, 2, 0.5, 8.0, 21.0));
        assertThat(counter.take(1, Optional.empty())).isEqualTo(new Rates(0, Map.of(), 0, 0, 0, null, null));
    }

    @Test
    void whatCannotBeReadStopsNothing() {
        ConsumerRecord<String, byte[]> garbage =
                new ConsumerRecord<>("inventory-events", 0, 0, "lamp", "not json".getBytes(StandardCharsets.UTF_8));
        garbage.headers().add("ce_type", "HoldRejected".getBytes(StandardCharsets.UTF_8));
        counter.count(garbage);
        counter.count(new ConsumerRecord<>("inventory-events", 0, 1, "lamp", null));

        assertThat(counter.take(1, Optional.empty()).refused()).isEmpty();
    }

    private void count(InventoryEvent event) {
        ConsumerRecord<String, byte[]> published = new ConsumerRecord<>(
                "inventory-events",
                0,
                0,
                "lamp",
                Json.MAPPER.writerFor(InventoryEvent.class).writeValueAsBytes(event));
        published.headers().add("ce_type", event.getClass().getSimpleName().getBytes(StandardCharsets.UTF_8));
        counter.count(published);
    }

    private static HoldRejected refused(RefusalCode code) {
        return new HoldRejected("lamp", "h", 1, null, Refusal.of(code, "Expected, but."));
    }
}
