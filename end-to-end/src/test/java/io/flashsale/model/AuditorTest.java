package io.flashsale.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.CancelReason;
import io.flashsale.contracts.Command;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldId;
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
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import io.flashsale.model.Action.Advance;
import io.flashsale.model.Action.App;
import io.flashsale.model.Action.Punctuate;
import io.flashsale.model.Action.Read;
import io.flashsale.model.Action.Send;
import io.flashsale.model.Auditor.Rule;
import io.flashsale.model.Auditor.Violation;
import io.flashsale.model.Trace.Answer;
import io.flashsale.model.Trace.Step;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
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
    private static final Trace SOUND = sound();

    private static Trace sound() {
        List<Action> history = new ArrayList<>();
        send(history, new DefineProduct("p1", "A thing", TEN, null, 10, null));
        send(history, hold("a", 3));
        send(history, hold("a", 3));
        send(history, hold("b", 2));
        send(history, order("a", "k"));
        send(history, order("a", "k"));
        send(history, order("b", "k"));
        send(history, new PaymentSucceeded("p1", orderId("a"), "w1", "pay", new BigDecimal("30.00"), "EUR"));
        send(history, new PaymentSucceeded("p1", orderId("a"), "w1", "pay", new BigDecimal("30.0"), "EUR"));
        send(history, new PaymentFailed("p1", orderId("a"), "w2", "pay", null, null));
        wait(history, 20_000);
        send(history, order("b", null));
        send(history, hold("c", 4));
        send(history, order("c", null));
        send(history, new PaymentSucceeded("p1", orderId("c"), "w3", "pay", TEN, "EUR"));
        send(history, new PaymentFailed("p1", orderId("c"), "w4", "pay", null, null));
        send(history, new PaymentSucceeded("p1", orderId("c"), "w5", "pay", null, null));
        send(history, hold("d", 2));
        send(history, order("d", "m"));
        send(history, hold("f", 2));
        send(history, new PaymentSucceeded("p1", orderId("g"), "w6", "lost", null, null));
        wait(history, 30_000);
        send(history, hold("e", 3));
        send(history, new PaymentSucceeded("p1", orderId("d"), "w7", "pay", null, null));
        send(history, new DefineProduct("p1", "A thing", TEN, null, 2, null));
        return SaleSimulation.run(history, true);
    }

    private static void send(List<Action> history, Command command) {
        history.add(new Send(command, true));
        readAll(history);
    }

    private static void wait(List<Action> history, long millis) {
        history.add(new Advance(millis));
        history.add(new Punctuate(App.INVENTORY, false));
        history.add(new Punctuate(App.ORDERS, false));
        readAll(history);
    }

    private static void readAll(List<Action> history) {
        for (int round = 0; round < 3; round++) {
            history.add(new Read(App.INVENTORY, 0, 100));
            history.add(new Read(App.ORDERS, 0, 100));
        }
    }

    private static PlaceHold hold(String name, int quantity) {
        return new PlaceHold("p1", holdId(name), quantity, null);
    }

    private static CreateOrder order(String name, String key) {
        return new CreateOrder("p1", holdId(name), key);
    }

    private static String holdId(String name) {
        return HoldId.of("p1", (name + "_______________").substring(0, 16).getBytes(StandardCharsets.US_ASCII));
    }

    private static String orderId(String name) {
        return OrderId.ofHold(holdId(name));
    }

    @Test
    void acceptsWhatIsSound() {
        assertThat(Auditor.audit(SOUND)).isEmpty();
        assertThat(SOUND.steps().stream()
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
            assertBroken(Rule.CONSERVATION, withEvents(HoldRejected.class, event -> {
                HoldRejected e = (HoldRejected) event;
                return List.of(new HoldPlaced(
                        "p1",
                        e.holdId(),
                        2,
                        null,
                        TEN,
                        "EUR",
                        timeOf(HoldRejected.class),
                        timeOf(HoldRejected.class).plusSeconds(20)));
            }));
        }

        @Test
        void conservation_aMovementOfAnotherQuantity() {
            assertBroken(
                    Rule.CONSERVATION,
                    withEvents(StockSold.class, event -> List.of(new StockSold("p1", orderId("a"), 2))));
            assertBroken(Rule.CONSERVATION, withEvents(HoldRedeemed.class, event -> {
                HoldRedeemed e = (HoldRedeemed) event;
                return List.of(new HoldRedeemed(
                        "p1", e.holdId(), e.orderId(), 2, null, TEN, "EUR", e.redeemedAt(), e.idempotencyKey()));
            }));
            assertBroken(
                    Rule.CONSERVATION,
                    withEvents(
                            HoldExpired.class,
                            event ->
                                    List.of(new HoldExpired("p1", holdId("b"), 1, ((HoldExpired) event).expiredAt()))));
        }

        @Test
        void conservation_aTotalBelowWhatIsCommitted() {
            assertBroken(
                    Rule.CONSERVATION,
                    with(
                            lastInput(DefineProduct.class),
                            step -> copy(
                                    step,
                                    List.of(new ProductDefined("p1", "A thing", TEN, "EUR", 2, 20, step.time())))));
        }

        @Test
        void oneMovementPerEvent_stockReturnedTwice() {
            assertBroken(Rule.ONE_MOVEMENT_PER_EVENT, withEvents(StockReturned.class, event -> List.of(event, event)));
        }

        @Test
        void oneMovementPerEvent_stockSoldTwiceOrWithoutAPayment() {
            assertBroken(Rule.ONE_MOVEMENT_PER_EVENT, withEvents(StockSold.class, event -> List.of(event, event)));
            assertBroken(
                    Rule.ONE_MOVEMENT_PER_EVENT,
                    with(
                            firstInput(OrderCreated.class),
                            step -> copy(step, List.of(new StockSold("p1", orderId("a"), 3)))));
        }

        @Test
        void oneMovementPerEvent_stockReturnedOfAPaidOrder() {
            assertBroken(
                    Rule.ONE_MOVEMENT_PER_EVENT,
                    with(
                            firstEvent(StockSold.class),
                            step -> copy(step, List.of(new StockReturned("p1", orderId("a"), 3)))));
        }
    }

    @Nested
    class Holds {

        @Test
        void holdEndsOnce_expiredTwice() {
            assertBroken(Rule.HOLD_ENDS_ONCE, withEvents(HoldExpired.class, event -> List.of(event, event)));
        }

        @Test
        void holdEndsOnce_redeemedTwice() {
            assertBroken(Rule.HOLD_ENDS_ONCE, withEvents(HoldRedeemed.class, event -> List.of(event, event)));
        }

        @Test
        void holdEndsOnce_placedTwice() {
            assertBroken(Rule.HOLD_ENDS_ONCE, withEvents(HoldPlaced.class, event -> List.of(event, event)));
        }

        @Test
        void holdGoodUntilItsEnd_redeemedAtExactlyItsEnd() {
            assertBroken(
                    Rule.HOLD_GOOD_UNTIL_ITS_END,
                    with(
                            firstEvent(HoldRedeemed.class),
                            step -> new Step(
                                    step.app(),
                                    SaleSimulation.START.plusSeconds(20),
                                    step.input(),
                                    step.call(),
                                    step.events(),
                                    step.answers())));
        }

        @Test
        void holdGoodUntilItsEnd_expiredOneMillisecondBefore() {
            assertBroken(
                    Rule.HOLD_GOOD_UNTIL_ITS_END,
                    with(
                            firstEvent(HoldExpired.class),
                            step -> new Step(
                                    step.app(),
                                    SaleSimulation.START.plusMillis(19_999),
                                    step.input(),
                                    step.call(),
                                    step.events(),
                                    step.answers())));
        }

        @Test
        void holdGoodUntilItsEnd_aGoodHoldRefused() {
            assertBroken(
                    Rule.HOLD_GOOD_UNTIL_ITS_END,
                    withEvents(
                            HoldRedeemed.class,
                            event -> List.of(new RedeemRejected(
                                    "p1", holdId("a"), Refusal.of(RefusalCode.HOLD_EXPIRED, "no"), "k", false))));
        }

        @Test
        void holdGoodUntilItsEnd_anOrderOfBeforeIsRefusedWhenReadByTime() {
            assertBroken(
                    Rule.HOLD_GOOD_UNTIL_ITS_END,
                    with(
                            firstRefusal(RefusalCode.HOLD_EXPIRED),
                            step -> new Step(
                                    step.app(),
                                    SaleSimulation.START.plusMillis(19_999),
                                    step.input(),
                                    step.call(),
                                    step.events(),
                                    step.answers())));
        }

        @Test
        void oneHoldOneOrder_createdTwice() {
            assertBroken(Rule.ONE_HOLD_ONE_ORDER, withEvents(OrderCreated.class, event -> List.of(event, event)));
        }

        @Test
        void oneHoldOneOrder_createdOfNothing() {
            assertBroken(Rule.ONE_HOLD_ONE_ORDER, withEvents(ProductDefined.class, event -> List.of(event)), trace -> {
                List<Step> steps = new ArrayList<>(trace.steps());
                steps.add(1, steps.get(firstEvent(OrderCreated.class)));
                return steps;
            });
        }
    }

    @Nested
    class Orders {

        @Test
        void orderEndsOnce_paidTwice() {
            assertBroken(Rule.ORDER_ENDS_ONCE, withEvents(OrderPaid.class, event -> List.of(event, event)));
        }

        @Test
        void orderEndsOnce_aPaidOrderIsCancelled() {
            assertBroken(
                    Rule.ORDER_ENDS_ONCE,
                    with(
                            firstInput(PaymentFailed.class),
                            step -> copy(
                                    step,
                                    List.of(new OrderCancelled(
                                            "p1", orderId("a"), 3, CancelReason.PAYMENT_FAILED, step.time())))));
        }

        @Test
        void orderEndsOnce_cancelledTwice() {
            assertBroken(Rule.ORDER_ENDS_ONCE, withEvents(OrderCancelled.class, event -> List.of(event, event)));
        }

        @Test
        void orderEndsOnce_paidAtExactlyItsDeadline() {
            assertBroken(
                    Rule.ORDER_ENDS_ONCE,
                    with(
                            firstEvent(OrderPaid.class),
                            step -> new Step(
                                    step.app(),
                                    SaleSimulation.START.plusSeconds(30),
                                    step.input(),
                                    step.call(),
                                    step.events(),
                                    step.answers())));
        }

        @Test
        void latePayment_paidWithoutAskingForTheStock() {
            assertBroken(
                    Rule.LATE_PAYMENT,
                    withEvents(
                            LatePaymentReceived.class,
                            event -> List.of(
                                    new OrderPaid("p1", orderId("c"), 4, "pay", timeOf(LatePaymentReceived.class)))));
        }

        @Test
        void latePayment_stockTakenAgainForNobody() {
            assertBroken(
                    Rule.LATE_PAYMENT,
                    with(
                            firstInput(OrderCreated.class),
                            step -> copy(step, List.of(new StockReacquired("p1", orderId("a"), 3)))));
        }

        @Test
        void latePayment_refundedWithoutARefusal() {
            assertBroken(
                    Rule.LATE_PAYMENT,
                    with(
                            firstInput(StockReacquired.class),
                            step -> copy(step, List.of(new RefundRequired("p1", orderId("c"), "pay", TEN, "EUR")))));
        }
    }

    @Nested
    class Decisions {

        @Test
        void decision_aCommandIsForgotten() {
            assertBroken(Rule.DECISION, withEvents(HoldRejected.class, event -> List.of()));
            assertBroken(Rule.DECISION, withEvents(OrderPaid.class, event -> List.of()));
            assertBroken(Rule.DECISION, withEvents(StockReturned.class, event -> List.of()));
            assertBroken(Rule.DECISION, withEvents(ReacquireRefused.class, event -> List.of()));
            assertBroken(Rule.DECISION, withEvents(PaymentUnmatched.class, event -> List.of()));
        }

        @Test
        void decision_anotherPriceOrEnd() {
            assertBroken(Rule.DECISION, withEvents(HoldPlaced.class, event -> {
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
            assertBroken(Rule.DECISION, withEvents(HoldPlaced.class, event -> {
                HoldPlaced e = (HoldPlaced) event;
                return List.of(
                        new HoldPlaced("p1", e.holdId(), 3, null, BigDecimal.ONE, "EUR", e.placedAt(), e.expiresAt()));
            }));
        }

        @Test
        void decision_paidByAnotherAmount() {
            assertBroken(
                    Rule.DECISION,
                    withEvents(
                            PaymentMismatched.class,
                            event -> List.of(
                                    new OrderPaid("p1", orderId("c"), 4, "pay", timeOf(PaymentMismatched.class)))));
        }

        @Test
        void oneEffectPerWebhook_aRepeatedOneMovesAgain() {
            assertBroken(
                    Rule.ONE_EFFECT_PER_WEBHOOK,
                    with(
                            first(step -> step.input() instanceof PaymentSucceeded
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
                    withAnswer("\"replayed\":true", json -> json.replace("\"quantity\":3", "\"quantity\":4")));
        }

        @Test
        void equalAnswers_aRepetitionIsNotSaidToBeOne() {
            assertBroken(
                    Rule.EQUAL_ANSWERS,
                    withAnswer("\"replayed\":true", json -> json.replace("\"replayed\":true", "\"replayed\":false")));
        }

        @Test
        void equalAnswers_anotherRequestUnderTheKeyIsNotRefused() {
            assertBroken(
                    Rule.EQUAL_ANSWERS,
                    withAnswer(
                            "idempotency-key-reused",
                            json -> json.replace("idempotency-key-reused", "hold-not-found")));
        }

        @Test
        void claim_somethingElseThanIsWritten() {
            assertBroken(
                    Rule.CLAIM,
                    withAnswer(
                            "\"type\":\"ProductAnswer\"",
                            json -> json.replace("\"available_stock\":10", "\"available_stock\":11")));
            assertBroken(
                    Rule.CLAIM,
                    withAnswer("\"type\":\"HoldAnswer\"", json -> json.replace("\"quantity\":3", "\"quantity\":4")));
            assertBroken(
                    Rule.CLAIM,
                    withAnswer("\"type\":\"OrderAnswer\"", json -> json.replace("pending_payment", "paid")));
            assertBroken(
                    Rule.CLAIM,
                    withAnswer(
                            "\"status\":\"paid\"",
                            json -> json.replace("\"status\":\"paid\"", "\"status\":\"cancelled\"")));
            assertBroken(
                    Rule.CLAIM,
                    withAnswer("insufficient-stock", json -> json.replace("\"available\":1", "\"available\":0")));
            assertBroken(
                    Rule.CLAIM, withAnswer("refund_required", json -> json.replace(",\"refund_required\":true", "")));
        }

        @Test
        void claim_aRefusalForAnotherReason() {
            assertBroken(
                    Rule.CLAIM,
                    withEvents(
                            HoldRejected.class,
                            event -> List.of(new HoldRejected(
                                    "p1", holdId("f"), 2, null, Refusal.of(RefusalCode.PRODUCT_NOT_FOUND, "no")))));
        }

        @Test
        void oneAnswerPerCall_neverOrTwice() {
            int told = answer("\"type\":\"OrderAnswer\"");
            assertBroken(Rule.ONE_ANSWER_PER_CALL, with(told, step -> withAnswers(step, List.of())));
            assertBroken(
                    Rule.ONE_ANSWER_PER_CALL,
                    with(
                            told,
                            step -> withAnswers(
                                    step,
                                    List.of(
                                            step.answers().getFirst(),
                                            step.answers().getFirst()))));
            assertBroken(
                    Rule.ONE_ANSWER_PER_CALL,
                    with(
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
            assertBroken(Rule.NOTHING_STUCK, without(lastEvent(HoldExpired.class)));
        }

        @Test
        void nothingStuck_anOrderThatIsNeverCreated() {
            List<Step> steps = SOUND.steps().subList(0, firstEvent(OrderCreated.class));
            assertBroken(Rule.NOTHING_STUCK, new Trace(SOUND.terms(), Map.of(), quiet(steps), true, true));
        }

        @Test
        void nothingStuck_unitsThatAreNeverSoldOrReturned() {
            assertBroken(Rule.NOTHING_STUCK, without(firstEvent(StockSold.class)));
        }

        @Test
        void nothingStuck_aParkedPaymentThatIsNeverTold() {
            assertBroken(Rule.NOTHING_STUCK, without(firstEvent(PaymentUnmatched.class)));
        }

        @Test
        void aRunThatIsNotFinishedMayHaveOpenEnds() {
            List<Step> steps = SOUND.steps().subList(0, firstEvent(OrderCreated.class));
            assertThat(Auditor.audit(new Trace(SOUND.terms(), SOUND.calls(), steps, false, true)))
                    .isEmpty();
        }
    }

    // ---- breaking

    private static void assertBroken(Rule rule, Trace trace) {
        Optional<Violation> violation = Auditor.audit(trace);
        assertThat(violation).as("%s", violation).map(Violation::rule).contains(rule);
    }

    private static void assertBroken(Rule rule, Trace trace, Function<Trace, List<Step>> steps) {
        assertBroken(rule, new Trace(trace.terms(), trace.calls(), steps.apply(trace), true, true));
    }

    private static Trace with(int index, UnaryOperator<Step> change) {
        List<Step> steps = new ArrayList<>(SOUND.steps());
        steps.set(index, change.apply(steps.get(index)));
        return new Trace(SOUND.terms(), SOUND.calls(), steps, true, true);
    }

    private static Trace without(int index) {
        List<Step> steps = new ArrayList<>(SOUND.steps());
        steps.remove(index);
        return new Trace(SOUND.terms(), SOUND.calls(), steps, true, true);
    }

    private static Trace withEvents(Class<?> type, Function<Object, List<?>> change) {
        return with(firstEvent(type), step -> {
            List<Object> events = new ArrayList<>();
            boolean changed = false;
            for (Object event : step.events()) {
                if (!changed && type.isInstance(event)) {
                    events.addAll(change.apply(event));
                    changed = true;
                } else {
                    events.add(event);
                }
            }
            return copy(step, events);
        });
    }

    private static Trace withAnswer(String containing, UnaryOperator<String> change) {
        return with(
                answer(containing),
                step -> withAnswers(
                        step,
                        step.answers().stream()
                                .map(answer -> {
                                    String changed = change.apply(answer.json());
                                    assertThat(changed).isNotEqualTo(answer.json());
                                    return new Answer(answer.call(), changed);
                                })
                                .toList()));
    }

    private static Step copy(Step step, List<?> events) {
        return new Step(step.app(), step.time(), step.input(), step.call(), List.copyOf(events), step.answers());
    }

    private static Step withAnswers(Step step, List<Answer> answers) {
        return new Step(step.app(), step.time(), step.input(), step.call(), step.events(), answers);
    }

    private static List<Step> quiet(List<Step> steps) {
        return steps.stream()
                .map(step -> new Step(step.app(), step.time(), step.input(), null, step.events(), List.of()))
                .toList();
    }

    private static Instant timeOf(Class<?> event) {
        return SOUND.steps().get(firstEvent(event)).time();
    }

    private static int firstEvent(Class<?> type) {
        return first(step -> step.events().stream().anyMatch(type::isInstance));
    }

    private static int firstInput(Class<?> type) {
        return first(step -> type.isInstance(step.input()));
    }

    private static int firstRefusal(RefusalCode code) {
        return first(step -> step.events().stream()
                .anyMatch(event -> event instanceof RedeemRejected rejected
                        && rejected.refusal().code() == code));
    }

    private static int answer(String containing) {
        return first(
                step -> step.answers().stream().anyMatch(answer -> answer.json().contains(containing)));
    }

    private static int first(Predicate<Step> wanted) {
        for (int index = 0; index < SOUND.steps().size(); index++) {
            if (wanted.test(SOUND.steps().get(index))) {
                return index;
            }
        }
        throw new AssertionError("The sound history has no such step");
    }

    private static int lastEvent(Class<?> type) {
        return last(step -> step.events().stream().anyMatch(type::isInstance));
    }

    private static int lastInput(Class<?> type) {
        return last(step -> type.isInstance(step.input()));
    }

    private static int last(Predicate<Step> wanted) {
        for (int index = SOUND.steps().size() - 1; index >= 0; index--) {
            if (wanted.test(SOUND.steps().get(index))) {
                return index;
            }
        }
        throw new AssertionError("The sound history has no such step");
    }
}
