package io.flashsale.model;

import static io.flashsale.model.HistoryScript.holdId;
import static io.flashsale.model.HistoryScript.orderId;
import static io.flashsale.model.Sound.assertBroken;
import static io.flashsale.model.Sound.at;
import static io.flashsale.model.Sound.copy;
import static io.flashsale.model.Sound.withAnswers;
import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.CancelReason;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.InventoryEvent.HoldExpired;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.InventoryEvent.HoldRedeemed;
import io.flashsale.contracts.InventoryEvent.HoldRejected;
import io.flashsale.contracts.InventoryEvent.ProductDefined;
import io.flashsale.contracts.InventoryEvent.ReacquireRefused;
import io.flashsale.contracts.InventoryEvent.RedeemRejected;
import io.flashsale.contracts.InventoryEvent.StockReacquired;
import io.flashsale.contracts.InventoryEvent.StockReturned;
import io.flashsale.contracts.InventoryEvent.StockSold;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderEvent.LatePaymentReceived;
import io.flashsale.contracts.OrderEvent.OrderCancelled;
import io.flashsale.contracts.OrderEvent.OrderCreated;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.contracts.OrderEvent.PaymentMismatched;
import io.flashsale.contracts.OrderEvent.PaymentUnmatched;
import io.flashsale.contracts.OrderEvent.RefundRequired;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.SaleRules;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import io.flashsale.model.Auditor.Rule;
import io.flashsale.model.Trace.Answer;
import io.flashsale.model.Trace.Step;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The auditor accepts one sound history and rejects it with one thing of it broken, for every rule. */
class AuditorTest {

    private static final BigDecimal TEN = new BigDecimal("10.00");

    /**
     * Ten units. {@code a} (3) is ordered and paid, its webhook repeated, then failed in vain. {@code b} (2) expires.
     * {@code c} (4) is ordered, cancelled, paid late and taken again. {@code d} (2) is ordered, never paid, its units
     * go to {@code e} (3, which expires at the end), so that its late payment is refunded. {@code f} is refused,
     * {@code g} is paid without ever being an order.
     */
    private static final Sound SALE = sale();

    private static Sound sale() {
        return new HistoryScript()
                .send(new DefineProduct("p1", "A thing", TEN, null, 10, null, SaleRules.NONE))
                .send(hold("a", 3))
                .send(hold("a", 3))
                .send(hold("b", 2))
                .send(order("a", "k"))
                .send(order("a", "k"))
                .send(order("b", "k"))
                .send(new PaymentSucceeded("p1", orderId("a"), "w1", "pay", new BigDecimal("30.00"), "EUR"))
                .send(new PaymentSucceeded("p1", orderId("a"), "w1", "pay", new BigDecimal("30.0"), "EUR"))
                .send(new PaymentFailed("p1", orderId("a"), "w2", "pay", null, null))
                .pass(20_000)
                .send(order("b", null))
                .send(hold("c", 4))
                .send(order("c", null))
                .send(new PaymentSucceeded("p1", orderId("c"), "w3", "pay", TEN, "EUR"))
                .send(new PaymentFailed("p1", orderId("c"), "w4", "pay", null, null))
                .send(new PaymentSucceeded("p1", orderId("c"), "w5", "other", null, null))
                .send(hold("d", 2))
                .send(order("d", "m"))
                .send(hold("f", 2))
                .send(new PaymentSucceeded("p1", orderId("g"), "w6", "lost", null, null))
                .pass(30_000)
                .send(hold("e", 3))
                .send(new PaymentSucceeded("p1", orderId("d"), "w7", "pay", null, null))
                .send(new DefineProduct("p1", "A thing", TEN, null, 2, null, SaleRules.NONE))
                .play(SaleSimulation.TERMS);
    }

    private static PlaceHold hold(String name, int quantity) {
        return new PlaceHold("p1", holdId(name), quantity, null);
    }

    private static CreateOrder order(String name, String key) {
        return new CreateOrder("p1", holdId(name), key);
    }

    @Test
    void acceptsWhatIsSound() {
        assertThat(Auditor.audit(SALE.trace())).isEmpty();
        assertThat(SALE.trace().steps().stream()
                        .flatMap(step -> step.events().stream())
                        .map(Object::getClass))
                .contains(
                        ProductDefined.class,
                        HoldPlaced.class,
                        HoldRejected.class,
                        HoldExpired.class,
                        HoldRedeemed.class,
                        RedeemRejected.class,
                        StockSold.class,
                        StockReturned.class,
                        StockReacquired.class,
                        ReacquireRefused.class,
                        OrderCreated.class,
                        OrderPaid.class,
                        OrderCancelled.class,
                        LatePaymentReceived.class,
                        RefundRequired.class,
                        PaymentUnmatched.class,
                        PaymentMismatched.class);
    }

    @Nested
    class Units {

        @Test
        void conservation_aHoldOfMoreThanIsThere() {
            assertBroken(Rule.CONSERVATION, SALE.withEvents(HoldRejected.class, event -> {
                HoldRejected e = (HoldRejected) event;
                return List.of(new HoldPlaced(
                        "p1",
                        e.holdId(),
                        2,
                        null,
                        TEN,
                        "EUR",
                        SALE.timeOf(HoldRejected.class),
                        SALE.timeOf(HoldRejected.class).plusSeconds(20)));
            }));
        }

        @Test
        void conservation_aMovementOfAnotherQuantity() {
            assertBroken(
                    Rule.CONSERVATION,
                    SALE.withEvents(StockSold.class, event -> List.of(new StockSold("p1", orderId("a"), 2))));
            assertBroken(Rule.CONSERVATION, SALE.withEvents(HoldRedeemed.class, event -> {
                HoldRedeemed e = (HoldRedeemed) event;
                return List.of(new HoldRedeemed(
                        "p1", e.holdId(), e.orderId(), 2, null, TEN, "EUR", e.redeemedAt(), null, e.idempotencyKey()));
            }));
            assertBroken(
                    Rule.CONSERVATION,
                    SALE.withEvents(
                            HoldExpired.class,
                            event ->
                                    List.of(new HoldExpired("p1", holdId("b"), 1, ((HoldExpired) event).expiredAt()))));
        }

        @Test
        void conservation_aTotalBelowWhatIsCommitted() {
            assertBroken(
                    Rule.CONSERVATION,
                    SALE.with(
                            SALE.lastInput(DefineProduct.class),
                            step -> copy(
                                    step,
                                    List.of(new ProductDefined(
                                            "p1", "A thing", TEN, "EUR", 2, 20, step.time(), SaleRules.NONE)))));
        }

        @Test
        void oneMovementPerEvent_stockReturnedTwice() {
            assertBroken(
                    Rule.ONE_MOVEMENT_PER_EVENT, SALE.withEvents(StockReturned.class, event -> List.of(event, event)));
        }

        @Test
        void oneMovementPerEvent_stockSoldTwiceOrWithoutAPayment() {
            assertBroken(Rule.ONE_MOVEMENT_PER_EVENT, SALE.withEvents(StockSold.class, event -> List.of(event, event)));
            assertBroken(
                    Rule.ONE_MOVEMENT_PER_EVENT,
                    SALE.with(
                            SALE.firstInput(OrderCreated.class),
                            step -> copy(step, List.of(new StockSold("p1", orderId("a"), 3)))));
        }

        @Test
        void oneMovementPerEvent_stockReturnedOfAPaidOrder() {
            assertBroken(
                    Rule.ONE_MOVEMENT_PER_EVENT,
                    SALE.with(
                            SALE.firstEvent(StockSold.class),
                            step -> copy(step, List.of(new StockReturned("p1", orderId("a"), 3)))));
        }
    }

    @Nested
    class Holds {

        @Test
        void holdEndsOnce_expiredTwice() {
            assertBroken(Rule.HOLD_ENDS_ONCE, SALE.withEvents(HoldExpired.class, event -> List.of(event, event)));
        }

        @Test
        void holdEndsOnce_redeemedTwice() {
            assertBroken(Rule.HOLD_ENDS_ONCE, SALE.withEvents(HoldRedeemed.class, event -> List.of(event, event)));
        }

        @Test
        void holdEndsOnce_placedTwice() {
            assertBroken(Rule.HOLD_ENDS_ONCE, SALE.withEvents(HoldPlaced.class, event -> List.of(event, event)));
        }

        @Test
        void holdGoodUntilItsEnd_redeemedAtExactlyItsEnd() {
            assertBroken(
                    Rule.HOLD_GOOD_UNTIL_ITS_END,
                    SALE.with(
                            SALE.firstEvent(HoldRedeemed.class),
                            step -> at(step, SaleSimulation.START.plusSeconds(20))));
        }

        @Test
        void holdGoodUntilItsEnd_expiredOneMillisecondBefore() {
            assertBroken(
                    Rule.HOLD_GOOD_UNTIL_ITS_END,
                    SALE.with(
                            SALE.firstEvent(HoldExpired.class),
                            step -> at(step, SaleSimulation.START.plusMillis(19_999))));
        }

        @Test
        void holdGoodUntilItsEnd_aGoodHoldRefused() {
            assertBroken(
                    Rule.HOLD_GOOD_UNTIL_ITS_END,
                    SALE.withEvents(
                            HoldRedeemed.class,
                            event -> List.of(new RedeemRejected(
                                    "p1", holdId("a"), Refusal.of(RefusalCode.HOLD_EXPIRED, "no"), "k", false))));
        }

        @Test
        void holdGoodUntilItsEnd_anOrderOfBeforeIsRefusedWhenReadByTime() {
            assertBroken(
                    Rule.HOLD_GOOD_UNTIL_ITS_END,
                    SALE.with(
                            SALE.firstRefusal(RefusalCode.HOLD_EXPIRED),
                            step -> at(step, SaleSimulation.START.plusMillis(19_999))));
        }

        @Test
        void oneHoldOneOrder_createdTwice() {
            assertBroken(Rule.ONE_HOLD_ONE_ORDER, SALE.withEvents(OrderCreated.class, event -> List.of(event, event)));
        }

        @Test
        void oneHoldOneOrder_createdOfNothing() {
            List<Step> steps = new ArrayList<>(SALE.trace().steps());
            steps.add(1, steps.get(SALE.firstEvent(OrderCreated.class)));
            assertBroken(Rule.ONE_HOLD_ONE_ORDER, SALE.with(steps));
        }
    }

    @Nested
    class Orders {

        @Test
        void orderEndsOnce_paidTwice() {
            assertBroken(Rule.ORDER_ENDS_ONCE, SALE.withEvents(OrderPaid.class, event -> List.of(event, event)));
        }

        @Test
        void orderEndsOnce_aPaidOrderIsCancelled() {
            assertBroken(
                    Rule.ORDER_ENDS_ONCE,
                    SALE.with(
                            SALE.firstInput(PaymentFailed.class),
                            step -> copy(
                                    step,
                                    List.of(new OrderCancelled(
                                            "p1", orderId("a"), 3, CancelReason.PAYMENT_FAILED, step.time())))));
        }

        @Test
        void orderEndsOnce_cancelledTwice() {
            assertBroken(Rule.ORDER_ENDS_ONCE, SALE.withEvents(OrderCancelled.class, event -> List.of(event, event)));
        }

        @Test
        void orderEndsOnce_paidAtExactlyItsDeadline() {
            assertBroken(
                    Rule.ORDER_ENDS_ONCE,
                    SALE.with(
                            SALE.firstEvent(OrderPaid.class), step -> at(step, SaleSimulation.START.plusSeconds(30))));
        }

        @Test
        void latePayment_paidWithoutAskingForTheStock() {
            assertBroken(
                    Rule.LATE_PAYMENT,
                    SALE.withEvents(
                            LatePaymentReceived.class,
                            event -> List.of(new OrderPaid(
                                    "p1", orderId("c"), 4, "pay", SALE.timeOf(LatePaymentReceived.class)))));
        }

        @Test
        void latePayment_stockTakenAgainForNobody() {
            assertBroken(
                    Rule.LATE_PAYMENT,
                    SALE.with(
                            SALE.firstInput(OrderCreated.class),
                            step -> copy(step, List.of(new StockReacquired("p1", orderId("a"), 3)))));
        }

        @Test
        void latePayment_refundedWithoutARefusal() {
            assertBroken(
                    Rule.LATE_PAYMENT,
                    SALE.with(
                            SALE.firstInput(StockReacquired.class),
                            step -> copy(step, List.of(new RefundRequired("p1", orderId("c"), "pay", TEN, "EUR")))));
        }
    }

    @Nested
    class Decisions {

        @Test
        void decision_aCommandIsForgotten() {
            assertBroken(Rule.DECISION, SALE.withEvents(HoldRejected.class, event -> List.of()));
            assertBroken(Rule.DECISION, SALE.withEvents(OrderPaid.class, event -> List.of()));
            assertBroken(Rule.DECISION, SALE.withEvents(StockReturned.class, event -> List.of()));
            assertBroken(Rule.DECISION, SALE.withEvents(ReacquireRefused.class, event -> List.of()));
            assertBroken(Rule.DECISION, SALE.withEvents(PaymentUnmatched.class, event -> List.of()));
        }

        @Test
        void decision_anotherPriceOrEnd() {
            assertBroken(Rule.DECISION, SALE.withEvents(HoldPlaced.class, event -> {
                HoldPlaced e = (HoldPlaced) event;
                return List.of(new HoldPlaced(
                        "p1",
                        e.holdId(),
                        3,
                        null,
                        TEN,
                        "EUR",
                        e.placedAt(),
                        e.expiresAt().plusMillis(1)));
            }));
            assertBroken(Rule.DECISION, SALE.withEvents(HoldPlaced.class, event -> {
                HoldPlaced e = (HoldPlaced) event;
                return List.of(
                        new HoldPlaced("p1", e.holdId(), 3, null, BigDecimal.ONE, "EUR", e.placedAt(), e.expiresAt()));
            }));
        }

        @Test
        void decision_paidByAnotherAmount() {
            assertBroken(
                    Rule.DECISION,
                    SALE.withEvents(
                            PaymentMismatched.class,
                            event -> List.of(new OrderPaid(
                                    "p1", orderId("c"), 4, "pay", SALE.timeOf(PaymentMismatched.class)))));
        }

        @Test
        void oneEffectPerWebhook_aRepeatedOneMovesAgain() {
            assertBroken(
                    Rule.ONE_EFFECT_PER_WEBHOOK,
                    SALE.with(
                            SALE.first(step -> step.input() instanceof PaymentSucceeded
                                    && step.events().isEmpty()),
                            step -> {
                                return copy(step, List.of(new OrderPaid("p1", orderId("a"), 3, "pay", step.time())));
                            }));
        }
    }

    @Nested
    class Answers {

        @Test
        void equalAnswers_aRepeatedRequestIsToldSomethingElse() {
            assertBroken(
                    Rule.EQUAL_ANSWERS,
                    SALE.withAnswer("\"replayed\":true", json -> json.replace("\"quantity\":3", "\"quantity\":4")));
        }

        @Test
        void equalAnswers_aRepetitionIsNotSaidToBeOne() {
            assertBroken(
                    Rule.EQUAL_ANSWERS,
                    SALE.withAnswer(
                            "\"replayed\":true", json -> json.replace("\"replayed\":true", "\"replayed\":false")));
        }

        @Test
        void equalAnswers_anotherRequestUnderTheKeyIsNotRefused() {
            assertBroken(
                    Rule.EQUAL_ANSWERS,
                    SALE.withAnswer(
                            "idempotency-key-reused",
                            json -> json.replace("idempotency-key-reused", "hold-not-found")));
        }

        @Test
        void claim_somethingElseThanIsWritten() {
            assertBroken(
                    Rule.CLAIM,
                    SALE.withAnswer(
                            "\"type\":\"ProductAnswer\"",
                            json -> json.replace("\"available_stock\":10", "\"available_stock\":11")));
            assertBroken(
                    Rule.CLAIM,
                    SALE.withAnswer(
                            "\"type\":\"HoldAnswer\"", json -> json.replace("\"quantity\":3", "\"quantity\":4")));
            assertBroken(
                    Rule.CLAIM,
                    SALE.withAnswer("\"type\":\"OrderAnswer\"", json -> json.replace("pending_payment", "paid")));
            assertBroken(
                    Rule.CLAIM,
                    SALE.withAnswer(
                            "\"status\":\"paid\"",
                            json -> json.replace("\"status\":\"paid\"", "\"status\":\"cancelled\"")));
            assertBroken(
                    Rule.CLAIM,
                    SALE.withAnswer("insufficient-stock", json -> json.replace("\"available\":1", "\"available\":0")));
            assertBroken(
                    Rule.CLAIM,
                    SALE.withAnswer("refund_required", json -> json.replace(",\"refund_required\":true", "")));
        }

        @Test
        void claim_aRefusalForAnotherReason() {
            assertBroken(
                    Rule.CLAIM,
                    SALE.withEvents(
                            HoldRejected.class,
                            event -> List.of(new HoldRejected(
                                    "p1", holdId("f"), 2, null, Refusal.of(RefusalCode.PRODUCT_NOT_FOUND, "no")))));
        }

        @Test
        void oneAnswerPerCall_neverOrTwice() {
            int told = SALE.answer("\"type\":\"OrderAnswer\"");
            assertBroken(Rule.ONE_ANSWER_PER_CALL, SALE.with(told, step -> withAnswers(step, List.of())));
            assertBroken(
                    Rule.ONE_ANSWER_PER_CALL,
                    SALE.with(
                            told,
                            step -> withAnswers(
                                    step,
                                    List.of(
                                            step.answers().getFirst(),
                                            step.answers().getFirst()))));
            assertBroken(
                    Rule.ONE_ANSWER_PER_CALL,
                    SALE.with(
                            told,
                            step -> withAnswers(
                                    step,
                                    List.of(new Answer(
                                            "nobody", step.answers().getFirst().json())))));
        }
    }

    @Nested
    class TheEnd {

        @Test
        void nothingStuck_aHoldThatNeverEnds() {
            assertBroken(Rule.NOTHING_STUCK, SALE.without(SALE.lastEvent(HoldExpired.class)));
        }

        @Test
        void nothingStuck_anOrderThatIsNeverCreated() {
            List<Step> steps = SALE.trace().steps().subList(0, SALE.firstEvent(OrderCreated.class));
            assertBroken(
                    Rule.NOTHING_STUCK, new Trace(SALE.trace().terms(), Map.of(), quiet(steps), true, true, List.of()));
        }

        @Test
        void nothingStuck_unitsThatAreNeverSoldOrReturned() {
            assertBroken(Rule.NOTHING_STUCK, SALE.without(SALE.firstEvent(StockSold.class)));
        }

        @Test
        void nothingStuck_aParkedPaymentThatIsNeverTold() {
            assertBroken(Rule.NOTHING_STUCK, SALE.without(SALE.firstEvent(PaymentUnmatched.class)));
        }

        @Test
        void aRunThatIsNotFinishedMayHaveOpenEnds() {
            List<Step> steps = SALE.trace().steps().subList(0, SALE.firstEvent(OrderCreated.class));
            assertThat(Auditor.audit(
                            new Trace(SALE.trace().terms(), SALE.trace().calls(), steps, false, true, List.of())))
                    .isEmpty();
        }
    }

    private static List<Step> quiet(List<Step> steps) {
        return steps.stream()
                .map(step -> new Step(step.app(), step.time(), step.input(), null, step.events(), List.of()))
                .toList();
    }
}
