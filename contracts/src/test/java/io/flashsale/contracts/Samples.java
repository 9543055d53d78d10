package io.flashsale.contracts;

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
import io.flashsale.contracts.InventoryEvent.ReacquireRefused;
import io.flashsale.contracts.InventoryEvent.RedeemRejected;
import io.flashsale.contracts.InventoryEvent.SoldOut;
import io.flashsale.contracts.InventoryEvent.StockAdjusted;
import io.flashsale.contracts.InventoryEvent.StockReacquired;
import io.flashsale.contracts.InventoryEvent.StockReturned;
import io.flashsale.contracts.InventoryEvent.StockSold;
import io.flashsale.contracts.InventoryTick.ExpireHold;
import io.flashsale.contracts.InventoryTick.SweepInventory;
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderEvent.LatePaymentReceived;
import io.flashsale.contracts.OrderEvent.OrderCancelled;
import io.flashsale.contracts.OrderEvent.OrderCreated;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.contracts.OrderEvent.PaymentMismatched;
import io.flashsale.contracts.OrderEvent.PaymentUnmatched;
import io.flashsale.contracts.OrderEvent.RefundRequired;
import io.flashsale.contracts.OrderTick.ExpireParkedPayments;
import io.flashsale.contracts.OrderTick.ExpirePayment;
import io.flashsale.contracts.OrderTick.SweepOrders;
import io.flashsale.contracts.ProductCommand.AdjustStock;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.Reply.HoldAnswer;
import io.flashsale.contracts.Reply.OrderAnswer;
import io.flashsale.contracts.Reply.PaymentAnswer;
import io.flashsale.contracts.Reply.ProductAnswer;
import io.flashsale.contracts.Reply.Refused;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Every message of the contract, once with everything it can carry and once with nothing that may be absent. */
final class Samples {

    /** The types that the messages of a topic are written and read as. */
    static final List<Class<?>> FAMILIES = List.of(
            ProductCommand.class,
            HoldCommand.class,
            OrderCommand.class,
            WebhookCommand.class,
            InventoryEvent.class,
            OrderEvent.class,
            InventoryTick.class,
            OrderTick.class,
            Reply.class);

    /** What messages consist of, and {@code product-stock}'s value. */
    static final List<Class<?>> PARTS = List.of(ProductView.class, HoldView.class, OrderView.class, Refusal.class);

    static final String HOLD_ID = HoldId.of("sneaker-42", "0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
    static final String ORDER_ID = OrderId.ofHold(HOLD_ID);

    private static final Instant T0 = Instant.parse("2026-11-27T09:00:00Z");
    private static final Instant T1 = Instant.parse("2026-11-27T09:02:00.123Z");
    private static final SaleRules RULES = new SaleRules(4, 10, T0, T1, 5, 600);
    private static final BigDecimal PRICE = new BigDecimal("19.90");
    private static final BigDecimal AMOUNT = new BigDecimal("39.80");

    /**
     * A message and the file that holds it.
     *
     * @param family the type it is written and read as
     * @param file its name without {@code .json}
     */
    record Sample(Class<?> family, String file, Object message) {

        @Override
        public String toString() {
            return file;
        }
    }

    private Samples() {}

    /** Every message type of every family. */
    static List<Class<?>> messages() {
        return FAMILIES.stream()
                .<Class<?>>flatMap(family -> Arrays.stream(family.getPermittedSubclasses()))
                .toList();
    }

    /** The text of a golden file, empty if there is none. */
    static String golden(String file) {
        try (InputStream in = Samples.class.getResourceAsStream("/golden/" + file + ".json")) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static List<Sample> all() {
        return Stream.of(commands(), inventoryEvents(), orderEvents(), ticks(), replies(), views())
                .flatMap(List::stream)
                .toList();
    }

    static List<Sample> commands() {
        return List.of(
                full(
                        ProductCommand.class,
                        new DefineProduct("sneaker-42", "Sneaker, größe 42", PRICE, "EUR", 100, 120, RULES)),
                minimal(
                        ProductCommand.class,
                        new DefineProduct("sneaker-42", "Sneaker", PRICE, null, 0, null, SaleRules.NONE)),
                full(ProductCommand.class, new AdjustStock("sneaker-42", -5, "five were damaged", "key-2")),
                minimal(ProductCommand.class, new AdjustStock("sneaker-42", 5, "found", null)),
                full(HoldCommand.class, new PlaceHold("sneaker-42", HOLD_ID, 2, "customer-7")),
                minimal(HoldCommand.class, new PlaceHold("sneaker-42", HOLD_ID, 1, null)),
                full(HoldCommand.class, new ReleaseHold("sneaker-42", HOLD_ID)),
                full(HoldCommand.class, new ExtendHold("sneaker-42", HOLD_ID, 60, "key-3")),
                minimal(HoldCommand.class, new ExtendHold("sneaker-42", HOLD_ID, null, null)),
                full(OrderCommand.class, new CreateOrder("sneaker-42", HOLD_ID, "key-1")),
                minimal(OrderCommand.class, new CreateOrder("sneaker-42", HOLD_ID, null)),
                full(OrderCommand.class, new CancelOrder("sneaker-42", ORDER_ID)),
                full(
                        WebhookCommand.class,
                        new PaymentSucceeded("sneaker-42", ORDER_ID, "evt-1", "pay-1", AMOUNT, "EUR")),
                minimal(WebhookCommand.class, new PaymentSucceeded("sneaker-42", ORDER_ID, "evt-1", null, null, null)),
                full(WebhookCommand.class, new PaymentFailed("sneaker-42", ORDER_ID, "evt-2", "pay-1", AMOUNT, "EUR")),
                minimal(WebhookCommand.class, new PaymentFailed("sneaker-42", ORDER_ID, "evt-2", null, null, null)));
    }

    private static List<Sample> inventoryEvents() {
        Class<InventoryEvent> family = InventoryEvent.class;
        return List.of(
                full(family, new ProductDefined("sneaker-42", "Sneaker", PRICE, "EUR", 100, 120, T0, RULES)),
                minimal(
                        family,
                        new ProductDefined("sneaker-42", "Sneaker", PRICE, "EUR", 100, 120, T0, SaleRules.NONE)),
                full(family, new StockAdjusted("sneaker-42", -5, "five were damaged", 95, "key-2", T0)),
                minimal(family, new StockAdjusted("sneaker-42", 5, "found", 105, null, T0)),
                full(family, new HoldReleased("sneaker-42", HOLD_ID, 2, T1)),
                full(family, new HoldExtended("sneaker-42", HOLD_ID, 60, T1, "key-3", T0)),
                minimal(family, new HoldExtended("sneaker-42", HOLD_ID, 60, T1, null, T0)),
                full(family, new SoldOut("sneaker-42", T1)),
                full(family, new LowStock("sneaker-42", 3, 5, T1)),
                full(family, new BackInStock("sneaker-42", 2, T1)),
                full(family, new HoldPlaced("sneaker-42", HOLD_ID, 2, "customer-7", PRICE, "EUR", T0, T1)),
                minimal(family, new HoldPlaced("sneaker-42", HOLD_ID, 2, null, PRICE, "EUR", T0, T1)),
                full(family, new HoldRejected("sneaker-42", HOLD_ID, 2, "customer-7", Refusal.insufficientStock(2, 1))),
                minimal(
                        family,
                        new HoldRejected(
                                "sneaker-42", HOLD_ID, 2, null, Refusal.of(RefusalCode.PRODUCT_NOT_FOUND, "No."))),
                full(family, new HoldExpired("sneaker-42", HOLD_ID, 2, T1)),
                full(
                        family,
                        new HoldRedeemed(
                                "sneaker-42", HOLD_ID, ORDER_ID, 2, "customer-7", PRICE, "EUR", T1, 600, "key-1")),
                minimal(
                        family,
                        new HoldRedeemed("sneaker-42", HOLD_ID, ORDER_ID, 2, null, PRICE, "EUR", T1, null, null)),
                full(
                        family,
                        new RedeemRejected(
                                "sneaker-42", HOLD_ID, Refusal.alreadyUsed(HOLD_ID, ORDER_ID), "key-1", true)),
                minimal(
                        family,
                        new RedeemRejected(
                                "sneaker-42", HOLD_ID, Refusal.of(RefusalCode.HOLD_EXPIRED, "No."), null, false)),
                full(family, new StockSold("sneaker-42", ORDER_ID, 2)),
                full(family, new StockReturned("sneaker-42", ORDER_ID, 2)),
                full(family, new StockReacquired("sneaker-42", ORDER_ID, 2)),
                full(family, new ReacquireRefused("sneaker-42", ORDER_ID, 2, 1)));
    }

    private static List<Sample> orderEvents() {
        Class<OrderEvent> family = OrderEvent.class;
        return List.of(
                full(
                        family,
                        new OrderCreated(
                                "sneaker-42", ORDER_ID, HOLD_ID, 2, "customer-7", PRICE, AMOUNT, "EUR", T0, T1)),
                minimal(
                        family,
                        new OrderCreated("sneaker-42", ORDER_ID, HOLD_ID, 2, null, PRICE, AMOUNT, "EUR", T0, T1)),
                full(family, new OrderPaid("sneaker-42", ORDER_ID, 2, "pay-1", T1)),
                minimal(family, new OrderPaid("sneaker-42", ORDER_ID, 2, null, T1)),
                full(family, new OrderCancelled("sneaker-42", ORDER_ID, 2, CancelReason.PAYMENT_FAILED, T1)),
                full(family, new LatePaymentReceived("sneaker-42", ORDER_ID, 2, "pay-1", T1)),
                minimal(family, new LatePaymentReceived("sneaker-42", ORDER_ID, 2, null, T1)),
                full(family, new RefundRequired("sneaker-42", ORDER_ID, "pay-1", AMOUNT, "EUR")),
                minimal(family, new RefundRequired("sneaker-42", ORDER_ID, null, AMOUNT, "EUR")),
                full(family, new PaymentUnmatched("sneaker-42", ORDER_ID, true, "pay-1", AMOUNT, "EUR")),
                minimal(family, new PaymentUnmatched("sneaker-42", ORDER_ID, false, null, null, null)),
                full(
                        family,
                        new PaymentMismatched(
                                "sneaker-42", ORDER_ID, "pay-1", AMOUNT, "EUR", new BigDecimal("1.00"), "USD")),
                minimal(family, new PaymentMismatched("sneaker-42", ORDER_ID, null, AMOUNT, "EUR", null, null)));
    }

    private static List<Sample> ticks() {
        return List.of(
                full(InventoryTick.class, new ExpireHold("sneaker-42", HOLD_ID)),
                full(OrderTick.class, new ExpirePayment("sneaker-42", ORDER_ID)),
                full(OrderTick.class, new ExpireParkedPayments("sneaker-42", ORDER_ID)),
                full(InventoryTick.class, new SweepInventory("sneaker-42")),
                full(OrderTick.class, new SweepOrders("sneaker-42")));
    }

    private static List<Sample> replies() {
        Class<Reply> family = Reply.class;
        return List.of(
                full(family, new ProductAnswer(product(), true, false)),
                full(family, new HoldAnswer(hold(), false)),
                full(family, new OrderAnswer(order(), true)),
                full(
                        family,
                        new PaymentAnswer(
                                ORDER_ID,
                                PaymentStatus.CANCELLED,
                                CancelReason.PAYMENT_EXPIRED,
                                true,
                                "payment-mismatch",
                                true)),
                minimal(family, new PaymentAnswer(ORDER_ID, PaymentStatus.AWAITING_ORDER, null, null, null, false)),
                full(family, new Refused(Refusal.insufficientStock(2, 1), false)),
                minimal(family, new Refused(Refusal.of(RefusalCode.HOLD_NOT_FOUND, "No."), true)));
    }

    private static List<Sample> views() {
        OrderView open = order();
        return List.of(
                full(ProductView.class, product()),
                minimal(
                        ProductView.class,
                        new ProductView(
                                "sneaker-42",
                                "Sneaker",
                                PRICE,
                                "EUR",
                                0,
                                0,
                                0,
                                0,
                                0,
                                SaleStatus.SOLD_OUT,
                                120,
                                T1,
                                1,
                                SaleRules.NONE)),
                full(HoldView.class, hold()),
                full(
                        OrderView.class,
                        new OrderView(
                                ORDER_ID,
                                HOLD_ID,
                                "sneaker-42",
                                2,
                                PRICE,
                                AMOUNT,
                                "EUR",
                                OrderStatus.CANCELLED,
                                T1,
                                CancelReason.PAYMENT_EXPIRED,
                                true)),
                minimal(OrderView.class, open),
                full(
                        Refusal.class,
                        new Refusal(RefusalCode.HOLD_ALREADY_USED, "No.", 1, 2, ORDER_ID, T0, T1, "customer_id")),
                minimal(Refusal.class, Refusal.of(RefusalCode.HOLD_NOT_FOUND, "No.")));
    }

    private static ProductView product() {
        return new ProductView(
                "sneaker-42", "Sneaker", PRICE, "EUR", 100, 90, 7, 3, 2, SaleStatus.OPEN, 120, T1, 12, RULES);
    }

    private static HoldView hold() {
        return new HoldView(HOLD_ID, "sneaker-42", 2, HoldStatus.ACTIVE, T1, 120);
    }

    private static OrderView order() {
        return new OrderView(
                ORDER_ID, HOLD_ID, "sneaker-42", 2, PRICE, AMOUNT, "EUR", OrderStatus.PENDING_PAYMENT, T1, null, null);
    }

    private static Sample full(Class<?> family, Object message) {
        return new Sample(family, message.getClass().getSimpleName(), message);
    }

    private static Sample minimal(Class<?> family, Object message) {
        return new Sample(family, message.getClass().getSimpleName() + "-minimal", message);
    }
}
