package io.flashsale.inventory.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.CancelReason;
import io.flashsale.contracts.HoldCommand.ExtendHold;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldCommand.ReleaseHold;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.HoldView;
import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryInput;
import io.flashsale.contracts.InventoryTick.ExpireHold;
import io.flashsale.contracts.InventoryTick.SweepInventory;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderEvent.LatePaymentReceived;
import io.flashsale.contracts.OrderEvent.OrderCancelled;
import io.flashsale.contracts.OrderEvent.OrderCreated;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.contracts.OrderEvent.PaymentMismatched;
import io.flashsale.contracts.OrderEvent.PaymentUnmatched;
import io.flashsale.contracts.OrderEvent.RefundRequired;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.ProductCommand;
import io.flashsale.contracts.ProductCommand.AdjustStock;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.SaleRules;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs a table of inputs against the rules and compares what they said. Behind each line it counts the units of each
 * customer anew, and an answer that is said to be repeated must be the first one. One line an input, the expectation behind the
 * arrow: the events that came of it, then the reply's code. A hold is called by a short name; {@code at +120s} sets the
 * log time of the lines below, counted from the script's start.
 *
 * <pre>
 * define PRODUCT stock=N [ttl=SECONDS] [price=P] [currency=C] [name=N] [per-hold=N] [per-customer=N] [starts=+10s]
 *     [ends=+20s] [low=N] [pay=SECONDS]
 * hold NAME PRODUCT QUANTITY [customer=C]
 * release NAME | extend NAME [seconds=N] [key=K] | order NAME [key=K] | cancel NAME
 * adjust PRODUCT DELTA [reason=R] [key=K]
 * tick NAME | created NAME | paid NAME | cancelled NAME | late NAME QUANTITY | refund NAME | unmatched NAME | mismatched NAME
 * forget NAME | forget-key CALL PRODUCT KEY
 * units PRODUCT CUSTOMER | stock PRODUCT | product PRODUCT | status PRODUCT | show NAME
 * </pre>
 */
final class InventoryScript {

    static final Instant START = Instant.parse("2026-11-27T09:00:00Z");

    static final InventoryTerms TERMS = new InventoryTerms(1, Duration.ofHours(24), Duration.ofDays(30));

    private final InventoryRules rules;
    private final Map<String, Product> products = new HashMap<>();
    private final Map<String, HoldRecord> holds = new HashMap<>();
    private final Map<String, RequestRecord> requests = new HashMap<>();
    private final Map<String, Integer> customerUnits = new HashMap<>();
    private final Map<InventoryInput, Reply> firstAnswers = new HashMap<>();
    private final Map<String, String> ids = new HashMap<>();
    private Instant time = START;

    private InventoryScript(InventoryTerms terms) {
        rules = new InventoryRules(new InventoryDefaults(120, "EUR"), terms);
    }

    static void run(String table) {
        run(TERMS, table);
    }

    static void run(InventoryTerms terms, String table) {
        InventoryScript script = new InventoryScript(terms);
        String actual = table.lines().map(script::line).collect(Collectors.joining("\n"));
        String expected = table.lines().map(InventoryScript::tidy).collect(Collectors.joining("\n"));
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
            time = instant(words.at(1));
            return said;
        }
        String outcome = outcome(words);
        assertThat(customerUnits).as(said).isEqualTo(countedUnits());
        return "%-44s -> %s".formatted(said, outcome);
    }

    private static Instant instant(String afterStart) {
        return START.plus(Duration.parse("PT" + afterStart.substring(1)));
    }

    private String outcome(Words words) {
        return switch (words.verb()) {
            case "stock" -> stock(words.at(1));
            case "product" -> product(words.at(1));
            case "status" ->
                products.get(words.at(1)).toView(time).saleStatus().name().toLowerCase(Locale.ROOT);
            case "show" -> show(words.at(1));
            case "units" -> "" + customerUnits.getOrDefault(words.at(1) + "|" + words.at(2), 0);
            case "forget" -> forget(ids.get(words.at(1)), "");
            case "forget-key" -> forget("", words.at(2) + "|" + words.at(1) + "|" + words.at(3));
            default -> decide(input(words));
        };
    }

    private InventoryInput input(Words words) {
        if (words.verb().equals("define")) {
            return new DefineProduct(
                    words.at(1),
                    words.option("name").orElse("A thing"),
                    new BigDecimal(words.option("price").orElse("10.00")),
                    words.option("currency").orElse(null),
                    Integer.parseInt(words.option("stock").orElseThrow()),
                    words.number("ttl"),
                    new SaleRules(
                            words.number("per-hold"),
                            words.number("per-customer"),
                            words.option("starts").map(InventoryScript::instant).orElse(null),
                            words.option("ends").map(InventoryScript::instant).orElse(null),
                            words.number("low"),
                            words.number("pay")));
        }
        if (words.verb().equals("adjust")) {
            return new AdjustStock(
                    words.at(1),
                    Integer.parseInt(words.at(2)),
                    words.option("reason").orElse("counted"),
                    words.option("key").orElse(null));
        }
        if (words.verb().equals("hold")) {
            ids.put(words.at(1), holdId(words.at(2), words.at(1)));
        }
        String holdId = ids.getOrDefault(words.at(1), holdId("p1", words.at(1)));
        String productId = HoldId.productOf(holdId).orElseThrow();
        String orderId = OrderId.ofHold(holdId);
        BigDecimal ten = BigDecimal.TEN;
        return switch (words.verb()) {
            case "hold" ->
                new PlaceHold(
                        productId,
                        holdId,
                        Integer.parseInt(words.at(3)),
                        words.option("customer").orElse(null));
            case "order" ->
                new CreateOrder(productId, holdId, words.option("key").orElse(null));
            case "release" -> new ReleaseHold(productId, holdId);
            case "extend" ->
                new ExtendHold(
                        productId,
                        holdId,
                        words.number("seconds"),
                        words.option("key").orElse(null));
            case "cancel" -> new CancelOrder(productId, orderId);
            case "sweep" -> new SweepInventory(productId);
            case "tick" -> new ExpireHold(productId, holdId);
            case "created" ->
                new OrderCreated(productId, orderId, holdId, 1, null, ten, ten, "EUR", time, time.plusSeconds(600));
            case "paid" -> new OrderPaid(productId, orderId, 1, "pay", time);
            case "cancelled" -> new OrderCancelled(productId, orderId, 1, CancelReason.PAYMENT_EXPIRED, time);
            case "late" -> new LatePaymentReceived(productId, orderId, Integer.parseInt(words.at(2)), "pay", time);
            case "refund" -> new RefundRequired(productId, orderId, "pay", ten, "EUR");
            case "unmatched" -> new PaymentUnmatched(productId, orderId, true, "pay", ten, "EUR");
            case "mismatched" -> new PaymentMismatched(productId, orderId, "pay", ten, "EUR", ten, "USD");
            default -> throw new IllegalArgumentException("Not a verb: " + words.verb());
        };
    }

    private String decide(InventoryInput input) {
        String holdId = holdIdOf(input);
        String key = requestKeyOf(input);
        InventoryState before = load(input.productId(), holdId, key, customerOf(input));
        Decision decision = rules.decide(before, input, time);
        InventoryState after = before;
        for (InventoryEvent event : decision.events()) {
            // What is written is what is read back at a replay.
            InventoryEvent read = Json.MAPPER.readValue(Json.MAPPER.writeValueAsString(event), InventoryEvent.class);
            assertThat(read).isEqualTo(event);
            after = rules.apply(after, read, time);
        }
        assertThat(decision.after()).isEqualTo(after);
        store(input.productId(), holdId, key, customerOf(input), after);
        compareWithFirst(input, decision.reply());
        return told(decision);
    }

    private String forget(String holdId, String key) {
        HoldRecord hold = holds.get(holdId);
        RequestRecord request = requests.get(key);
        String customer = hold == null ? null : hold.customerId();
        InventoryState after = rules.forget(load("p1", holdId, key, customer), time);
        store("p1", holdId, key, customer, after);
        boolean nothingLeft = after.hold() == null && after.request() == null;
        return hold == null && request == null ? "unknown" : nothingLeft ? "forgotten" : "kept";
    }

    private InventoryState load(String productId, String holdId, String key, String customer) {
        return new InventoryState(
                products.get(productId),
                holds.get(holdId),
                requests.get(key),
                customerUnits.getOrDefault(productId + "|" + customer, 0));
    }

    private void store(String productId, String holdId, String key, String customer, InventoryState after) {
        store(products, productId, after.product());
        store(holds, holdId, after.hold());
        store(requests, key, after.request());
        store(customerUnits, productId + "|" + customer, after.customerUnits() == 0 ? null : after.customerUnits());
    }

    private static <T> void store(Map<String, T> all, String key, T value) {
        if (value == null) {
            all.remove(key);
        } else {
            all.put(key, value);
        }
    }

    /** What the counter of each customer must be, from the holds themselves. */
    private Map<String, Integer> countedUnits() {
        return holds.values().stream()
                .filter(Hold.class::isInstance)
                .map(Hold.class::cast)
                .filter(hold -> hold.customerId() != null)
                .filter(hold -> Set.of(Hold.Stage.HELD, Hold.Stage.PENDING, Hold.Stage.SOLD)
                        .contains(hold.stage()))
                .collect(Collectors.toMap(
                        hold -> HoldId.productOf(hold.holdId()).orElseThrow() + "|" + hold.customerId(),
                        Hold::quantity,
                        Integer::sum));
    }

    private void compareWithFirst(InventoryInput input, Reply reply) {
        if (reply == null) {
            return;
        }
        Reply first = reply.replayed() ? firstAnswers.get(input) : firstAnswers.putIfAbsent(input, reply);
        boolean isRecorded = input instanceof PlaceHold || !requestKeyOf(input).isEmpty();
        if (reply.replayed() && first != null && isRecorded) {
            assertThat(asFirst(reply)).isEqualTo(first);
        }
    }

    private static Reply asFirst(Reply reply) {
        return switch (reply) {
            case Reply.ProductAnswer answer -> new Reply.ProductAnswer(answer.product(), answer.created(), false);
            case Reply.HoldAnswer answer -> new Reply.HoldAnswer(answer.hold(), false);
            case Reply.Refused refused -> new Reply.Refused(refused.refusal(), false);
            case Reply.OrderAnswer answer -> answer;
            case Reply.PaymentAnswer answer -> answer;
        };
    }

    private String customerOf(InventoryInput input) {
        HoldRecord hold = holds.get(holdIdOf(input));
        return hold != null ? hold.customerId() : input instanceof PlaceHold command ? command.customerId() : null;
    }

    private static String requestKeyOf(InventoryInput input) {
        return switch (input) {
            case CreateOrder command -> key(command.productId(), "order", command.idempotencyKey());
            case ExtendHold command -> key(command.productId(), "extend", command.idempotencyKey());
            case AdjustStock command -> key(command.productId(), "adjust", command.idempotencyKey());
            default -> "";
        };
    }

    private static String key(String productId, String call, String idempotencyKey) {
        return idempotencyKey == null ? "" : productId + "|" + call + "|" + idempotencyKey;
    }

    private static String holdIdOf(InventoryInput input) {
        return switch (input) {
            case PlaceHold command -> command.holdId();
            case CreateOrder command -> command.holdId();
            case ExpireHold tick -> tick.holdId();
            case OrderEvent event -> HoldId.ofOrder(event.orderId());
            case ProductCommand ignored -> "";
            case ReleaseHold command -> command.holdId();
            case ExtendHold command -> command.holdId();
            case CancelOrder ignored -> "";
            case SweepInventory ignored -> "";
        };
    }

    private static String told(Decision decision) {
        Stream<String> events =
                decision.events().stream().map(event -> event.getClass().getSimpleName());
        Reply reply = decision.reply();
        Stream<String> answer = decision.answeredByOrders()
                ? Stream.of("(orders answers)")
                : reply == null ? Stream.empty() : Stream.of((reply.replayed() ? "again " : "") + code(reply));
        String told = Stream.concat(events, answer).collect(Collectors.joining(" "));
        return told.isEmpty() ? "nothing" : told;
    }

    private static String code(Reply reply) {
        return switch (reply) {
            case Reply.ProductAnswer answer -> answer.created() ? "created" : "defined";
            case Reply.HoldAnswer answer -> answer.hold().status().name().toLowerCase(Locale.ROOT);
            case Reply.Refused refused -> code(refused.refusal());
            case Reply.OrderAnswer answer -> answer.toString();
            case Reply.PaymentAnswer answer -> answer.toString();
        };
    }

    private static String code(Refusal refusal) {
        String available = refusal.available() == null ? "" : " available=" + refusal.available();
        String limit = refusal.limit() == null ? "" : " limit=" + refusal.limit();
        String field = refusal.field() == null ? "" : " field=" + refusal.field();
        return refusal.code().code() + available + limit + field;
    }

    private String stock(String productId) {
        Stock stock = products.get(productId).stock();
        return "available=%d held=%d pending=%d sold=%d"
                .formatted(stock.available(), stock.held(), stock.pending(), stock.sold());
    }

    private String product(String productId) {
        return Json.MAPPER.writeValueAsString(products.get(productId).toView(time));
    }

    private String show(String name) {
        return switch (holds.get(ids.get(name))) {
            case Hold hold -> {
                HoldView view = hold.toView(HoldId.productOf(hold.holdId()).orElseThrow());
                yield "%s quantity=%d for=%ds price=%s %s until +%ds"
                        .formatted(
                                hold.stage(),
                                view.quantity(),
                                view.reservedForSeconds(),
                                hold.unitPrice(),
                                view.status(),
                                Duration.between(START, view.expiresAt()).toSeconds());
            }
            case HoldRecord.Refused refused -> "refused " + code(refused.refusal());
        };
    }

    private static String holdId(String productId, String name) {
        byte[] random = Arrays.copyOf(
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .getBytes(StandardCharsets.US_ASCII),
                16);
        return HoldId.of(productId, random);
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

        Integer number(String name) {
            return option(name).map(Integer::valueOf).orElse(null);
        }

        Optional<String> option(String name) {
            return all.stream()
                    .filter(word -> word.startsWith(name + "="))
                    .map(word -> word.substring(name.length() + 1))
                    .findFirst();
        }
    }
}
