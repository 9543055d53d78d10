package io.flashsale.model;

import static io.flashsale.model.HistoryScript.holdId;
import static io.flashsale.model.HistoryScript.orderId;
import static io.flashsale.model.Sound.assertBroken;
import static io.flashsale.model.Sound.at;
import static io.flashsale.model.Sound.copy;
import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.CancelReason;
import io.flashsale.contracts.HoldCommand.ExtendHold;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldCommand.ReleaseHold;
import io.flashsale.contracts.InventoryEvent.BackInStock;
import io.flashsale.contracts.InventoryEvent.HoldExpired;
import io.flashsale.contracts.InventoryEvent.HoldExtended;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.InventoryEvent.HoldRedeemed;
import io.flashsale.contracts.InventoryEvent.HoldRejected;
import io.flashsale.contracts.InventoryEvent.HoldReleased;
import io.flashsale.contracts.InventoryEvent.LowStock;
import io.flashsale.contracts.InventoryEvent.ProductDefined;
import io.flashsale.contracts.InventoryEvent.SoldOut;
import io.flashsale.contracts.InventoryEvent.StockAdjusted;
import io.flashsale.contracts.InventoryTick.SweepInventory;
import io.flashsale.contracts.Limits;
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderEvent.LatePaymentReceived;
import io.flashsale.contracts.OrderEvent.OrderCancelled;
import io.flashsale.contracts.OrderEvent.OrderCreated;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.contracts.OrderEvent.RefundRequired;
import io.flashsale.contracts.OrderTick.SweepOrders;
import io.flashsale.contracts.ProductCommand.AdjustStock;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.SaleRules;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import io.flashsale.model.Auditor.Rule;
import io.flashsale.model.Trace.Step;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Like {@link AuditorTest}, for what binds a product's sale, what callers may take back and what is forgotten. */
class AuditorRulesTest {

    private static final BigDecimal TEN = new BigDecimal("10.00");
    private static final Instant START = SaleSimulation.START;
    private static final SaleRules BOUND = new SaleRules(3, 4, START.plusSeconds(1), START.plusSeconds(60), 2, 10);

    private static final PlaceHold EARLY = hold("early", "c1", 1);
    private static final PlaceHold NOBODYS = hold("nobody", null, 1);
    private static final PlaceHold LARGE = hold("large", "c2", 4);
    private static final PlaceHold GREEDY = hold("greedy", "c1", 2);
    private static final PlaceHold LATE = hold("late", "c3", 1);
    private static final ReleaseHold RELEASE = new ReleaseHold("p1", holdId("e"));
    private static final ExtendHold EXTEND = new ExtendHold("p1", holdId("a"), 15, "x");
    private static final ExtendHold MORE = new ExtendHold("p1", holdId("a"), 5, null);
    private static final AdjustStock ADJUST = new AdjustStock("p1", 2, "found", "y");
    private static final CancelOrder CANCEL = new CancelOrder("p1", orderId("f"));
    private static final PaymentSucceeded REFUNDED = paid("f", "w1", "pay1");
    private static final PaymentSucceeded TWICE = paid("f", "w2", "pay2");

    /**
     * Six units from second 1 to second 60, at most three a hold and four a customer, low at two. {@code a} (3) is
     * extended, ordered after its first end and paid, {@code e} (1) is released, {@code f} (3) takes the last ones and
     * is cancelled and paid twice; two units are found.
     */
    private static final Sound SALE = new HistoryScript()
            .send(define(6, BOUND))
            .send(EARLY)
            .pass(1_000)
            .send(hold("a", "c1", 3))
            .send(NOBODYS)
            .send(LARGE)
            .send(GREEDY)
            .send(hold("e", "c2", 1))
            .send(RELEASE)
            .send(RELEASE)
            .send(hold("f", "c2", 3))
            .send(EXTEND)
            .send(EXTEND)
            .send(new ExtendHold("p1", holdId("a"), 15, null))
            .send(MORE)
            .send(ADJUST)
            .send(ADJUST)
            .send(new AdjustStock("p1", 3, "found", "y"))
            .send(new AdjustStock("p1", -5, "lost", null))
            .send(new AdjustStock("p1", Limits.MAX_TOTAL_STOCK, "found", null))
            .send(order("f"))
            .send(CANCEL)
            .send(CANCEL)
            .send(REFUNDED)
            .send(TWICE)
            .send(paid("f", "w3", "pay2"))
            .pass(20_000)
            .send(order("a"))
            .send(paid("a", "w4", "pay4"))
            .send(new CancelOrder("p1", orderId("a")))
            .send(new CancelOrder("p1", orderId("z")))
            .pass(39_000)
            .send(LATE)
            .play(SaleSimulation.TERMS);

    /** {@code a} expires, is forgotten and comes again; so do {@code b}'s payment and its order. */
    private static final Sound FORGOTTEN = new HistoryScript()
            .send(define(6, SaleRules.NONE))
            .send(hold("a", null, 1))
            .send(hold("b", null, 1))
            .send(order("b"))
            .send(paid("b", "w1", null))
            .pass(20_000)
            .pass(599_999)
            .send(hold("a", null, 1))
            .pass(1)
            .send(hold("a", null, 1))
            .pass(600_000)
            .send(paid("b", "w1", null))
            .pass(3 * 86_400_000)
            .send(new CancelOrder("p1", orderId("b")))
            .play(SaleSimulation.TERMS);

    /** A shop that does not sell late. */
    private static final Sound STRICT = new HistoryScript()
            .send(define(6, SaleRules.NONE))
            .send(hold("a", null, 1))
            .send(order("a"))
            .send(new PaymentFailed("p1", orderId("a"), "w1", null, null, null))
            .send(paid("a", "w2", "pay"))
            .play(SaleSimulation.terms(1, true));

    private static DefineProduct define(int stock, SaleRules rules) {
        return new DefineProduct("p1", "A thing", TEN, null, stock, null, rules);
    }

    private static PlaceHold hold(String name, String customer, int quantity) {
        return new PlaceHold("p1", holdId(name), quantity, customer);
    }

    private static CreateOrder order(String name) {
        return new CreateOrder("p1", holdId(name), null);
    }

    private static PaymentSucceeded paid(String name, String key, String paymentId) {
        return new PaymentSucceeded("p1", orderId(name), key, paymentId, null, null);
    }

    @Test
    void acceptsWhatIsSound() {
        assertThat(Auditor.audit(SALE.trace())).isEmpty();
        assertThat(Auditor.audit(FORGOTTEN.trace())).isEmpty();
        assertThat(Auditor.audit(STRICT.trace())).isEmpty();
        assertThat(SALE.trace().steps().stream().flatMap(step -> step.events().stream()))
                .extracting(Object::getClass)
                .contains(
                        StockAdjusted.class,
                        HoldReleased.class,
                        HoldExtended.class,
                        SoldOut.class,
                        LowStock.class,
                        BackInStock.class,
                        RefundRequired.class);
    }

    @Nested
    class Sale {

        @Test
        void saleWindow_aHoldOneMillisecondBeforeItsStart() {
            assertBroken(
                    Rule.SALE_WINDOW,
                    SALE.with(SALE.firstEvent(HoldPlaced.class), step -> placed(step, START.plusMillis(999))));
        }

        @Test
        void saleWindow_aHoldAtExactlyItsEnd() {
            assertBroken(Rule.SALE_WINDOW, SALE.with(SALE.lastOf(LATE), step -> placed(step, START.plusSeconds(60))));
        }

        @Test
        void saleWindow_aHoldRefusedWithinIt() {
            assertBroken(Rule.SALE_WINDOW, SALE.with(SALE.lastOf(EARLY), step -> at(step, START.plusSeconds(1))));
        }

        @Test
        void limits_moreThanAHoldOrACustomerMayHave() {
            for (PlaceHold hold : List.of(LARGE, GREEDY, NOBODYS)) {
                assertBroken(Rule.LIMITS, SALE.with(SALE.lastOf(hold), step -> placed(step, step.time())));
            }
        }

        @Test
        void limits_unitsThatWereGivenBackStillCount() {
            // e was released: c2 may have three more.
            assertBroken(Rule.LIMITS, SALE.with(SALE.lastOf(hold("f", "c2", 3)), step -> {
                HoldRejected greedy = (HoldRejected)
                        SALE.trace().steps().get(SALE.lastOf(GREEDY)).events().getFirst();
                return copy(step, List.of(new HoldRejected("p1", holdId("f"), 3, "c2", greedy.refusal())));
            }));
        }

        @Test
        void limits_refusedForAnotherLimit() {
            assertBroken(Rule.LIMITS, SALE.withEvents(SALE.lastOf(GREEDY), HoldRejected.class, event -> {
                HoldRejected large = (HoldRejected)
                        SALE.trace().steps().get(SALE.lastOf(LARGE)).events().getFirst();
                return List.of(new HoldRejected("p1", holdId("greedy"), 2, "c1", large.refusal()));
            }));
        }

        @Test
        void signals_leftOutOrSaidTwiceOrWrongly() {
            for (Class<?> signal : List.of(SoldOut.class, LowStock.class, BackInStock.class)) {
                assertBroken(Rule.SIGNALS, SALE.withEvents(signal, event -> List.of()));
                assertBroken(Rule.SIGNALS, SALE.withEvents(signal, event -> List.of(event, event)));
            }
            assertBroken(
                    Rule.SIGNALS,
                    SALE.withEvents(
                            LowStock.class, event -> List.of(new LowStock("p1", 1, 2, ((LowStock) event).lowSince()))));
            assertBroken(
                    Rule.SIGNALS,
                    SALE.withEvents(
                            HoldReleased.class,
                            event -> List.of(event, new BackInStock("p1", 3, START.plusSeconds(1)))));
        }

        @Test
        void decision_aProductThatIsDefinedWithoutItsRules() {
            assertBroken(Rule.DECISION, SALE.withEvents(ProductDefined.class, event -> {
                ProductDefined e = (ProductDefined) event;
                return List.of(new ProductDefined(
                        "p1", e.name(), TEN, "EUR", 6, e.holdTtlSeconds(), e.definedAt(), SaleRules.NONE));
            }));
        }

        @Test
        void conservation_anAdjustmentByAnotherDelta() {
            assertBroken(Rule.CONSERVATION, SALE.withEvents(StockAdjusted.class, event -> {
                StockAdjusted e = (StockAdjusted) event;
                return List.of(new StockAdjusted("p1", 3, e.reason(), 8, "y", e.adjustedAt()));
            }));
        }

        @Test
        void decision_anAdjustmentAgain() {
            assertBroken(Rule.DECISION, SALE.with(SALE.lastOf(ADJUST), step -> {
                StockAdjusted first = (StockAdjusted) SALE.trace()
                        .steps()
                        .get(SALE.firstEvent(StockAdjusted.class))
                        .events()
                        .getFirst();
                return copy(step, List.of(new StockAdjusted("p1", 2, "found", 10, "y", first.adjustedAt())));
            }));
        }

        @Test
        void claim_theSaleIsSaidToBeOpenBeforeItsStart() {
            assertBroken(Rule.CLAIM, SALE.withAnswer("scheduled", json -> json.replace("scheduled", "open")));
        }
    }

    @Nested
    class Holds {

        @Test
        void extension_longerOrOftenerThanItMay() {
            assertBroken(Rule.EXTENSION, SALE.withEvents(HoldExtended.class, event -> {
                HoldExtended e = (HoldExtended) event;
                return List.of(
                        new HoldExtended("p1", e.holdId(), 15, e.expiresAt().plusMillis(1), "x", e.extendedAt()));
            }));
            assertBroken(
                    Rule.EXTENSION,
                    SALE.with(
                            SALE.lastOf(MORE),
                            step -> copy(
                                    step,
                                    List.of(new HoldExtended(
                                            "p1", holdId("a"), 5, START.plusSeconds(41), null, step.time())))));
        }

        @Test
        void holdGoodUntilItsEnd_extendedOneIsExpiredAtItsFirstEnd() {
            assertBroken(
                    Rule.HOLD_GOOD_UNTIL_ITS_END,
                    SALE.withEvents(
                            SALE.lastEvent(HoldRedeemed.class),
                            HoldRedeemed.class,
                            event -> List.of(new HoldExpired("p1", holdId("a"), 3, START.plusSeconds(21)))));
        }

        @Test
        void holdGoodUntilItsEnd_releasedAtExactlyItsEnd() {
            assertBroken(
                    Rule.HOLD_GOOD_UNTIL_ITS_END,
                    SALE.with(SALE.firstEvent(HoldReleased.class), step -> at(step, START.plusSeconds(21))));
        }

        @Test
        void holdEndsOnce_releasedTwice() {
            assertBroken(Rule.HOLD_ENDS_ONCE, SALE.withEvents(HoldReleased.class, event -> List.of(event, event)));
        }

        @Test
        void equalAnswers_anExtensionUnderTheSameKeyIsToldSomethingElse() {
            int again = SALE.lastOf(EXTEND);
            assertBroken(Rule.EQUAL_ANSWERS, SALE.withAnswer(again, json -> json.replace("09:00:36Z", "09:00:41Z")));
            assertBroken(
                    Rule.EQUAL_ANSWERS,
                    SALE.withAnswer(again, json -> json.replace("\"replayed\":true", "\"replayed\":false")));
        }

        @Test
        void equalAnswers_anAdjustmentUnderTheSameKeyIsToldSomethingElse() {
            assertBroken(
                    Rule.EQUAL_ANSWERS,
                    SALE.withAnswer(
                            SALE.lastOf(ADJUST),
                            json -> json.replace("\"available_stock\":2", "\"available_stock\":1")));
        }

        @Test
        void decision_aReleaseOrAnExtensionWithoutItsEvent() {
            assertBroken(Rule.DECISION, SALE.withEvents(HoldReleased.class, event -> List.of()));
            assertBroken(Rule.DECISION, SALE.withEvents(HoldExtended.class, event -> List.of()));
            assertBroken(Rule.DECISION, SALE.with(SALE.firstEvent(StockAdjusted.class), step -> copy(step, List.of())));
        }
    }

    @Nested
    class Orders {

        @Test
        void decision_anotherPaymentWindowThanTheProducts() {
            assertBroken(Rule.DECISION, SALE.withEvents(OrderCreated.class, event -> {
                OrderCreated e = (OrderCreated) event;
                return List.of(new OrderCreated(
                        "p1",
                        e.orderId(),
                        e.holdId(),
                        3,
                        "c2",
                        TEN,
                        e.amount(),
                        "EUR",
                        e.createdAt(),
                        e.createdAt().plusSeconds(30)));
            }));
        }

        @Test
        void orderEndsOnce_cancelledForAnotherReasonOrAfterItWasPaid() {
            assertBroken(
                    Rule.ORDER_ENDS_ONCE,
                    SALE.withEvents(
                            OrderCancelled.class,
                            event -> List.of(new OrderCancelled(
                                    "p1", orderId("f"), 3, CancelReason.PAYMENT_EXPIRED, START.plusSeconds(1)))));
            assertBroken(
                    Rule.ORDER_ENDS_ONCE,
                    SALE.with(
                            SALE.lastOf(new CancelOrder("p1", orderId("a"))),
                            step -> copy(
                                    step,
                                    List.of(new OrderCancelled(
                                            "p1", orderId("a"), 3, CancelReason.REQUESTED, step.time())))));
        }

        @Test
        void latePayment_anOrderThatItsCustomerCancelledTakesItsStockAgain() {
            assertBroken(
                    Rule.LATE_PAYMENT,
                    SALE.with(
                            SALE.lastOf(REFUNDED),
                            step -> copy(
                                    step,
                                    List.of(new LatePaymentReceived("p1", orderId("f"), 3, "pay1", step.time())))));
        }

        @Test
        void latePayment_aShopThatDoesNotSellLateTakesStockAgain() {
            assertBroken(
                    Rule.LATE_PAYMENT,
                    STRICT.withEvents(
                            RefundRequired.class,
                            event -> List.of(new LatePaymentReceived("p1", orderId("a"), 1, "pay", START))));
        }

        @Test
        void latePayment_aShopThatSellsLateRefundsAtOnce() {
            Trace strict = STRICT.trace();
            assertBroken(
                    Rule.LATE_PAYMENT,
                    new Trace(SaleSimulation.TERMS, strict.calls(), strict.steps(), true, true, List.of()));
        }

        @Test
        void refund_askedForTwiceOrForAnotherAmount() {
            assertBroken(Rule.REFUND, SALE.withEvents(RefundRequired.class, event -> List.of(event, event)));
            assertBroken(
                    Rule.REFUND,
                    SALE.withEvents(SALE.lastOf(TWICE), RefundRequired.class, event -> List.of(event, event)));
            assertBroken(
                    Rule.REFUND,
                    SALE.withEvents(
                            RefundRequired.class,
                            event -> List.of(new RefundRequired("p1", orderId("f"), "pay1", TEN, "EUR"))));
        }

        @Test
        void decision_aSecondPaymentIsNotRefunded() {
            assertBroken(Rule.DECISION, SALE.withEvents(SALE.lastOf(TWICE), RefundRequired.class, event -> List.of()));
        }

        @Test
        void oneEffectPerWebhook_aPaymentHasOneUnderEachOfItsKeys() {
            assertBroken(
                    Rule.ONE_EFFECT_PER_WEBHOOK,
                    SALE.with(
                            SALE.lastOf(paid("f", "w3", "pay2")),
                            step -> copy(
                                    step,
                                    List.of(new RefundRequired(
                                            "p1", orderId("f"), "pay2", new BigDecimal("30.00"), "EUR")))));
        }

        @Test
        void claim_aSecondPaymentIsToldThatItPaid() {
            assertBroken(
                    Rule.CLAIM,
                    SALE.withAnswer(SALE.lastOf(TWICE), json -> json.replace(",\"code\":\"duplicate-payment\"", "")));
        }

        @Test
        void equalAnswers_aCancellationAgainIsNotSaidToBeOne() {
            assertBroken(
                    Rule.EQUAL_ANSWERS,
                    SALE.withAnswer(
                            SALE.lastOf(CANCEL), json -> json.replace("\"replayed\":true", "\"replayed\":false")));
        }

        @Test
        void orderEndsOnce_paidAtExactlyTheEndOfItsOwnPaymentWindow() {
            assertBroken(
                    Rule.ORDER_ENDS_ONCE,
                    SALE.with(SALE.firstEvent(OrderPaid.class), step -> at(step, START.plusSeconds(31))));
        }
    }

    @Nested
    class Forgetting {

        @Test
        void aHoldIsForgottenOneMillisecondTooEarly() {
            assertBroken(Rule.HOLD_ENDS_ONCE, earlier(SweepInventory.class, START.plusSeconds(620)));
        }

        @Test
        void aWebhookIsForgottenTooEarly() {
            Step again = FORGOTTEN.trace().steps().get(FORGOTTEN.lastOf(paid("b", "w1", null)));
            assertThat(again.answers().getFirst().json()).contains("\"replayed\":false");
            assertBroken(Rule.EQUAL_ANSWERS, withoutSweeps(START, again.time()));
        }

        @Test
        void anOrderIsForgottenTooEarly() {
            Instant paidAgain = timeOf(paid("b", "w1", null));
            assertBroken(
                    Rule.CLAIM, withoutSweeps(paidAgain.plusMillis(1), timeOf(new CancelOrder("p1", orderId("b")))));
        }

        @Test
        void nothingKept_somethingIsLeftInTheEnd() {
            Trace trace = FORGOTTEN.trace();
            assertBroken(
                    Rule.NOTHING_KEPT,
                    new Trace(trace.terms(), trace.calls(), trace.steps(), true, true, List.of("a hold")));
        }

        private Trace earlier(Class<?> sweep, Instant due) {
            return change(sweep, due::equals, step -> at(step, due.minusMillis(1)));
        }

        private Trace withoutSweeps(Instant from, Instant until) {
            return change(SweepOrders.class, time -> !time.isBefore(from) && !time.isAfter(until), step -> null);
        }

        private Instant timeOf(Object input) {
            return FORGOTTEN.trace().steps().get(FORGOTTEN.lastOf(input)).time();
        }

        private Trace change(Class<?> sweep, Predicate<Instant> when, UnaryOperator<Step> change) {
            List<Step> steps = new ArrayList<>();
            for (Step step : FORGOTTEN.trace().steps()) {
                boolean meant = sweep.isInstance(step.input()) && when.test(step.time());
                Step changed = meant ? change.apply(step) : step;
                if (changed != null) {
                    steps.add(changed);
                }
            }
            assertThat(steps).isNotEqualTo(FORGOTTEN.trace().steps());
            return FORGOTTEN.with(steps);
        }
    }

    /** What a refused hold would be if it were placed at that time. */
    private static Step placed(Step step, Instant time) {
        PlaceHold asked = (PlaceHold) step.input();
        HoldPlaced placed = new HoldPlaced(
                "p1", asked.holdId(), asked.quantity(), asked.customerId(), TEN, "EUR", time, time.plusSeconds(20));
        return copy(at(step, time), List.of(placed));
    }
}
