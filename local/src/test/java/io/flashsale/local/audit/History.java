package io.flashsale.local.audit;

import io.flashsale.contracts.CancelReason;
import io.flashsale.contracts.HoldId;
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
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderEvent.LatePaymentReceived;
import io.flashsale.contracts.OrderEvent.OrderCancelled;
import io.flashsale.contracts.OrderEvent.OrderCreated;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.contracts.OrderEvent.PaymentMismatched;
import io.flashsale.contracts.OrderEvent.PaymentUnmatched;
import io.flashsale.contracts.OrderEvent.RefundRequired;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.SaleRules;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Events in short, as tests write them: {@code "define 5; place a 2 @10; redeem a 2"}. A word, an id or a number, a
 * number, and {@code @seconds} for the log time (the last one's otherwise). Prices are 2.50, holds last 60 s, payments
 * 600 s. Units are 1 unless they are said.
 */
final class History {

    static final String PRODUCT = "lamp";
    static final Instant START = Instant.parse("2026-11-20T09:00:00Z");
    static final BigDecimal PRICE = new BigDecimal("2.50");

    private static final int HOLD_SECONDS = 60;
    private static final int PAYMENT_SECONDS = 600;
    private static final String EUR = "EUR";

    private final PartitionBooks books;
    private final Map<String, Long> offsets = new HashMap<>();
    private Instant time = START;

    History(PartitionBooks books) {
        this.books = books;
    }

    static String holdId(String name) {
        return HoldId.of(PRODUCT, Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), 16));
    }

    static String orderId(String name) {
        return OrderId.ofHold(holdId(name));
    }

    /** Writes all of it into the books. */
    History write(String text) {
        Arrays.stream(text.split(";")).map(String::strip).forEach(this::writeOne);
        return this;
    }

    private void writeOne(String line) {
        String[] words = line.split(" +");
        int count = words.length;
        if (words[count - 1].startsWith("@")) {
            time = START.plusSeconds(Long.parseLong(words[count - 1].substring(1)));
            count--;
        }
        String subject = count > 1 ? words[1] : "";
        int number = count > 2 ? Integer.parseInt(words[2]) : 1;
        Object event = event(words[0], subject, number);
        String topic = event instanceof InventoryEvent ? "inventory-events" : "order-events";
        Position at = new Position(topic, 0, offsets.merge(topic, 1L, Long::sum) - 1);
        switch (event) {
            case InventoryEvent e -> books.inventory(at, time, e);
            case OrderEvent e -> books.orders(at, time, e);
            default -> throw new IllegalArgumentException(line);
        }
    }

    private Object event(String verb, String subject, int n) {
        return switch (verb) {
            case "define" -> define(Integer.parseInt(subject), SaleRules.NONE);
            case "define-max" -> define(Integer.parseInt(subject), new SaleRules(n, null, null, null, null, null));
            case "define-until" ->
                define(Integer.parseInt(subject), new SaleRules(null, null, null, START.plusSeconds(n), null, null));
            case "adjust" -> new StockAdjusted(PRODUCT, Integer.parseInt(subject), "counted", n, null, time);
            case "place" -> place(subject, n, PRICE, HOLD_SECONDS);
            case "place-dear" -> place(subject, n, new BigDecimal("9.99"), HOLD_SECONDS);
            case "place-long" -> place(subject, n, PRICE, HOLD_SECONDS + 1);
            case "reject" ->
                new HoldRejected(PRODUCT, holdId(subject), n + 1, null, Refusal.insufficientStock(n + 1, n));
            case "reject-unknown" ->
                new HoldRejected(PRODUCT, holdId(subject), n, null, Refusal.of(RefusalCode.PRODUCT_NOT_FOUND, "none"));
            case "release" -> new HoldReleased(PRODUCT, holdId(subject), n, time);
            case "expire" -> new HoldExpired(PRODUCT, holdId(subject), n, time);
            case "extend" ->
                new HoldExtended(PRODUCT, holdId(subject), n, START.plusSeconds(HOLD_SECONDS + n), null, time);
            case "redeem" -> redeem(subject, n, orderId(subject), PRICE);
            case "redeem-as-b" -> redeem(subject, n, orderId("b"), PRICE);
            case "redeem-dear" -> redeem(subject, n, orderId(subject), BigDecimal.TEN);
            case "reject-order" ->
                new RedeemRejected(
                        PRODUCT, holdId(subject), Refusal.of(RefusalCode.HOLD_EXPIRED, "expired"), null, false);
            case "sell" -> new StockSold(PRODUCT, orderId(subject), n);
            case "return" -> new StockReturned(PRODUCT, orderId(subject), n);
            case "reacquire" -> new StockReacquired(PRODUCT, orderId(subject), n);
            case "refuse" -> new ReacquireRefused(PRODUCT, orderId(subject), 1, n);
            case "sold-out" -> new SoldOut(PRODUCT, time);
            case "low" -> new LowStock(PRODUCT, Integer.parseInt(subject), 3, time);
            case "back" -> new BackInStock(PRODUCT, Integer.parseInt(subject), time);
            default -> orderEvent(verb, subject, n);
        };
    }

    private Object orderEvent(String verb, String subject, int n) {
        String orderId = orderId(subject);
        return switch (verb) {
            case "create" -> create(subject, n, PRICE.multiply(BigDecimal.valueOf(n)));
            case "create-cheap" -> create(subject, n, BigDecimal.ONE);
            case "pay" -> new OrderPaid(PRODUCT, orderId, n, "pay-1", time);
            case "cancel" -> new OrderCancelled(PRODUCT, orderId, n, CancelReason.PAYMENT_FAILED, time);
            case "cancel-due" -> new OrderCancelled(PRODUCT, orderId, n, CancelReason.PAYMENT_EXPIRED, time);
            case "late" -> new LatePaymentReceived(PRODUCT, orderId, n, "pay-2", time);
            case "refund" -> new RefundRequired(PRODUCT, orderId, "pay-2", PRICE, EUR);
            case "mismatch" -> new PaymentMismatched(PRODUCT, orderId, "pay-3", PRICE, EUR, BigDecimal.ONE, EUR);
            case "unmatched" -> new PaymentUnmatched(PRODUCT, orderId, true, "pay-4", PRICE, EUR);
            default -> throw new IllegalArgumentException(verb);
        };
    }

    private ProductDefined define(int total, SaleRules rules) {
        return new ProductDefined(PRODUCT, "Lamp", PRICE, EUR, total, HOLD_SECONDS, time, rules);
    }

    private HoldPlaced place(String name, int quantity, BigDecimal price, int seconds) {
        return new HoldPlaced(PRODUCT, holdId(name), quantity, null, price, EUR, time, time.plusSeconds(seconds));
    }

    private HoldRedeemed redeem(String name, int quantity, String orderId, BigDecimal price) {
        return new HoldRedeemed(PRODUCT, holdId(name), orderId, quantity, null, price, EUR, time, null, null);
    }

    private OrderCreated create(String name, int quantity, BigDecimal amount) {
        return new OrderCreated(
                PRODUCT,
                orderId(name),
                holdId(name),
                quantity,
                null,
                PRICE,
                amount,
                EUR,
                time,
                time.plusSeconds(PAYMENT_SECONDS));
    }
}
