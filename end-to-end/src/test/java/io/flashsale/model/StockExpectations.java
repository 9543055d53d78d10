package io.flashsale.model;

import io.flashsale.contracts.HoldCommand.ExtendHold;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldCommand.ReleaseHold;
import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.BackInStock;
import io.flashsale.contracts.InventoryEvent.HoldExtended;
import io.flashsale.contracts.InventoryEvent.LowStock;
import io.flashsale.contracts.InventoryEvent.ProductDefined;
import io.flashsale.contracts.InventoryEvent.RedeemRejected;
import io.flashsale.contracts.InventoryEvent.SoldOut;
import io.flashsale.contracts.InventoryEvent.StockAdjusted;
import io.flashsale.contracts.InventoryInput;
import io.flashsale.contracts.InventoryTick.ExpireHold;
import io.flashsale.contracts.InventoryTick.SweepInventory;
import io.flashsale.contracts.Limits;
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderEvent.LatePaymentReceived;
import io.flashsale.contracts.OrderEvent.OrderCancelled;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.contracts.ProductCommand.AdjustStock;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.Reply.HoldAnswer;
import io.flashsale.contracts.Reply.ProductAnswer;
import io.flashsale.contracts.Reply.Refused;
import io.flashsale.contracts.SaleRules;
import io.flashsale.model.Promises.Asked;
import io.flashsale.model.Promises.Extension;
import io.flashsale.model.Promises.Kind;
import io.flashsale.model.StockLedger.HoldBook;
import io.flashsale.model.StockLedger.ProductBook;
import io.flashsale.model.StockLedger.RefusedHold;
import io.flashsale.model.StockLedger.Units;
import io.flashsale.model.Trace.Step;
import io.flashsale.model.Trace.Terms;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the inventory has to decide, signal and answer, recomputed from the auditor's books. */
final class StockExpectations {

    /** @param low what {@link ProductBook#isLow} said */
    private record Before(boolean defined, int available, boolean low) {}

    private final Terms terms;
    private final StockLedger ledger;

    /** What the product of the present step was before it. */
    private Before before;

    StockExpectations(Terms terms, StockLedger ledger) {
        this.terms = terms;
        this.ledger = ledger;
    }

    // ---- what has to be decided, as names of events; signals apart

    List<String> expected(InventoryInput input, Instant time, Asked asked) {
        ProductBook product = ledger.products.get(input.productId());
        before = product == null ? new Before(false, 0, false) : new Before(true, product.available, product.isLow());
        return switch (input) {
            case DefineProduct command -> isChange(product, command) ? List.of("ProductDefined") : List.of();
            case AdjustStock command ->
                asked.isNew() && refusalOf(command) == null ? List.of("StockAdjusted") : List.of();
            case PlaceHold command ->
                !asked.isNew() ? List.of() : List.of(refusalOf(command, time) == null ? "HoldPlaced" : "HoldRejected");
            case ReleaseHold command -> ended(command.holdId(), time, "HoldReleased");
            case ExtendHold command -> expectedOf(command, time, asked);
            case CreateOrder command -> expectedOf(command, time, asked);
            case CancelOrder ignored -> List.of();
            case ExpireHold tick -> isOverdue(tick.holdId(), time) ? List.of("HoldExpired") : List.of();
            case SweepInventory ignored -> List.of();
            case OrderPaid event -> unitsAre(event, Units.PENDING) ? List.of("StockSold") : List.of();
            case OrderCancelled event -> unitsAre(event, Units.PENDING) ? List.of("StockReturned") : List.of();
            case LatePaymentReceived event ->
                List.of(
                        unitsAre(event, Units.RETURNED) && product.available >= event.quantity()
                                ? "StockReacquired"
                                : "ReacquireRefused");
            default -> List.of();
        };
    }

    private boolean isChange(ProductBook product, DefineProduct command) {
        if (product == null) {
            return true;
        }
        ProductDefined now = product.definition;
        boolean same = command.name().equals(now.name())
                && command.price().equals(now.price())
                && command.totalStock() == product.total
                && (command.currency() == null || command.currency().equals(now.currency()))
                && (command.holdTtlSeconds() == null || command.holdTtlSeconds() == now.holdTtlSeconds())
                && command.rules().equals(now.rules());
        return !same && command.totalStock() >= product.committed();
    }

    private List<String> expectedOf(ExtendHold command, Instant time, Asked asked) {
        if (!asked.isNew()) {
            return List.of();
        }
        List<String> expected = ended(command.holdId(), time, "HoldExtended");
        boolean refused = refusalOf(command) != null || isRepeatedExtension(command);
        return expected.contains("HoldExtended") && refused ? List.of() : expected;
    }

    private List<String> expectedOf(CreateOrder command, Instant time, Asked asked) {
        if (!asked.isNew()) {
            boolean told = asked.kind() == Kind.OTHER || asked.request().reply != null;
            return told ? List.of() : List.of("RedeemRejected");
        }
        if (isOverdue(command.holdId(), time)) {
            return List.of("HoldExpired", "RedeemRejected");
        }
        HoldBook hold = ledger.holds.get(command.holdId());
        return List.of(hold != null && hold.units == Units.HELD ? "HoldRedeemed" : "RedeemRejected");
    }

    /** What a command finds that needs an active hold. */
    private List<String> ended(String holdId, Instant time, String otherwise) {
        HoldBook hold = ledger.holds.get(holdId);
        if (hold == null || hold.units != Units.HELD) {
            return List.of();
        }
        return List.of(hold.isOverdueAt(time) ? "HoldExpired" : otherwise);
    }

    private boolean isOverdue(String holdId, Instant time) {
        HoldBook hold = ledger.holds.get(holdId);
        return hold != null && hold.isOverdueAt(time);
    }

    private boolean unitsAre(OrderEvent event, Units units) {
        HoldBook hold = ledger.holdOf(event.orderId());
        return hold != null && hold.units == units;
    }

    // ---- what has to be refused; a refusal without a detail, or null

    private Refusal refusalOf(DefineProduct command) {
        ProductBook product = ledger.products.get(command.productId());
        return product != null && command.totalStock() < product.committed()
                ? no(RefusalCode.STOCK_BELOW_COMMITTED)
                : null;
    }

    private Refusal refusalOf(AdjustStock command) {
        ProductBook product = ledger.products.get(command.productId());
        if (product == null) {
            return no(RefusalCode.PRODUCT_NOT_FOUND);
        }
        if (product.available + command.delta() < 0) {
            return no(RefusalCode.STOCK_BELOW_COMMITTED);
        }
        return (long) product.total + command.delta() > Limits.MAX_TOTAL_STOCK ? limit(Limits.MAX_TOTAL_STOCK) : null;
    }

    Refusal refusalOf(PlaceHold command, Instant time) {
        ProductBook product = ledger.products.get(command.productId());
        if (product == null) {
            return no(RefusalCode.PRODUCT_NOT_FOUND);
        }
        SaleRules rules = product.rules();
        if (StockLedger.statusAt(rules, time) != null) {
            return new Refusal(
                    RefusalCode.SALE_NOT_OPEN, "", null, null, null, rules.saleStartsAt(), rules.saleEndsAt(), null);
        }
        if (rules.maxPerCustomer() != null && command.customerId() == null) {
            return Refusal.missing("customer_id", "");
        }
        if (rules.maxQuantityPerHold() != null && command.quantity() > rules.maxQuantityPerHold()) {
            return limit(rules.maxQuantityPerHold());
        }
        if (rules.maxPerCustomer() != null
                && ledger.unitsOf(command.productId(), command.customerId()) + command.quantity()
                        > rules.maxPerCustomer()) {
            return limit(rules.maxPerCustomer());
        }
        return product.available < command.quantity()
                ? Promises.withoutDetail(Refusal.insufficientStock(command.quantity(), product.available))
                : null;
    }

    /** Why a hold cannot be released, extended or ordered any more, or null. */
    Refusal refusalOf(String holdId) {
        HoldBook hold = ledger.holds.get(holdId);
        if (hold == null) {
            return no(RefusalCode.HOLD_NOT_FOUND);
        }
        return switch (hold.units) {
            case HELD -> null;
            case EXPIRED -> no(RefusalCode.HOLD_EXPIRED);
            case RELEASED -> no(RefusalCode.HOLD_RELEASED);
            case PENDING, SOLD, RETURNED ->
                Promises.withoutDetail(Refusal.alreadyUsed(holdId, "o_" + holdId.substring(2)));
        };
    }

    private Refusal refusalOf(ReleaseHold command) {
        HoldBook hold = ledger.holds.get(command.holdId());
        return hold == null || hold.units.areOrdered() ? refusalOf(command.holdId()) : null;
    }

    Refusal refusalOf(ExtendHold command) {
        HoldBook hold = ledger.holds.get(command.holdId());
        if (hold == null || hold.units != Units.HELD) {
            return refusalOf(command.holdId());
        }
        if (hold.extensions >= terms.maxExtensions()) {
            return isRepeatedExtension(command) ? null : limit(terms.maxExtensions());
        }
        int left = hold.secondsLeftToExtend();
        return left == 0 || command.seconds() != null && command.seconds() > left ? limit(left) : null;
    }

    /** Without a key, what was done last and cannot be done again is that request again. */
    boolean isRepeatedExtension(ExtendHold command) {
        HoldBook hold = ledger.holds.get(command.holdId());
        return hold != null
                && hold.units == Units.HELD
                && command.idempotencyKey() == null
                && hold.extensions >= terms.maxExtensions()
                && hold.wasLastExtendedBy(command.seconds());
    }

    private static Refusal no(RefusalCode code) {
        return Refusal.of(code, "");
    }

    private static Refusal limit(int limit) {
        return Refusal.limitExceeded(limit, "");
    }

    // ---- signals

    /** What the product's stock has to be said to be once the step is written. */
    List<InventoryEvent> expectedSignals(String productId, Instant time) {
        ProductBook product = ledger.products.get(productId);
        List<InventoryEvent> signals = new ArrayList<>();
        if (!before.defined() || product == null) {
            return signals;
        }
        if (before.available() > 0 && product.available == 0) {
            signals.add(new SoldOut(productId, time));
        }
        if (before.available() == 0 && product.available > 0) {
            signals.add(new BackInStock(productId, product.available, time));
        }
        if (before.available() > 0 && !before.low() && product.isLow()) {
            signals.add(
                    new LowStock(productId, product.available, product.rules().lowStockThreshold(), time));
        }
        return signals;
    }

    // ---- answers

    /** What the caller of this step has to be told, or null if orders tell it. Asked when its events are written. */
    Reply replyTo(Step step, Asked asked) {
        if (asked.kind() == Kind.OTHER) {
            return new Refused(no(RefusalCode.IDEMPOTENCY_KEY_REUSED), false);
        }
        if (asked.kind() == Kind.SAME) {
            Reply known = asked.request().reply;
            return known == null ? null : Promises.replayed(known);
        }
        ProductBook product = ledger.products.get(((InventoryInput) step.input()).productId());
        return switch (step.input()) {
            case DefineProduct command -> {
                Refusal refusal = refusalOf(command);
                yield refusal == null
                        ? new ProductAnswer(StockLedger.view(product, step.time()), !before.defined(), false)
                        : new Refused(refusal, false);
            }
            case AdjustStock command ->
                did(step, StockAdjusted.class)
                        ? new ProductAnswer(StockLedger.view(product, step.time()), false, false)
                        : new Refused(refusalOf(command), false);
            case PlaceHold command -> {
                RefusedHold refused = ledger.refusedHolds.get(command.holdId());
                yield refused == null
                        ? new HoldAnswer(StockLedger.firstView(ledger.holds.get(command.holdId())), false)
                        : new Refused(refused.event().refusal(), false);
            }
            case ReleaseHold command -> {
                Refusal refusal = refusalOf(command);
                yield refusal == null
                        ? new HoldAnswer(
                                StockLedger.view(ledger.holds.get(command.holdId())),
                                step.events().isEmpty())
                        : new Refused(refusal, false);
            }
            case ExtendHold command -> replyTo(command, step);
            case CreateOrder ignored ->
                step.events().stream()
                        .filter(RedeemRejected.class::isInstance)
                        .map(event -> (Reply) new Refused(((RedeemRejected) event).refusal(), false))
                        .findFirst()
                        .orElse(null);
            default -> null;
        };
    }

    private Reply replyTo(ExtendHold command, Step step) {
        HoldBook hold = ledger.holds.get(command.holdId());
        if (did(step, HoldExtended.class)) {
            return new HoldAnswer(StockLedger.view(hold), false);
        }
        return isRepeatedExtension(command)
                ? new HoldAnswer(StockLedger.view(hold), true)
                : new Refused(refusalOf(command), false);
    }

    /** Whether a command under a key is remembered: what changed nothing is not, except a refused order. */
    static boolean isRemembered(Step step) {
        return step.input() instanceof PlaceHold
                || step.input() instanceof CreateOrder
                || did(step, StockAdjusted.class)
                || did(step, HoldExtended.class);
    }

    /** What the extension that was just written came to. */
    Extension extensionBy(ExtendHold command) {
        HoldBook hold = ledger.holds.get(command.holdId());
        return new Extension(command.holdId(), hold.lastExtendedBy, hold.lastExtendedBy + hold.secondsLeftToExtend());
    }

    private static boolean did(Step step, Class<? extends InventoryEvent> event) {
        return step.events().stream().anyMatch(event::isInstance);
    }
}
