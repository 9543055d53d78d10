package io.flashsale.local.audit;

import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.BackInStock;
import io.flashsale.contracts.InventoryEvent.HoldExpired;
import io.flashsale.contracts.InventoryEvent.HoldExtended;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.InventoryEvent.HoldRedeemed;
import io.flashsale.contracts.InventoryEvent.HoldRejected;
import io.flashsale.contracts.InventoryEvent.HoldReleased;
import io.flashsale.contracts.InventoryEvent.LowStock;
import io.flashsale.contracts.InventoryEvent.ProductDefined;
import io.flashsale.contracts.InventoryEvent.ReacquireRefused;
import io.flashsale.contracts.InventoryEvent.RedeemRejected;
import io.flashsale.contracts.InventoryEvent.SoldOut;
import io.flashsale.contracts.InventoryEvent.StockAdjusted;
import io.flashsale.contracts.InventoryEvent.StockReacquired;
import io.flashsale.contracts.InventoryEvent.StockReturned;
import io.flashsale.contracts.InventoryEvent.StockSold;
import io.flashsale.contracts.Limits;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.SaleRules;
import io.flashsale.local.audit.Trail.Stage;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the inventory says of one partition, judged event by event. What is not possible is reported and not booked. */
final class InventoryAudit {

    private static final Set<RefusalCode> NOT_OF_AN_ACTIVE_HOLD = Set.of(
            RefusalCode.HOLD_NOT_FOUND,
            RefusalCode.HOLD_EXPIRED,
            RefusalCode.HOLD_RELEASED,
            RefusalCode.HOLD_ALREADY_USED);

    private final Coverage coverage;

    InventoryAudit(Coverage coverage) {
        this.coverage = coverage;
    }

    void write(ProductBook book, InventoryEvent event, Entry entry) {
        switch (event) {
            case ProductDefined e -> book.stock.define(e);
            case StockAdjusted e -> book.stock.adjust(e);
            case HoldPlaced e -> place(book, e, entry);
            case HoldRejected e -> reject(book, e, entry);
            case HoldReleased e -> giveUp(book, e.holdId(), e.quantity(), Stage.RELEASED, entry);
            case HoldExpired e -> expire(book, e, entry);
            case HoldExtended e -> extend(book, e, entry);
            case HoldRedeemed e -> redeem(book, e, entry);
            case RedeemRejected e -> reject(book, e, entry);
            case StockSold e -> sell(book, e, entry);
            case StockReturned e -> giveBack(book, e, entry);
            case StockReacquired e -> takeAgain(book, e, entry);
            case ReacquireRefused e -> refuseToTakeAgain(book, e, entry);
            case SoldOut ignored -> requireAvailable(book, 0, event, entry);
            case LowStock e -> requireAvailable(book, e.available(), event, entry);
            case BackInStock e -> requireAvailable(book, e.available(), event, entry);
        }
        requireConserved(book, event, entry);
    }

    private void requireConserved(ProductBook book, InventoryEvent event, Entry entry) {
        if (!coverage.inventory()) {
            return;
        }
        if (moves(event)) {
            book.lastChange = entry.at();
        }
        String objection = book.stock.objection();
        if (objection != null && !book.stockIsWrong) {
            entry.report(
                    Rule.CONSERVATION,
                    "after " + event.getClass().getSimpleName() + " there are " + objection + " units.");
        }
        book.stockIsWrong = objection != null;
    }

    private static boolean moves(InventoryEvent event) {
        return switch (event) {
            case ProductDefined ignored -> true;
            case StockAdjusted ignored -> true;
            case HoldPlaced ignored -> true;
            case HoldReleased ignored -> true;
            case HoldExpired ignored -> true;
            case HoldRedeemed ignored -> true;
            case StockSold ignored -> true;
            case StockReturned ignored -> true;
            case StockReacquired ignored -> true;
            case HoldRejected ignored -> false;
            case HoldExtended ignored -> false;
            case RedeemRejected ignored -> false;
            case ReacquireRefused ignored -> false;
            case SoldOut ignored -> false;
            case LowStock ignored -> false;
            case BackInStock ignored -> false;
        };
    }

    // ---- holds

    private void place(ProductBook book, HoldPlaced e, Entry entry) {
        Optional<TrailKey> key = holdKey(e.holdId(), entry);
        if (key.isEmpty()) {
            return;
        }
        Trail known = book.trails.mayBeForgotten(key.get(), entry.time()) ? null : book.trails.find(key.get());
        if (known != null && known.stage != Stage.UNSEEN) {
            entry.report(
                    Rule.HOLD_ENDS_ONCE,
                    "expected a new hold, but " + e.holdId() + " was placed before and is " + known.state() + ".");
            return;
        }
        requireOnSale(book, e, entry);
        Trail trail = known == null ? new Trail() : known;
        trail.stage = Stage.HELD;
        trail.quantity = quantity(e.quantity(), entry);
        trail.unitPrice = e.unitPrice();
        trail.expiresAt = e.expiresAt();
        book.stock.place(trail.quantity);
        keep(book, key.get(), trail, entry);
    }

    private void requireOnSale(ProductBook book, HoldPlaced e, Entry entry) {
        ProductDefined product = book.stock.definition();
        if (product == null) {
            entry.require(
                    !coverage.inventory(),
                    Rule.CONSERVATION,
                    "hold " + e.holdId() + " was placed on a product that was never defined.");
            return;
        }
        entry.require(
                product.price().compareTo(e.unitPrice()) == 0
                        && product.currency().equals(e.currency()),
                Rule.CLAIM,
                "expected a price of " + product.price() + " " + product.currency() + ", but " + e.holdId() + " has "
                        + e.unitPrice() + " " + e.currency() + ".");
        entry.require(
                e.expiresAt().equals(e.placedAt().plusSeconds(product.holdTtlSeconds())),
                Rule.LOG_TIME,
                "expected a hold of " + product.holdTtlSeconds() + " s, but " + e.holdId() + " lasts from "
                        + e.placedAt() + " to " + e.expiresAt() + ".");
        SaleRules rules = product.rules();
        Integer most = rules.maxQuantityPerHold();
        entry.require(
                most == null || e.quantity() <= most,
                Rule.SALE_RULES,
                "expected at most " + most + " units, but hold " + e.holdId() + " has " + e.quantity() + ".");
        entry.require(
                !rules.isBeforeSale(e.placedAt()) && !rules.isAfterSale(e.placedAt()),
                Rule.SALE_RULES,
                "expected an open sale, but hold " + e.holdId() + " was placed at " + e.placedAt() + ".");
    }

    private void reject(ProductBook book, HoldRejected e, Entry entry) {
        if (!coverage.inventory()) {
            return;
        }
        long available = book.stock.available();
        RefusalCode code = e.refusal().code();
        if (code == RefusalCode.INSUFFICIENT_STOCK) {
            entry.require(
                    e.quantity() > available,
                    Rule.SALE_RULES,
                    "hold " + e.holdId() + " of " + e.quantity() + " units was refused, but " + available
                            + " were available.");
            entry.require(
                    Objects.equals(e.refusal().available(), (int) available),
                    Rule.CLAIM,
                    "a refusal says that " + e.refusal().available() + " units are available, but it were " + available
                            + ".");
        }
        entry.require(
                code != RefusalCode.PRODUCT_NOT_FOUND || book.stock.definition() == null,
                Rule.CLAIM,
                "hold " + e.holdId() + " was refused because there is no product, but it is defined.");
    }

    private void expire(ProductBook book, HoldExpired e, Entry entry) {
        Trail trail = giveUp(book, e.holdId(), e.quantity(), Stage.EXPIRED, entry);
        if (trail != null && trail.expiresAt != null) {
            entry.require(
                    !e.expiredAt().isBefore(trail.expiresAt),
                    Rule.LOG_TIME,
                    "hold " + e.holdId() + " expired at " + e.expiredAt() + ", but lasts until " + trail.expiresAt
                            + ".");
        }
    }

    /** Back to available. Returns the hold if that was possible. */
    private @Nullable Trail giveUp(ProductBook book, String holdId, int quantity, Stage to, Entry entry) {
        Optional<TrailKey> key = holdKey(holdId, entry);
        Trail trail = key.map(known -> active(book, known, holdId, entry)).orElse(null);
        if (trail == null || key.isEmpty()) {
            return null;
        }
        requireQuantity(trail, quantity, holdId, entry);
        trail.stage = to;
        book.stock.giveUpHold(trail.quantity);
        keep(book, key.get(), trail, entry);
        return trail;
    }

    private void extend(ProductBook book, HoldExtended e, Entry entry) {
        Optional<TrailKey> key = holdKey(e.holdId(), entry);
        Trail trail = key.map(known -> active(book, known, e.holdId(), entry)).orElse(null);
        if (trail == null || key.isEmpty()) {
            return;
        }
        if (trail.expiresAt != null) {
            entry.require(
                    e.extendedAt().isBefore(trail.expiresAt)
                            && e.expiresAt().equals(trail.expiresAt.plusSeconds(e.seconds())),
                    Rule.LOG_TIME,
                    "hold " + e.holdId() + " lasts until " + trail.expiresAt + " and was extended at " + e.extendedAt()
                            + " by " + e.seconds() + " s to " + e.expiresAt() + ".");
        }
        trail.expiresAt = e.expiresAt();
        keep(book, key.get(), trail, entry);
    }

    private void redeem(ProductBook book, HoldRedeemed e, Entry entry) {
        Optional<TrailKey> key = holdKey(e.holdId(), entry);
        Trail trail = key.map(known -> active(book, known, e.holdId(), entry)).orElse(null);
        if (trail == null || key.isEmpty()) {
            return;
        }
        entry.require(
                trail.expiresAt == null || e.redeemedAt().isBefore(trail.expiresAt),
                Rule.LOG_TIME,
                "hold " + e.holdId() + " was redeemed at " + e.redeemedAt() + ", but lasts until " + trail.expiresAt
                        + ".");
        entry.require(
                e.orderId().equals(OrderId.ofHold(e.holdId())),
                Rule.CLAIM,
                "hold " + e.holdId() + " became " + e.orderId() + ", which is another hold's order.");
        entry.require(
                trail.unitPrice == null || trail.unitPrice.compareTo(e.unitPrice()) == 0,
                Rule.CLAIM,
                "hold " + e.holdId() + " keeps the price " + trail.unitPrice + ", but was redeemed at " + e.unitPrice()
                        + ".");
        requireQuantity(trail, e.quantity(), e.holdId(), entry);
        trail.stage = Stage.PENDING;
        trail.unitPrice = e.unitPrice();
        book.stock.redeem(trail.quantity);
        keep(book, key.get(), trail, entry);
    }

    private void reject(ProductBook book, RedeemRejected e, Entry entry) {
        Optional<TrailKey> key = holdKey(e.holdId(), entry);
        Trail trail = key.map(book.trails::find).orElse(null);
        boolean active = trail != null && trail.stage == Stage.HELD;
        entry.require(
                !active || !NOT_OF_AN_ACTIVE_HOLD.contains(e.refusal().code()),
                Rule.SALE_RULES,
                "an order of hold " + e.holdId() + " was refused with "
                        + e.refusal().code().code() + ", but the hold is active.");
    }

    /** A hold that can still end; else it is reported. */
    private @Nullable Trail active(ProductBook book, TrailKey key, String holdId, Entry entry) {
        Trail trail = book.trails.findOrNew(key);
        if (trail.stage == Stage.HELD || (trail.stage == Stage.UNSEEN && !coverage.inventory())) {
            return trail;
        }
        String state = trail.stage == Stage.UNSEEN ? "was never placed" : "is " + trail.state();
        entry.report(Rule.HOLD_ENDS_ONCE, "expected an active hold, but " + holdId + " " + state + ".");
        return null;
    }

    // ---- what follows from orders

    private void sell(ProductBook book, StockSold e, Entry entry) {
        Trail trail = moved(book, e.orderId(), e.quantity(), Stage.PENDING, Stage.SOLD, entry);
        if (trail != null) {
            book.stock.sell(trail.quantity);
        }
    }

    private void giveBack(ProductBook book, StockReturned e, Entry entry) {
        Trail known = orderKey(e.orderId(), entry).map(book.trails::find).orElse(null);
        if (known != null && known.reacquired) {
            // It was returned once and taken again, which only a payment can have asked for.
            entry.report(Rule.STOCK_MOVES_ONCE, "the stock of " + e.orderId() + " was returned again.");
            return;
        }
        Trail trail = moved(book, e.orderId(), e.quantity(), Stage.PENDING, Stage.RETURNED, entry);
        if (trail != null) {
            book.stock.giveBack(trail.quantity);
        }
    }

    private void takeAgain(ProductBook book, StockReacquired e, Entry entry) {
        Trail trail = moved(book, e.orderId(), e.quantity(), Stage.RETURNED, Stage.PENDING, entry);
        if (trail != null) {
            book.stock.takeAgain(trail.quantity);
        }
    }

    private @Nullable Trail moved(ProductBook book, String orderId, int quantity, Stage from, Stage to, Entry entry) {
        Optional<TrailKey> key = orderKey(orderId, entry);
        if (key.isEmpty()) {
            return null;
        }
        Trail trail = book.trails.findOrNew(key.get());
        if (trail.stage != from && (trail.stage != Stage.UNSEEN || coverage.inventory())) {
            String verb = to == Stage.SOLD ? "sold" : to == Stage.RETURNED ? "returned" : "taken again";
            entry.report(
                    Rule.STOCK_MOVES_ONCE,
                    "the stock of " + orderId + " cannot be " + verb + ": its hold is " + trail.state() + ".");
            return null;
        }
        requireQuantity(trail, quantity, orderId, entry);
        trail.stage = to;
        if (to == Stage.PENDING) {
            trail.reacquired = true;
            trail.reacquireAnswers++;
        }
        keep(book, key.get(), trail, entry);
        return trail;
    }

    private void refuseToTakeAgain(ProductBook book, ReacquireRefused e, Entry entry) {
        Optional<TrailKey> key = orderKey(e.orderId(), entry);
        if (key.isEmpty()) {
            return;
        }
        Trail trail = book.trails.findOrNew(key.get());
        if (coverage.inventory()) {
            entry.require(
                    trail.stage != Stage.RETURNED || e.quantity() > book.stock.available(),
                    Rule.SALE_RULES,
                    "a late payment of " + e.orderId() + " for " + e.quantity() + " units was refused, but "
                            + book.stock.available() + " were available.");
            requireAvailable(book, e.available(), e, entry);
        }
        trail.reacquireAnswers++;
        trail.reacquireRefusals++;
        keep(book, key.get(), trail, entry);
    }

    private void requireAvailable(ProductBook book, int claimed, InventoryEvent event, Entry entry) {
        entry.require(
                !coverage.inventory() || book.stock.available() == claimed,
                Rule.CLAIM,
                event.getClass().getSimpleName() + " says that " + claimed + " units are available, but there are "
                        + book.stock.available() + ".");
    }

    private static void keep(ProductBook book, TrailKey key, Trail trail, Entry entry) {
        trail.lastOfInventory = entry.at();
        book.trails.keep(key, trail, entry.time());
    }

    /** An event that has another quantity than its hold; the hold's own is booked. */
    private static void requireQuantity(Trail trail, int claimed, String id, Entry entry) {
        if (trail.quantity == 0) {
            trail.quantity = quantity(claimed, entry);
            return;
        }
        entry.require(
                trail.quantity == claimed,
                Rule.CLAIM,
                "expected " + trail.quantity + " units, but the event of " + id + " has " + claimed + ".");
    }

    private static int quantity(int claimed, Entry entry) {
        boolean possible = entry.require(
                claimed >= 1 && claimed <= Limits.MAX_QUANTITY,
                Rule.CLAIM,
                "a quantity of " + claimed + " is not possible.");
        return possible ? claimed : 0;
    }

    private static Optional<TrailKey> holdKey(String holdId, Entry entry) {
        Optional<TrailKey> key = TrailKey.ofHold(entry.productId(), holdId);
        entry.require(key.isPresent(), Rule.READABLE, holdId + " is no hold's id of this product.");
        return key;
    }

    private static Optional<TrailKey> orderKey(String orderId, Entry entry) {
        Optional<TrailKey> key = TrailKey.ofOrder(entry.productId(), orderId);
        entry.require(key.isPresent(), Rule.READABLE, orderId + " is no order's id of this product.");
        return key;
    }
}
