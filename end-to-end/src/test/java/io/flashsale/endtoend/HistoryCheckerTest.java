package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.HoldExpired;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.InventoryEvent.HoldRedeemed;
import io.flashsale.contracts.InventoryEvent.HoldRejected;
import io.flashsale.contracts.InventoryEvent.ProductDefined;
import io.flashsale.contracts.InventoryEvent.StockSold;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderEvent.OrderCreated;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.contracts.OrderEvent.RefundRequired;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.ProductView;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.SaleRules;
import io.flashsale.contracts.SaleStatus;
import io.flashsale.endtoend.History.Call;
import io.flashsale.endtoend.History.Kind;
import io.flashsale.endtoend.HistoryChecker.Logged;
import io.flashsale.endtoend.HistoryChecker.Rule;
import io.flashsale.endtoend.HistoryChecker.Violation;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The judge is judged: a good history passes, and each rule has a broken one that must not. */
class HistoryCheckerTest {

    private static final Instant T0 = Instant.parse("2026-11-27T09:00:00Z");
    private static final Instant END = T0.plusSeconds(60);
    private static final BigDecimal PRICE = new BigDecimal("9.90");
    private static final String HOLD_1 = holdId(1);
    private static final String HOLD_2 = holdId(2);
    private static final String HOLD_3 = holdId(3);
    private static final String ORDER_1 = OrderId.ofHold(HOLD_1);

    private final List<Call> calls = new ArrayList<>();
    private final List<InventoryEvent> inventory = new ArrayList<>();
    private final List<OrderEvent> orders = new ArrayList<>();
    private int available = 3;
    private int reserved = 1;
    private int sold = 1;

    /** Two units are held one after the other, the first is ordered and paid. */
    HistoryCheckerTest() {
        inventory.add(new ProductDefined("p1", "Lamp", PRICE, "USD", 5, 60, T0, SaleRules.NONE));
        inventory.add(placed(HOLD_1));
        inventory.add(placed(HOLD_2));
        inventory.add(redeemed(HOLD_1, T0));
        orders.add(created(HOLD_1));
        orders.add(new OrderPaid("p1", ORDER_1, 1, "pay-1", T0));
        inventory.add(new StockSold("p1", ORDER_1, 1));
        calls.add(call(Kind.HOLD, "k1", 10, 20, 201, "{\"hold_id\":\"" + HOLD_1 + "\",\"status\":\"active\"}"));
        calls.add(call(Kind.HOLD, "k2", 30, 40, 0, ""));
        calls.add(call(Kind.HOLD, "k2", 41, 50, 201, "{\"hold_id\":\"" + HOLD_2 + "\",\"status\":\"active\"}"));
        calls.add(call(
                Kind.ORDER, "k3", 60, 70, 201, "{\"order_id\":\"" + ORDER_1 + "\",\"status\":\"pending_payment\"}"));
        calls.add(call(Kind.PAYMENT, "k4", 80, 90, 200, "{\"order_id\":\"" + ORDER_1 + "\",\"status\":\"paid\"}"));
    }

    @Test
    void aGoodHistoryPasses() {
        assertThat(check()).isEmpty();
    }

    @Test
    void anAcknowledgedHoldThatIsNotInTheLogIsFound() {
        // As if the transaction that held it had been aborted after its answer.
        inventory.remove(2);
        available++;
        reserved--;
        assertRules(Rule.ACKNOWLEDGED_ONCE);
    }

    @Test
    void anAcknowledgedOrderThatIsNotInTheLogIsFound() {
        orders.removeFirst();
        assertThat(rules()).contains(Rule.ACKNOWLEDGED_ONCE);
    }

    @Test
    void anAcknowledgedPaymentThatIsNotInTheLogIsFound() {
        orders.removeLast();
        inventory.removeLast();
        reserved++;
        sold--;
        assertRules(Rule.ACKNOWLEDGED_ONCE);
    }

    @Test
    void aHoldThatIsTwiceInTheLogIsFound() {
        inventory.add(3, placed(HOLD_2));
        assertThat(rules()).contains(Rule.LOG, Rule.ACKNOWLEDGED_ONCE);
    }

    @Test
    void aCallThatWasAnsweredBeforeAnotherWasSentMustStandBeforeIt() {
        inventory.add(1, inventory.remove(2));
        assertRules(Rule.REAL_TIME_ORDER);
    }

    @Test
    void callsThatOverlapMayStandInAnyOrder() {
        calls.set(1, call(Kind.HOLD, "k2", 15, 40, 0, ""));
        inventory.add(1, inventory.remove(2));
        assertThat(check()).isEmpty();
    }

    @Test
    void moreSoldThanThereIsIsFound() {
        inventory.set(0, new ProductDefined("p1", "Lamp", PRICE, "USD", 1, 60, T0, SaleRules.NONE));
        available = 0;
        assertThat(rules()).contains(Rule.LOG);
    }

    @Test
    void aHoldThatEndsTwiceIsFound() {
        inventory.add(4, new HoldExpired("p1", HOLD_1, 1, END));
        assertThat(rules()).contains(Rule.LOG);
    }

    @Test
    void anExpiredHoldThatIsRedeemedIsFound() {
        inventory.set(3, redeemed(HOLD_1, END));
        assertRules(Rule.LOG);
    }

    @Test
    void stockThatIsSoldTwiceIsFound() {
        inventory.add(new StockSold("p1", ORDER_1, 1));
        assertThat(rules()).contains(Rule.LOG);
    }

    @Test
    void aPaymentWithTwoEffectsIsFound() {
        orders.add(new OrderPaid("p1", ORDER_1, 1, "pay-1", T0));
        assertThat(rules()).contains(Rule.ONE_EFFECT_PER_KEY, Rule.ACKNOWLEDGED_ONCE);
    }

    @Test
    void aRefundThatIsAskedForTwiceIsFound() {
        orders.add(new RefundRequired("p1", ORDER_1, "pay-2", PRICE, "USD"));
        orders.add(new RefundRequired("p1", ORDER_1, "pay-2", PRICE, "USD"));
        assertThat(rules()).contains(Rule.ONE_EFFECT_PER_KEY);
    }

    @Test
    void twoAnswersUnderOneKeyAreFound() {
        calls.add(call(Kind.HOLD, "k1", 95, 99, 409, "{\"code\":\"insufficient-stock\"}"));
        assertRules(Rule.EQUAL_ANSWERS);
    }

    @Test
    void aReadThatIsNotWhatTheEventsSayIsFound() {
        available--;
        reserved++;
        assertRules(Rule.READ);
    }

    @Test
    void aReadThatDoesNotAddUpIsFound() {
        calls.add(read(5, 2, 1, 1));
        assertRules(Rule.READ);
    }

    @Test
    void aReadOfNegativeStockIsFound() {
        calls.add(read(5, -1, 5, 1));
        assertRules(Rule.READ);
    }

    @Test
    void readsOfOneKeyMayDiffer() {
        calls.add(read(5, 3, 1, 1));
        calls.add(read(5, 5, 0, 0));
        assertThat(check()).isEmpty();
    }

    @Test
    void aCommandThatWasAppendedMustBeDecided() {
        calls.add(command(HOLD_3, 95, 99));
        assertRules(Rule.APPENDED_DECIDED_ONCE);
    }

    @Test
    void aCommandThatIsDecidedTwiceIsFound() {
        calls.add(command(HOLD_3, 95, 99));
        inventory.add(rejected(HOLD_3));
        assertThat(check()).isEmpty();
        inventory.add(rejected(HOLD_3));
        assertThat(rules()).contains(Rule.APPENDED_DECIDED_ONCE);
    }

    @Test
    void aCommandThatWasAppendedBeforeAnotherWasSentMustStandBeforeIt() {
        calls.set(0, command(HOLD_1, 10, 20));
        assertThat(check()).isEmpty();
        inventory.add(1, inventory.remove(2));
        assertRules(Rule.REAL_TIME_ORDER);
    }

    @Test
    void aCommandMayBeDecidedAfterWhatWasSentLaterOnAnotherTopic() {
        calls.set(2, command(HOLD_2, 30, 40));
        calls.remove(1);
        inventory.add(inventory.remove(2));
        assertThat(check()).isEmpty();
    }

    private void assertRules(Rule... expected) {
        assertThat(rules()).as(check().toString()).containsOnly(expected);
    }

    private List<Rule> rules() {
        return check().stream().map(Violation::rule).toList();
    }

    private List<Violation> check() {
        ProductView read = new ProductView(
                "p1",
                "Lamp",
                PRICE,
                "USD",
                available + reserved + sold,
                available,
                reserved,
                sold,
                1,
                SaleStatus.OPEN,
                60,
                T0,
                9,
                SaleRules.NONE);
        return HistoryChecker.check(List.copyOf(calls), logged(inventory), logged(orders), List.of(read));
    }

    private static <T> List<Logged<T>> logged(List<T> events) {
        List<Logged<T>> log = new ArrayList<>();
        for (T event : events) {
            log.add(new Logged<>(3, log.size() * 2L, T0, event));
        }
        return log;
    }

    private static Call call(Kind kind, String key, long start, long end, int status, String body) {
        return new Call(kind, "p1", key, "p1", 1, start, end, status, body);
    }

    private static Call read(int total, int available, int reserved, int sold) {
        String body = "{\"total_stock\":%d,\"available_stock\":%d,\"reserved_stock\":%d,\"sold_stock\":%d}"
                .formatted(total, available, reserved, sold);
        return call(Kind.READ, "read", 95, 99, 200, body);
    }

    private static Call command(String holdId, long start, long end) {
        return new Call(Kind.COMMAND, "p1", holdId, holdId, 1, start, end, 200, "");
    }

    private static HoldRejected rejected(String holdId) {
        return new HoldRejected("p1", holdId, 9, null, Refusal.insufficientStock(9, 3));
    }

    private static HoldPlaced placed(String holdId) {
        return new HoldPlaced("p1", holdId, 1, null, PRICE, "USD", T0, END);
    }

    private static HoldRedeemed redeemed(String holdId, Instant time) {
        return new HoldRedeemed("p1", holdId, OrderId.ofHold(holdId), 1, null, PRICE, "USD", time, null, null);
    }

    private static OrderCreated created(String holdId) {
        return new OrderCreated(
                "p1", OrderId.ofHold(holdId), holdId, 1, null, PRICE, PRICE, "USD", T0, T0.plusSeconds(900));
    }

    private static String holdId(int number) {
        byte[] random = new byte[16];
        random[0] = (byte) number;
        return HoldId.of("p1", random);
    }
}
