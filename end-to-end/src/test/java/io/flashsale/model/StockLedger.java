package io.flashsale.model;

import io.flashsale.contracts.HoldStatus;
import io.flashsale.contracts.HoldView;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.InventoryEvent.HoldRejected;
import io.flashsale.contracts.InventoryEvent.ProductDefined;
import io.flashsale.contracts.ProductView;
import io.flashsale.contracts.SaleRules;
import io.flashsale.contracts.SaleStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** What the auditor's books say of products and holds. */
final class StockLedger {

    enum Units {
        HELD,
        EXPIRED,
        RELEASED,
        PENDING,
        SOLD,
        RETURNED;

        boolean areOrdered() {
            return this == PENDING || this == SOLD || this == RETURNED;
        }

        boolean areTheCustomers() {
            return this == HELD || this == PENDING || this == SOLD;
        }
    }

    static final class ProductBook {
        ProductDefined definition;
        int total;
        int available;
        int held;
        int pending;
        int sold;
        int activeHolds;
        long revision;
        Instant changedAt;

        int committed() {
            return held + pending + sold;
        }

        SaleRules rules() {
            return definition.rules();
        }

        boolean isLow() {
            Integer threshold = rules().lowStockThreshold();
            return threshold != null && available > 0 && available <= threshold;
        }
    }

    static final class HoldBook {
        final HoldPlaced placed;
        Units units = Units.HELD;
        Instant expiresAt;
        Instant endedAt;
        int extensions;
        int extendedBy;
        int lastExtendedBy;
        int returns;

        HoldBook(HoldPlaced placed) {
            this.placed = placed;
            this.expiresAt = placed.expiresAt();
        }

        int firstSeconds() {
            return (int) Duration.between(placed.placedAt(), placed.expiresAt()).toSeconds();
        }

        int secondsLeftToExtend() {
            return firstSeconds() - extendedBy;
        }

        /** Whether the last extension is what is asked for: so many seconds, or all there were. */
        boolean wasLastExtendedBy(Integer seconds) {
            int all = secondsLeftToExtend() + lastExtendedBy;
            return extensions > 0 && lastExtendedBy == (seconds == null ? all : seconds);
        }

        boolean isOverdueAt(Instant time) {
            return units == Units.HELD && !time.isBefore(expiresAt);
        }

        /** Append time may step back; a key counts from its first use at least. */
        void end(Units how, Instant time) {
            units = how;
            boolean early = !how.areOrdered() && time.isBefore(placed.placedAt());
            endedAt = early ? placed.placedAt() : time;
        }
    }

    record RefusedHold(HoldRejected event, Instant at) {}

    final Map<String, ProductBook> products = new HashMap<>();
    final Map<String, HoldBook> holds = new HashMap<>();
    final Map<String, RefusedHold> refusedHolds = new HashMap<>();

    /** The hold that an order was made of, or null. */
    HoldBook holdOf(String orderId) {
        return holds.get("h_" + orderId.substring(2));
    }

    /** Units of a product that a customer has in active holds, unpaid and paid orders. */
    int unitsOf(String productId, String customerId) {
        return holds.values().stream()
                .filter(hold -> hold.placed.productId().equals(productId))
                .filter(hold -> Objects.equals(hold.placed.customerId(), customerId))
                .filter(hold -> hold.units.areTheCustomers())
                .mapToInt(hold -> hold.placed.quantity())
                .sum();
    }

    /** What the sale alone says, or null within it. */
    static SaleStatus statusAt(SaleRules rules, Instant time) {
        if (rules.saleStartsAt() != null && time.compareTo(rules.saleStartsAt()) < 0) {
            return SaleStatus.SCHEDULED;
        }
        return rules.saleEndsAt() != null && time.compareTo(rules.saleEndsAt()) >= 0 ? SaleStatus.ENDED : null;
    }

    static ProductView view(ProductBook product, Instant time) {
        ProductDefined e = product.definition;
        SaleStatus bySale = statusAt(e.rules(), time);
        SaleStatus byStock = product.available > 0 ? SaleStatus.OPEN : SaleStatus.SOLD_OUT;
        return new ProductView(
                e.productId(),
                e.name(),
                e.price(),
                e.currency(),
                product.total,
                product.available,
                product.held + product.pending,
                product.sold,
                product.activeHolds,
                bySale == null ? byStock : bySale,
                e.holdTtlSeconds(),
                product.changedAt,
                product.revision,
                e.rules());
    }

    static HoldView firstView(HoldBook hold) {
        return view(hold, HoldStatus.ACTIVE, hold.placed.expiresAt());
    }

    static HoldView view(HoldBook hold) {
        HoldStatus status = switch (hold.units) {
            case HELD -> HoldStatus.ACTIVE;
            case EXPIRED -> HoldStatus.EXPIRED;
            case RELEASED -> HoldStatus.RELEASED;
            case PENDING, SOLD, RETURNED -> HoldStatus.REDEEMED;
        };
        return view(hold, status, hold.expiresAt);
    }

    private static HoldView view(HoldBook hold, HoldStatus status, Instant expiresAt) {
        HoldPlaced e = hold.placed;
        return new HoldView(
                e.holdId(),
                e.productId(),
                e.quantity(),
                status,
                expiresAt,
                Duration.between(e.placedAt(), expiresAt).toSeconds());
    }
}
