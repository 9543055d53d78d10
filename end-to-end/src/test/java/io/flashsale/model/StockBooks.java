package io.flashsale.model;

import static io.flashsale.model.Breach.require;

import io.flashsale.contracts.HoldCommand.ExtendHold;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldCommand.ReleaseHold;
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
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderEvent.LatePaymentReceived;
import io.flashsale.contracts.OrderEvent.OrderCancelled;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.contracts.OrderStatus;
import io.flashsale.contracts.ProductCommand.AdjustStock;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.model.Auditor.Rule;
import io.flashsale.model.StockLedger.HoldBook;
import io.flashsale.model.StockLedger.ProductBook;
import io.flashsale.model.StockLedger.RefusedHold;
import io.flashsale.model.StockLedger.Units;
import io.flashsale.model.Trace.Step;
import io.flashsale.model.Trace.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Writes the auditor's books of products and holds, from events only, each of which must be possible where it stands. */
final class StockBooks {

    /** How much longer the inventory remembers a hold than orders remember its order. */
    private static final Duration LONGER_THAN_ITS_ORDER = Duration.ofDays(1);

    private final Terms terms;
    private final boolean streamsOrder;
    private final StockLedger ledger;
    private final StockExpectations expectations;
    private final OrderBooks orders;

    StockBooks(
            Terms terms, boolean streamsOrder, StockLedger ledger, StockExpectations expectations, OrderBooks orders) {
        this.terms = terms;
        this.streamsOrder = streamsOrder;
        this.ledger = ledger;
        this.expectations = expectations;
        this.orders = orders;
    }

    // ---- events

    void write(InventoryEvent event, Step step) {
        ProductBook product = ledger.products.get(event.productId());
        if (product == null) {
            product = new ProductBook();
        }
        boolean changed = true;
        switch (event) {
            case ProductDefined e -> define(product, e, step);
            case StockAdjusted e -> adjust(product, e, step);
            case HoldPlaced e -> place(product, e, step);
            case HoldReleased e -> release(product, e, step);
            case HoldExpired e -> expire(product, e, step);
            case HoldRedeemed e -> redeem(product, e, step);
            case StockSold e -> sell(product, e, step);
            case StockReturned e -> giveBack(product, e, step);
            case StockReacquired e -> takeAgain(product, e, step);
            default -> {
                changed = false;
                writeUnchanged(product, event, step);
            }
        }
        if (changed) {
            ledger.products.put(event.productId(), product);
            product.revision++;
            product.changedAt = step.time();
        }
        requireConserved(event, product);
    }

    private void writeUnchanged(ProductBook product, InventoryEvent event, Step step) {
        switch (event) {
            case HoldRejected e -> reject(e, step);
            case HoldExtended e -> extend(e, step);
            case RedeemRejected e -> reject(e, step);
            case ReacquireRefused e -> refuse(product, e, step);
            case SoldOut ignored -> {}
            case LowStock ignored -> {}
            case BackInStock ignored -> {}
            default -> throw new Breach(Rule.CLAIM, "not written down: " + event);
        }
    }

    private static void requireConserved(InventoryEvent event, ProductBook product) {
        boolean negative = product.available < 0 || product.held < 0 || product.pending < 0 || product.sold < 0;
        require(
                !negative && product.available + product.committed() == product.total && product.sold <= product.total,
                Rule.CONSERVATION,
                "after ",
                event,
                ": available ",
                product.available,
                ", held ",
                product.held,
                ", pending ",
                product.pending,
                ", sold ",
                product.sold,
                " of ",
                product.total);
    }

    private void define(ProductBook product, ProductDefined e, Step step) {
        ProductDefined old = product.definition;
        product.definition = e;
        product.total = e.totalStock();
        product.available = e.totalStock() - product.committed();
        requireConserved(e, product);
        require(
                step.input() instanceof DefineProduct asked
                        && e.equals(new ProductDefined(
                                asked.productId(),
                                asked.name(),
                                asked.price(),
                                or(asked.currency(), old == null ? terms.currency() : old.currency()),
                                asked.totalStock(),
                                or(asked.holdTtlSeconds(), old == null ? terms.holdTtlSeconds() : old.holdTtlSeconds()),
                                step.time(),
                                asked.rules())),
                Rule.DECISION,
                "not the product that was asked for: ",
                e);
    }

    private static <T> T or(T first, T otherwise) {
        return first == null ? otherwise : first;
    }

    private static void adjust(ProductBook product, StockAdjusted e, Step step) {
        require(product.definition != null, Rule.CONSERVATION, "stock of no product: ", e);
        product.total += e.delta();
        product.available += e.delta();
        require(e.totalStock() == product.total, Rule.CONSERVATION, "there are ", product.total, ", not ", e);
        require(
                step.input() instanceof AdjustStock asked
                        && e.equals(new StockAdjusted(
                                asked.productId(),
                                asked.delta(),
                                asked.reason(),
                                product.total,
                                asked.idempotencyKey(),
                                step.time()))
                        && product.total <= Limits.MAX_TOTAL_STOCK,
                Rule.DECISION,
                "not the adjustment that was asked for: ",
                e);
    }

    private void place(ProductBook product, HoldPlaced e, Step step) {
        require(
                !ledger.holds.containsKey(e.holdId()) && !ledger.refusedHolds.containsKey(e.holdId()),
                Rule.HOLD_ENDS_ONCE,
                "placed again: ",
                e);
        require(product.definition != null, Rule.CONSERVATION, "a hold of no product: ", e);
        require(step.input() instanceof PlaceHold, Rule.DECISION, "nobody asked for ", e);
        PlaceHold asked = (PlaceHold) step.input();
        require(
                e.equals(new HoldPlaced(
                        asked.productId(),
                        asked.holdId(),
                        asked.quantity(),
                        asked.customerId(),
                        product.definition.price(),
                        product.definition.currency(),
                        step.time(),
                        step.time().plusSeconds(product.definition.holdTtlSeconds()))),
                Rule.DECISION,
                "not the hold that was asked for: ",
                e);
        Refusal refusal = expectations.refusalOf(asked, step.time());
        if (refusal != null) {
            require(refusal.code() == RefusalCode.INSUFFICIENT_STOCK, ruleOf(refusal), refusal, ", but ", e);
        }
        ledger.holds.put(e.holdId(), new HoldBook(e));
        product.available -= e.quantity();
        product.held += e.quantity();
        product.activeHolds++;
    }

    private static Rule ruleOf(Refusal refusal) {
        return switch (refusal.code()) {
            case SALE_NOT_OPEN -> Rule.SALE_WINDOW;
            case LIMIT_EXCEEDED, VALIDATION_FAILED -> Rule.LIMITS;
            default -> Rule.CLAIM;
        };
    }

    private void reject(HoldRejected e, Step step) {
        require(
                step.input() instanceof PlaceHold asked
                        && e.holdId().equals(asked.holdId())
                        && e.quantity() == asked.quantity()
                        && Objects.equals(e.customerId(), asked.customerId()),
                Rule.DECISION,
                "nobody asked for ",
                e);
        Refusal right = expectations.refusalOf((PlaceHold) step.input(), step.time());
        require(
                Promises.withoutDetail(e.refusal()).equals(right),
                right != null && ruleOf(right) != Rule.CLAIM ? ruleOf(right) : ruleOf(e.refusal()),
                "expected ",
                right,
                ", but got ",
                e);
        ledger.refusedHolds.put(e.holdId(), new RefusedHold(e, step.time()));
    }

    private HoldBook active(String holdId, InventoryEvent e) {
        HoldBook hold = ledger.holds.get(holdId);
        require(hold != null && hold.units == Units.HELD, Rule.HOLD_ENDS_ONCE, "not an active hold: ", e);
        return hold;
    }

    private static void requireGood(HoldBook hold, InventoryEvent e, Step step) {
        require(
                step.time().isBefore(hold.expiresAt),
                Rule.HOLD_GOOD_UNTIL_ITS_END,
                e,
                " at ",
                step.time(),
                ", the end was ",
                hold.expiresAt);
    }

    private void release(ProductBook product, HoldReleased e, Step step) {
        HoldBook hold = active(e.holdId(), e);
        requireGood(hold, e, step);
        require(
                step.input() instanceof ReleaseHold asked
                        && asked.holdId().equals(e.holdId())
                        && e.releasedAt().equals(step.time()),
                Rule.DECISION,
                "nobody asked for ",
                e);
        end(product, hold, Units.RELEASED, e.quantity(), step);
    }

    private void expire(ProductBook product, HoldExpired e, Step step) {
        HoldBook hold = active(e.holdId(), e);
        require(
                !step.time().isBefore(hold.expiresAt),
                Rule.HOLD_GOOD_UNTIL_ITS_END,
                "expired at ",
                step.time(),
                ", before ",
                hold.expiresAt);
        require(e.expiredAt().equals(step.time()), Rule.DECISION, "another time: ", e);
        end(product, hold, Units.EXPIRED, e.quantity(), step);
    }

    private static void end(ProductBook product, HoldBook hold, Units how, int quantity, Step step) {
        require(quantity == hold.placed.quantity(), Rule.CONSERVATION, "not what was held: ", quantity);
        hold.end(how, step.time());
        product.held -= quantity;
        product.available += quantity;
        product.activeHolds--;
    }

    private void extend(HoldExtended e, Step step) {
        HoldBook hold = active(e.holdId(), e);
        requireGood(hold, e, step);
        require(step.input() instanceof ExtendHold, Rule.DECISION, "nobody asked for ", e);
        ExtendHold asked = (ExtendHold) step.input();
        int seconds = or(asked.seconds(), hold.secondsLeftToExtend());
        require(
                expectations.refusalOf(asked) == null && !expectations.isRepeatedExtension(asked) && seconds > 0,
                Rule.EXTENSION,
                "extended ",
                hold.extensions,
                " times by ",
                hold.extendedBy,
                " seconds, and now ",
                e);
        require(
                e.equals(new HoldExtended(
                        asked.productId(),
                        asked.holdId(),
                        seconds,
                        hold.expiresAt.plusSeconds(seconds),
                        asked.idempotencyKey(),
                        step.time())),
                Rule.EXTENSION,
                "not the extension that was asked for: ",
                e);
        hold.extensions++;
        hold.extendedBy += seconds;
        hold.expiresAt = e.expiresAt();
        hold.lastExtendedBy = seconds;
    }

    private void redeem(ProductBook product, HoldRedeemed e, Step step) {
        require(ledger.holds.containsKey(e.holdId()), Rule.ONE_HOLD_ONE_ORDER, "redeemed without a hold: ", e);
        HoldBook hold = active(e.holdId(), e);
        requireGood(hold, e, step);
        HoldPlaced placed = hold.placed;
        require(e.quantity() == placed.quantity(), Rule.CONSERVATION, "not what was held: ", e);
        require(
                step.input() instanceof CreateOrder asked
                        && asked.holdId().equals(e.holdId())
                        && e.equals(new HoldRedeemed(
                                placed.productId(),
                                placed.holdId(),
                                "o_" + e.holdId().substring(2),
                                placed.quantity(),
                                placed.customerId(),
                                placed.unitPrice(),
                                placed.currency(),
                                step.time(),
                                product.rules().paymentWindowSeconds(),
                                asked.idempotencyKey())),
                Rule.ONE_HOLD_ONE_ORDER,
                "not the hold that was ordered: ",
                e);
        hold.units = Units.PENDING;
        orders.redeemed(e);
        product.held -= e.quantity();
        product.pending += e.quantity();
        product.activeHolds--;
    }

    private void reject(RedeemRejected e, Step step) {
        HoldBook hold = ledger.holds.get(e.holdId());
        Refusal right = expectations.refusalOf(e.holdId());
        require(right != null, Rule.HOLD_GOOD_UNTIL_ITS_END, "refused although the hold is good: ", e);
        require(Promises.withoutDetail(e.refusal()).equals(right), Rule.CLAIM, "expected ", right, ", but got ", e);
        if (streamsOrder && right.code() == RefusalCode.HOLD_EXPIRED) {
            require(
                    !step.time().isBefore(hold.expiresAt),
                    Rule.HOLD_GOOD_UNTIL_ITS_END,
                    "an order of ",
                    step.time(),
                    " is refused, the end is ",
                    hold.expiresAt);
        }
    }

    private void sell(ProductBook product, StockSold e, Step step) {
        require(
                step.input() instanceof OrderPaid paid && paid.orderId().equals(e.orderId()),
                Rule.ONE_MOVEMENT_PER_EVENT,
                "sold without a payment: ",
                e);
        HoldBook hold = moved(e.orderId(), e.quantity(), Units.PENDING, Units.SOLD, step);
        product.pending -= hold.placed.quantity();
        product.sold += hold.placed.quantity();
    }

    private void giveBack(ProductBook product, StockReturned e, Step step) {
        require(
                step.input() instanceof OrderCancelled cancelled
                        && cancelled.orderId().equals(e.orderId()),
                Rule.ONE_MOVEMENT_PER_EVENT,
                "returned without a cancellation: ",
                e);
        HoldBook hold = moved(e.orderId(), e.quantity(), Units.PENDING, Units.RETURNED, step);
        hold.returns++;
        // An order that is paid late is never cancelled again, so once is the most there can be.
        require(hold.returns == 1, Rule.ONE_MOVEMENT_PER_EVENT, "returned again: ", e);
        product.pending -= hold.placed.quantity();
        product.available += hold.placed.quantity();
    }

    private void takeAgain(ProductBook product, StockReacquired e, Step step) {
        require(
                step.input() instanceof LatePaymentReceived late
                        && late.orderId().equals(e.orderId()),
                Rule.LATE_PAYMENT,
                "taken again without a late payment: ",
                e);
        HoldBook hold = moved(e.orderId(), e.quantity(), Units.RETURNED, Units.PENDING, step);
        product.available -= hold.placed.quantity();
        product.pending += hold.placed.quantity();
    }

    private void refuse(ProductBook product, ReacquireRefused e, Step step) {
        require(e.available() == product.available, Rule.CLAIM, "there are ", product.available, " available, not ", e);
        HoldBook hold = ledger.holdOf(e.orderId());
        if (hold != null && hold.units == Units.RETURNED) {
            hold.end(Units.RETURNED, step.time());
        }
    }

    private HoldBook moved(String orderId, int quantity, Units from, Units to, Step step) {
        HoldBook hold = ledger.holdOf(orderId);
        require(
                hold != null && hold.units == from,
                Rule.ONE_MOVEMENT_PER_EVENT,
                orderId,
                " is not ",
                from,
                " and cannot become ",
                to);
        require(quantity == hold.placed.quantity(), Rule.CONSERVATION, orderId, " has not ", quantity, " units");
        hold.end(to, step.time());
        return hold;
    }

    // ---- forgetting

    /** What is not needed any longer at this time leaves the books, too. Returns the holds that did. */
    List<String> forget(Instant time) {
        List<String> forgotten = new ArrayList<>();
        ledger.refusedHolds.forEach((id, refused) -> {
            if (isOver(refused.at(), terms.keys(), time)) {
                forgotten.add(id);
            }
        });
        ledger.holds.forEach((id, hold) -> {
            boolean ordered = hold.units.areOrdered();
            Duration kept = ordered ? terms.orders().plus(LONGER_THAN_ITS_ORDER) : terms.keys();
            boolean open = hold.units == Units.HELD || hold.units == Units.PENDING;
            if (!open && isOver(hold.endedAt, kept, time)) {
                requireSettled(id, hold);
                forgotten.add(id);
            }
        });
        forgotten.forEach(ledger.holds::remove);
        forgotten.forEach(ledger.refusedHolds::remove);
        return forgotten;
    }

    private static boolean isOver(Instant since, Duration kept, Instant time) {
        return !time.isBefore(since.plus(kept));
    }

    // ---- the end

    void requireNothingOpen() {
        ledger.products.forEach((id, product) -> require(
                product.held == 0 && product.pending == 0 && product.activeHolds == 0,
                Rule.NOTHING_STUCK,
                id,
                " has ",
                product.held,
                " held and ",
                product.pending,
                " pending at the end"));
        ledger.holds.forEach(this::requireSettled);
    }

    private void requireSettled(String holdId, HoldBook hold) {
        if (hold.units == Units.RELEASED) {
            return;
        }
        OrderStatus order = orders.outcomeOf("o_" + holdId.substring(2));
        boolean ordered = hold.units.areOrdered();
        Units right = order == OrderStatus.PAID ? Units.SOLD : Units.RETURNED;
        require(
                ordered ? order != null && hold.units == right : hold.units == Units.EXPIRED,
                Rule.NOTHING_STUCK,
                holdId,
                "'s units are ",
                hold.units,
                ", its order is ",
                order);
    }
}
