package io.flashsale.model;

import static io.flashsale.model.Breach.require;

import io.flashsale.contracts.HoldCommand.ExtendHold;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldCommand.ReleaseHold;
import io.flashsale.contracts.HoldStatus;
import io.flashsale.contracts.HoldView;
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
import io.flashsale.contracts.OrderStatus;
import io.flashsale.contracts.ProductCommand.AdjustStock;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.ProductView;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.Reply.HoldAnswer;
import io.flashsale.contracts.Reply.ProductAnswer;
import io.flashsale.contracts.Reply.Refused;
import io.flashsale.contracts.SaleRules;
import io.flashsale.contracts.SaleStatus;
import io.flashsale.model.Auditor.Rule;
import io.flashsale.model.Promises.Asked;
import io.flashsale.model.Promises.Extension;
import io.flashsale.model.Promises.Kind;
import io.flashsale.model.Trace.Step;
import io.flashsale.model.Trace.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The auditor's books of products and holds: written from events only, each of which must be possible where it stands. */
final class StockBooks {

    /** How much longer the inventory remembers a hold than orders remember its order. */
    private static final Duration LONGER_THAN_ITS_ORDER = Duration.ofDays(1);

    private enum Units {
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

    private static final class ProductBook {
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

    private static final class HoldBook {
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

    /** @param low what {@link ProductBook#isLow} said */
    private record Before(boolean defined, int available, boolean low) {}

    private record RefusedHold(HoldRejected event, Instant at) {}

    private final Terms terms;
    private final boolean streamsOrder;
    private final OrderBooks orders;
    private final Map<String, ProductBook> products = new HashMap<>();
    private final Map<String, HoldBook> holds = new HashMap<>();
    private final Map<String, RefusedHold> refusedHolds = new HashMap<>();

    /** What the product of the present step was before it. */
    private Before before;

    StockBooks(Terms terms, boolean streamsOrder, OrderBooks orders) {
        this.terms = terms;
        this.streamsOrder = streamsOrder;
        this.orders = orders;
    }

    // ---- what has to be decided, as names of events; signals apart

    List<String> expected(InventoryInput input, Instant time, Asked asked) {
        ProductBook product = products.get(input.productId());
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
        HoldBook hold = holds.get(command.holdId());
        return List.of(hold != null && hold.units == Units.HELD ? "HoldRedeemed" : "RedeemRejected");
    }

    /** What a command finds that needs an active hold. */
    private List<String> ended(String holdId, Instant time, String otherwise) {
        HoldBook hold = holds.get(holdId);
        if (hold == null || hold.units != Units.HELD) {
            return List.of();
        }
        return List.of(hold.isOverdueAt(time) ? "HoldExpired" : otherwise);
    }

    private boolean isOverdue(String holdId, Instant time) {
        HoldBook hold = holds.get(holdId);
        return hold != null && hold.isOverdueAt(time);
    }

    private boolean unitsAre(OrderEvent event, Units units) {
        HoldBook hold = holds.get("h_" + event.orderId().substring(2));
        return hold != null && hold.units == units;
    }

    // ---- what has to be refused; a refusal without a detail, or null

    private Refusal refusalOf(DefineProduct command) {
        ProductBook product = products.get(command.productId());
        return product != null && command.totalStock() < product.committed()
                ? no(RefusalCode.STOCK_BELOW_COMMITTED)
                : null;
    }

    private Refusal refusalOf(AdjustStock command) {
        ProductBook product = products.get(command.productId());
        if (product == null) {
            return no(RefusalCode.PRODUCT_NOT_FOUND);
        }
        if (product.available + command.delta() < 0) {
            return no(RefusalCode.STOCK_BELOW_COMMITTED);
        }
        return (long) product.total + command.delta() > Limits.MAX_TOTAL_STOCK ? limit(Limits.MAX_TOTAL_STOCK) : null;
    }

    private Refusal refusalOf(PlaceHold command, Instant time) {
        ProductBook product = products.get(command.productId());
        if (product == null) {
            return no(RefusalCode.PRODUCT_NOT_FOUND);
        }
        SaleRules rules = product.rules();
        if (statusAt(rules, time) != null) {
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
                && unitsOf(command.productId(), command.customerId()) + command.quantity() > rules.maxPerCustomer()) {
            return limit(rules.maxPerCustomer());
        }
        return product.available < command.quantity()
                ? Promises.withoutDetail(Refusal.insufficientStock(command.quantity(), product.available))
                : null;
    }

    private int unitsOf(String productId, String customerId) {
        return holds.values().stream()
                .filter(hold -> hold.placed.productId().equals(productId))
                .filter(hold -> Objects.equals(hold.placed.customerId(), customerId))
                .filter(hold -> hold.units.areTheCustomers())
                .mapToInt(hold -> hold.placed.quantity())
                .sum();
    }

    /** Why a hold cannot be released, extended or ordered any more, or null. */
    private Refusal refusalOf(String holdId) {
        HoldBook hold = holds.get(holdId);
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
        HoldBook hold = holds.get(command.holdId());
        return hold == null || hold.units.areOrdered() ? refusalOf(command.holdId()) : null;
    }

    private Refusal refusalOf(ExtendHold command) {
        HoldBook hold = holds.get(command.holdId());
        if (hold == null || hold.units != Units.HELD) {
            return refusalOf(command.holdId());
        }
        if (hold.extensions >= terms.maxExtensions()) {
            return isRepeatedExtension(command) ? null : limit(terms.maxExtensions());
        }
        int left = hold.secondsLeftToExtend();
        return left == 0 || command.seconds() != null && command.seconds() > left ? limit(left) : null;
    }

    private boolean isRepeatedExtension(ExtendHold command) {
        HoldBook hold = holds.get(command.holdId());
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

    // ---- events

    void write(InventoryEvent event, Step step) {
        ProductBook product = products.get(event.productId());
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
            products.put(event.productId(), product);
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
                !holds.containsKey(e.holdId()) && !refusedHolds.containsKey(e.holdId()),
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
        Refusal refusal = refusalOf(asked, step.time());
        if (refusal != null) {
            require(refusal.code() == RefusalCode.INSUFFICIENT_STOCK, ruleOf(refusal), refusal, ", but ", e);
        }
        holds.put(e.holdId(), new HoldBook(e));
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
        Refusal right = refusalOf((PlaceHold) step.input(), step.time());
        require(
                Promises.withoutDetail(e.refusal()).equals(right),
                right != null && ruleOf(right) != Rule.CLAIM ? ruleOf(right) : ruleOf(e.refusal()),
                "expected ",
                right,
                ", but got ",
                e);
        refusedHolds.put(e.holdId(), new RefusedHold(e, step.time()));
    }

    private HoldBook active(String holdId, InventoryEvent e) {
        HoldBook hold = holds.get(holdId);
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
                refusalOf(asked) == null && !isRepeatedExtension(asked) && seconds > 0,
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
        require(holds.containsKey(e.holdId()), Rule.ONE_HOLD_ONE_ORDER, "redeemed without a hold: ", e);
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
        HoldBook hold = holds.get(e.holdId());
        Refusal right = refusalOf(e.holdId());
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
        HoldBook hold = holds.get("h_" + e.orderId().substring(2));
        if (hold != null && hold.units == Units.RETURNED) {
            hold.end(Units.RETURNED, step.time());
        }
    }

    private HoldBook moved(String orderId, int quantity, Units from, Units to, Step step) {
        HoldBook hold = holds.get("h_" + orderId.substring(2));
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

    // ---- signals

    /** What the product's stock has to be said to be once the step is written. */
    List<InventoryEvent> expectedSignals(String productId, Instant time) {
        ProductBook product = products.get(productId);
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
        ProductBook product = products.get(((InventoryInput) step.input()).productId());
        return switch (step.input()) {
            case DefineProduct command -> {
                Refusal refusal = refusalOf(command);
                yield refusal == null
                        ? new ProductAnswer(view(product, step.time()), !before.defined(), false)
                        : new Refused(refusal, false);
            }
            case AdjustStock command ->
                did(step, StockAdjusted.class)
                        ? new ProductAnswer(view(product, step.time()), false, false)
                        : new Refused(refusalOf(command), false);
            case PlaceHold command -> {
                RefusedHold refused = refusedHolds.get(command.holdId());
                yield refused == null
                        ? new HoldAnswer(firstView(holds.get(command.holdId())), false)
                        : new Refused(refused.event().refusal(), false);
            }
            case ReleaseHold command -> {
                Refusal refusal = refusalOf(command);
                yield refusal == null
                        ? new HoldAnswer(
                                view(holds.get(command.holdId())), step.events().isEmpty())
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
        HoldBook hold = holds.get(command.holdId());
        if (did(step, HoldExtended.class)) {
            return new HoldAnswer(view(hold), false);
        }
        return isRepeatedExtension(command) ? new HoldAnswer(view(hold), true) : new Refused(refusalOf(command), false);
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
        HoldBook hold = holds.get(command.holdId());
        return new Extension(command.holdId(), hold.lastExtendedBy, hold.lastExtendedBy + hold.secondsLeftToExtend());
    }

    private static boolean did(Step step, Class<? extends InventoryEvent> event) {
        return step.events().stream().anyMatch(event::isInstance);
    }

    private static SaleStatus statusAt(SaleRules rules, Instant time) {
        if (rules.saleStartsAt() != null && time.compareTo(rules.saleStartsAt()) < 0) {
            return SaleStatus.SCHEDULED;
        }
        return rules.saleEndsAt() != null && time.compareTo(rules.saleEndsAt()) >= 0 ? SaleStatus.ENDED : null;
    }

    private static ProductView view(ProductBook product, Instant time) {
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

    private static HoldView firstView(HoldBook hold) {
        return view(hold, HoldStatus.ACTIVE, hold.placed.expiresAt());
    }

    private static HoldView view(HoldBook hold) {
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

    // ---- forgetting

    /** What is not needed any longer at this time leaves the books, too. Returns the holds that did. */
    List<String> forget(Instant time) {
        List<String> forgotten = new ArrayList<>();
        refusedHolds.forEach((id, refused) -> {
            if (isOver(refused.at(), terms.keys(), time)) {
                forgotten.add(id);
            }
        });
        holds.forEach((id, hold) -> {
            boolean ordered = hold.units.areOrdered();
            Duration kept = ordered ? terms.orders().plus(LONGER_THAN_ITS_ORDER) : terms.keys();
            boolean open = hold.units == Units.HELD || hold.units == Units.PENDING;
            if (!open && isOver(hold.endedAt, kept, time)) {
                requireSettled(id, hold);
                forgotten.add(id);
            }
        });
        forgotten.forEach(holds::remove);
        forgotten.forEach(refusedHolds::remove);
        return forgotten;
    }

    private static boolean isOver(Instant since, Duration kept, Instant time) {
        return !time.isBefore(since.plus(kept));
    }

    // ---- the end

    void requireNothingOpen() {
        products.forEach((id, product) -> require(
                product.held == 0 && product.pending == 0 && product.activeHolds == 0,
                Rule.NOTHING_STUCK,
                id,
                " has ",
                product.held,
                " held and ",
                product.pending,
                " pending at the end"));
        holds.forEach(this::requireSettled);
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
