package io.flashsale.orders.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.HoldId;
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
import io.flashsale.contracts.Json;
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.OrderInput;
import io.flashsale.contracts.OrderTick.ExpireParkedPayments;
import io.flashsale.contracts.OrderTick.ExpirePayment;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.ReplyTo;
import io.flashsale.contracts.SaleRules;
import io.flashsale.contracts.WebhookCommand;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs a table of inputs against the rules and compares what they said. One line an input, the expectation behind the
 * arrow: the events that came of it, then the answers. An order is called by a short name; {@code at +600s} sets the log
 * time of the lines below, counted from the script's start. The payment window is 600 s, the parking time 3600 s; webhooks are kept
 * for 168 h (a week), ended orders for 720 h (a month).
 *
 * <pre>
 * redeem NAME QUANTITY [price=P] [window=SECONDS] [from=CALLER]   the inventory made an order of a hold
 * again NAME | refuse NAME                       it was asked for again, or refused
 * pay NAME key=K [amount=A] [currency=C] [payment=ID] [from=CALLER]
 * fail NAME key=K [the same]
 * cancel NAME [from=CALLER]                      somebody wants the order no longer
 * due NAME | parked-due NAME                     ticks
 * reacquired NAME | reacquire-refused NAME       the inventory's word on a late payment
 * other NAME                                     every other input, which says nothing of orders
 * sweep                                          forgets what may be forgotten
 * order NAME | parked NAME                       shows the state
 * </pre>
 *
 * The caller is {@code me} if the line does not say so, {@code from=nobody} is a command without one.
 */
final class OrderScript {

    static final Instant START = Instant.parse("2026-11-27T09:00:00Z");

    private final OrderRules rules;
    private final Map<String, Order> orders = new HashMap<>();
    private final Map<String, ParkedPayments> parked = new HashMap<>();
    private final Map<String, WebhookRecord> webhooks = new HashMap<>();
    private final Map<String, WebhookRecord> payments = new HashMap<>();
    private Instant time = START;

    private OrderScript(LatePaymentPolicy latePayments) {
        this.rules = new OrderRules(
                new OrderDefaults(Duration.ofSeconds(600), Duration.ofSeconds(3600), latePayments),
                new OrderRetention(Duration.ofDays(7), Duration.ofDays(30)));
    }

    static void run(String table) {
        run(LatePaymentPolicy.REACQUIRE, table);
    }

    static void run(LatePaymentPolicy latePayments, String table) {
        OrderScript script = new OrderScript(latePayments);
        String actual = table.lines().map(script::line).collect(Collectors.joining("\n"));
        String expected = table.lines().map(OrderScript::tidy).collect(Collectors.joining("\n"));
        assertThat(actual).isEqualTo(expected);
    }

    private static String tidy(String line) {
        String[] halves = line.strip().split("\\s*->\\s*", 2);
        return halves.length == 1 ? halves[0] : "%-44s -> %s".formatted(halves[0], halves[1]);
    }

    private String line(String line) {
        String said = line.strip().split("\\s*->\\s*", 2)[0];
        if (said.isEmpty() || said.startsWith("#")) {
            return said;
        }
        Words words = new Words(said);
        if (words.verb().equals("at")) {
            time = START.plus(Duration.parse("PT" + words.at(1)));
            return said;
        }
        if (words.verb().equals("sweep")) {
            return "%-44s -> %s".formatted(said, sweep());
        }
        return "%-44s -> %s".formatted(said, outcome(words));
    }

    private String outcome(Words words) {
        String orderId = OrderId.ofHold(holdId(words.at(1)));
        return switch (words.verb()) {
            case "order" -> order(orders.get(orderId));
            case "parked" ->
                parked.containsKey(orderId)
                        ? String.valueOf(parked.get(orderId).payments().size())
                        : "none";
            case "other" ->
                others(words.at(1)).stream()
                        .map(input -> decide(input, null))
                        .distinct()
                        .collect(Collectors.joining(" "));
            default -> decide(input(words), caller(words));
        };
    }

    private String sweep() {
        int kept = orders.size() + webhooks.size() + payments.size();
        orders.values().removeIf(order -> order.isOver(time));
        webhooks.values().removeIf(webhook -> webhook.isOver(time));
        payments.values().removeIf(payment -> payment.isOver(time));
        int left = orders.size() + webhooks.size() + payments.size();
        return kept == left
                ? "nothing"
                : "%d orders, %d keys, %d payments left".formatted(orders.size(), webhooks.size(), payments.size());
    }

    private static ReplyTo caller(Words words) {
        String name = words.option("from").orElse("me");
        return name.equals("nobody") ? null : new ReplyTo(name, 0);
    }

    private OrderInput input(Words words) {
        String holdId = holdId(words.at(1));
        String orderId = OrderId.ofHold(holdId);
        Refusal refusal = Refusal.alreadyUsed(holdId, orderId);
        return switch (words.verb()) {
            case "redeem" ->
                new HoldRedeemed(
                        "p1",
                        holdId,
                        orderId,
                        Integer.parseInt(words.at(2)),
                        "customer",
                        words.option("price").map(BigDecimal::new).orElse(new BigDecimal("10.00")),
                        "EUR",
                        time,
                        words.option("window").map(Integer::valueOf).orElse(null),
                        null);
            case "again" -> new RedeemRejected("p1", holdId, refusal, "k", true);
            case "refuse" -> new RedeemRejected("p1", holdId, refusal, "k", false);
            case "pay" -> payment(words, orderId, PaymentSucceeded::new);
            case "fail" -> payment(words, orderId, PaymentFailed::new);
            case "cancel" -> new CancelOrder("p1", orderId);
            case "due" -> new ExpirePayment("p1", orderId);
            case "parked-due" -> new ExpireParkedPayments("p1", orderId);
            case "reacquired" -> new StockReacquired("p1", orderId, 1);
            case "reacquire-refused" -> new ReacquireRefused("p1", orderId, 1, 0);
            default -> throw new IllegalArgumentException("Not a verb: " + words.verb());
        };
    }

    private static OrderInput payment(Words words, String orderId, PaymentConstructor constructor) {
        return constructor.make(
                "p1",
                orderId,
                words.option("key").orElseThrow(),
                words.option("payment").orElse(null),
                words.option("amount").map(BigDecimal::new).orElse(null),
                words.option("currency").orElse(null));
    }

    private List<OrderInput> others(String name) {
        String holdId = holdId(name);
        String orderId = OrderId.ofHold(holdId);
        return List.of(
                new ProductDefined("p1", "A thing", BigDecimal.TEN, "EUR", 10, 120, time, SaleRules.NONE),
                new StockAdjusted("p1", 1, "found", 11, null, time),
                new HoldPlaced("p1", holdId, 1, null, BigDecimal.TEN, "EUR", time, time.plusSeconds(120)),
                new HoldRejected("p1", holdId, 1, null, Refusal.insufficientStock(1, 0)),
                new HoldReleased("p1", holdId, 1, time),
                new HoldExtended("p1", holdId, 60, time.plusSeconds(180), null, time),
                new HoldExpired("p1", holdId, 1, time),
                new StockSold("p1", orderId, 1),
                new StockReturned("p1", orderId, 1),
                new SoldOut("p1", time),
                new LowStock("p1", 1, 5, time),
                new BackInStock("p1", 1, time),
                new CreateOrder("p1", holdId, null));
    }

    private String decide(OrderInput input, ReplyTo caller) {
        String orderId = orderIdOf(input);
        String key = input instanceof WebhookCommand webhook ? webhook.idempotencyKey() : "";
        String payment = paymentOf(input);
        OrderState before =
                new OrderState(orders.get(orderId), parked.get(orderId), webhooks.get(key), payments.get(payment));
        Decision decision = rules.decide(before, input, time, caller);
        OrderState after = before;
        for (OrderFact fact : decision.facts()) {
            after = rules.apply(after, fact);
        }
        store(orders, orderId, after.order());
        store(parked, orderId, after.parked());
        store(webhooks, key, after.webhook());
        store(payments, payment, after.payment());
        String told = told(decision);
        assertThat(told).endsWith(decision.refusal().map(no -> no.code().code()).orElse(""));
        assertThat(decision.refusal().isPresent()).as(told).isEqualTo(isRefused(told));
        return told;
    }

    private static boolean isRefused(String told) {
        return Arrays.stream(RefusalCode.values()).anyMatch(code -> told.endsWith(code.code()));
    }

    private static String paymentOf(OrderInput input) {
        return input instanceof WebhookCommand webhook && webhook.paymentId() != null
                ? webhook.orderId() + " " + webhook.paymentId() + " " + webhook.getClass()
                : "";
    }

    private static <T> void store(Map<String, T> all, String key, T value) {
        if (value == null) {
            all.remove(key);
        } else {
            all.put(key, value);
        }
    }

    private static String orderIdOf(OrderInput input) {
        return switch (input) {
            case HoldRedeemed event -> event.orderId();
            case RedeemRejected event -> OrderId.ofHold(event.holdId());
            case StockReacquired event -> event.orderId();
            case ReacquireRefused event -> event.orderId();
            case WebhookCommand command -> command.orderId();
            case CancelOrder command -> command.orderId();
            case ExpirePayment tick -> tick.orderId();
            case ExpireParkedPayments tick -> tick.orderId();
            default -> "";
        };
    }

    private static String told(Decision decision) {
        Stream<String> events = decision.events().stream().map(OrderScript::told);
        Stream<String> answers = decision.answers().stream().map(OrderScript::told);
        Stream<String> untold = decision.untoldRefusal() == null
                ? Stream.empty()
                : Stream.of("untold:" + decision.untoldRefusal().code().code());
        String told =
                Stream.of(events, answers, untold).flatMap(Function.identity()).collect(Collectors.joining(" "));
        return told.isEmpty() ? "nothing" : told;
    }

    private static String told(OrderEvent event) {
        // What is written is what is read back at a replay.
        assertThat(Json.MAPPER.readValue(Json.MAPPER.writeValueAsString(event), OrderEvent.class))
                .isEqualTo(event);
        String name = event.getClass().getSimpleName();
        return switch (event) {
            case OrderEvent.OrderCancelled cancelled -> name + "(" + lower(cancelled.reason()) + ")";
            case OrderEvent.OrderPaid paid -> name + (paid.paymentId() == null ? "" : "(" + paid.paymentId() + ")");
            case OrderEvent.RefundRequired refund ->
                "%s(%s %s %s)".formatted(name, refund.paymentId(), refund.amount(), refund.currency());
            case OrderEvent.PaymentUnmatched unmatched ->
                "%s(%s%s)".formatted(name, unmatched.paymentId(), unmatched.succeeded() ? "" : " failed");
            case OrderEvent.PaymentMismatched mismatched ->
                "%s(%s %s, not %s %s)"
                        .formatted(
                                name,
                                mismatched.amount(),
                                mismatched.currency(),
                                mismatched.expectedAmount(),
                                mismatched.expectedCurrency());
            case OrderEvent.LatePaymentReceived late -> "%s(%s)".formatted(name, late.paymentId());
            case OrderEvent.OrderCreated ignored -> name;
        };
    }

    private static String told(Decision.Answer answer) {
        String name = answer.caller().correlationId();
        return (name.equals("me") ? "" : name + ":")
                + (answer.reply().replayed() ? "again " : "")
                + told(answer.reply());
    }

    private static String told(Reply reply) {
        return switch (reply) {
            case Reply.OrderAnswer answer ->
                joined(
                        lower(answer.order().status()),
                        answer.order().cancelReason(),
                        answer.order().refundRequired(),
                        null);
            case Reply.PaymentAnswer answer ->
                joined(lower(answer.status()), answer.cancelReason(), answer.refundRequired(), answer.code());
            case Reply.Refused refused -> refused.refusal().code().code();
            case Reply.HoldAnswer answer -> answer.toString();
            case Reply.ProductAnswer answer -> answer.toString();
        };
    }

    private static String joined(String status, Enum<?> reason, Boolean refund, String code) {
        return Stream.of(
                        status,
                        reason == null ? null : "(" + lower(reason) + ")",
                        refund == null ? null : "refund_required=" + refund,
                        code)
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" "));
    }

    private static String order(Order order) {
        return order == null
                ? "none"
                : Json.MAPPER
                        .writeValueAsString(order.toView())
                        .replace(order.orderId(), "ID")
                        .replace(order.holdId(), "HOLD");
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String holdId(String name) {
        byte[] random = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8))
                .toString()
                .getBytes(StandardCharsets.US_ASCII);
        return HoldId.of("p1", Arrays.copyOf(random, 16));
    }

    private interface PaymentConstructor {
        OrderInput make(
                String productId,
                String orderId,
                String idempotencyKey,
                String paymentId,
                BigDecimal amount,
                String currency);
    }

    /** A line's words; the ones with {@code =} are options. */
    private record Words(List<String> all) {

        Words(String line) {
            this(List.of(line.split("\\s+")));
        }

        String verb() {
            return all.getFirst();
        }

        String at(int position) {
            return all.get(position);
        }

        Optional<String> option(String name) {
            return all.stream()
                    .filter(word -> word.startsWith(name + "="))
                    .map(word -> word.substring(name.length() + 1))
                    .findFirst();
        }
    }
}
