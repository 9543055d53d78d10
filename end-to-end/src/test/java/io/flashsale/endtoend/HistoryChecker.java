package io.flashsale.endtoend;

import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.InventoryEvent.HoldRedeemed;
import io.flashsale.contracts.InventoryEvent.HoldRejected;
import io.flashsale.contracts.InventoryEvent.HoldReleased;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderEvent.OrderCancelled;
import io.flashsale.contracts.OrderEvent.OrderCreated;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.contracts.OrderEvent.RefundRequired;
import io.flashsale.contracts.ProductView;
import io.flashsale.contracts.Topics;
import io.flashsale.endtoend.History.Call;
import io.flashsale.endtoend.History.Kind;
import io.flashsale.local.audit.AuditTerms;
import io.flashsale.local.audit.Coverage;
import io.flashsale.local.audit.PartitionBooks;
import io.flashsale.local.audit.Position;
import io.flashsale.local.audit.StockCount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Judges what callers were told against what is in the log, after everything is quiet. Knows neither the applications
 * nor their state: only calls, committed events and final reads. What the events alone must keep is judged by the books
 * of {@code verify}.
 */
final class HistoryChecker {

    enum Rule {
        /** The events contradict themselves: conservation, one end of each hold and order, log time, and so on. */
        LOG,
        /** A caller was told of a decision that is not in the log, or stands there more than once. */
        ACKNOWLEDGED_ONCE,
        /** A call that was answered before another was sent stands behind it in the log. */
        REAL_TIME_ORDER,
        /** One key, several answers. */
        EQUAL_ANSWERS,
        /** A payment has more than one effect. */
        ONE_EFFECT_PER_KEY,
        /** The final read of a product is not what its events say, or any read does not add up. */
        READ,
        /** A command that the broker acknowledged was not decided, or more than once. */
        APPENDED_DECIDED_ONCE
    }

    record Violation(Rule rule, String what) {}

    /** An event and where it stands; all events of a product stand in one partition of their topic. */
    record Logged<T>(int partition, long offset, Instant time, T event) {}

    private final List<Violation> violations = new ArrayList<>();
    private final List<Logged<InventoryEvent>> inventory;
    private final List<Logged<OrderEvent>> orders;

    private HistoryChecker(List<Logged<InventoryEvent>> inventory, List<Logged<OrderEvent>> orders) {
        this.inventory = inventory;
        this.orders = orders;
    }

    /**
     * Everything that is wrong.
     *
     * @param inventory all committed records of {@code inventory-events}, of each partition in its order
     * @param orders the same of {@code order-events}
     * @param reads of all products over HTTP
     */
    static List<Violation> check(
            List<Call> calls,
            List<Logged<InventoryEvent>> inventory,
            List<Logged<OrderEvent>> orders,
            List<ProductView> reads) {
        HistoryChecker checker = new HistoryChecker(inventory, orders);
        checker.checkLog(reads);
        checker.checkAcknowledged(calls);
        checker.checkOrder(calls);
        checker.checkKeys(calls);
        return checker.violations;
    }

    // ---- the log alone

    private void checkLog(List<ProductView> reads) {
        Topics topics = Topics.defaults();
        Map<Integer, PartitionBooks> books = new TreeMap<>();
        Function<Integer, PartitionBooks> bookOf = partition -> books.computeIfAbsent(
                partition,
                ignored -> new PartitionBooks(
                        Coverage.COMPLETE,
                        AuditTerms.DEFAULTS,
                        found -> violation(Rule.LOG, found.rule().code() + ": " + found.what())));
        for (Logged<InventoryEvent> each : inventory) {
            bookOf.apply(each.partition())
                    .inventory(
                            new Position(topics.inventoryEvents().name(), each.partition(), each.offset()),
                            each.time(),
                            each.event());
        }
        for (Logged<OrderEvent> each : orders) {
            bookOf.apply(each.partition())
                    .orders(
                            new Position(topics.orderEvents().name(), each.partition(), each.offset()),
                            each.time(),
                            each.event());
        }
        SortedMap<String, StockCount> stock = new TreeMap<>();
        for (PartitionBooks book : books.values()) {
            book.endOfRound();
            book.endOfRound();
            book.judgeUnfollowed();
            stock.putAll(book.stock());
        }
        checkReads(stock, reads);
    }

    private void checkReads(SortedMap<String, StockCount> stock, List<ProductView> reads) {
        Map<String, ProductView> byId = reads.stream().collect(Collectors.toMap(ProductView::id, read -> read));
        stock.forEach((id, count) -> {
            ProductView read = byId.get(id);
            boolean same = read != null
                    && read.totalStock() == count.total()
                    && read.availableStock() == count.available()
                    && read.reservedStock() == count.reserved()
                    && read.soldStock() == count.sold();
            if (!same) {
                violation(Rule.READ, id + " is read as " + read + ", but its events say " + count);
            }
        });
    }

    // ---- what callers were told

    private void checkAcknowledged(List<Call> calls) {
        Map<String, Long> placed = count(inventory, HoldPlaced.class, HoldPlaced::holdId);
        Map<String, Long> rejected = count(inventory, HoldRejected.class, HoldRejected::holdId);
        Map<String, Long> released = count(inventory, HoldReleased.class, HoldReleased::holdId);
        Map<String, Long> redeemed = count(inventory, HoldRedeemed.class, HoldRedeemed::orderId);
        Map<String, Long> created = count(orders, OrderCreated.class, OrderCreated::orderId);
        Map<String, Long> paid = count(orders, OrderPaid.class, OrderPaid::orderId);
        Map<String, Long> cancelled = count(orders, OrderCancelled.class, OrderCancelled::orderId);
        for (Call call : calls) {
            if (!call.isAccepted()) {
                continue;
            }
            if (call.kind() == Kind.COMMAND) {
                requireDecidedOnce(call.target(), placed, rejected);
                continue;
            }
            JsonNode told = Json.MAPPER.readTree(call.body());
            String status = text(told, "status");
            switch (call.kind()) {
                case HOLD -> requireOnce(placed, text(told, "hold_id"), "HoldPlaced", call);
                case RELEASE -> {
                    if (status.equals("released")) {
                        requireOnce(released, text(told, "hold_id"), "HoldReleased", call);
                    }
                }
                case ORDER -> {
                    requireOnce(redeemed, text(told, "order_id"), "HoldRedeemed", call);
                    requireOnce(created, text(told, "order_id"), "OrderCreated", call);
                }
                case CANCEL -> requireOnce(cancelled, text(told, "order_id"), "OrderCancelled", call);
                case PAYMENT -> {
                    if (status.equals("paid")) {
                        requireOnce(paid, text(told, "order_id"), "OrderPaid", call);
                    } else if (status.equals("cancelled")) {
                        requireOnce(cancelled, text(told, "order_id"), "OrderCancelled", call);
                    }
                }
                case READ -> requireSum(call, told);
                case COMMAND -> throw new IllegalStateException("It has no answer.");
            }
        }
        requireOneEffect(paid);
    }

    private void requireDecidedOnce(String holdId, Map<String, Long> placed, Map<String, Long> rejected) {
        long times = placed.getOrDefault(holdId, 0L) + rejected.getOrDefault(holdId, 0L);
        if (times != 1) {
            violation(Rule.APPENDED_DECIDED_ONCE, holdId + " was appended and decided " + times + " times");
        }
    }

    private void requireSum(Call call, JsonNode told) {
        int sum = 0;
        for (String part : List.of("available_stock", "reserved_stock", "sold_stock")) {
            int units = told.get(part).intValue();
            sum += units;
            if (units < 0) {
                violation(Rule.READ, part + " is negative: " + call.body());
            }
        }
        if (sum != told.get("total_stock").intValue()) {
            violation(Rule.READ, "does not add up: " + call.body());
        }
    }

    private void requireOnce(Map<String, Long> events, String id, String event, Call call) {
        long times = events.getOrDefault(id, 0L);
        if (times != 1) {
            violation(
                    Rule.ACKNOWLEDGED_ONCE,
                    call.kind() + " was answered " + call.status() + " " + call.body() + ", but the log has " + times
                            + " times " + event + " of " + id);
        }
    }

    private void requireOneEffect(Map<String, Long> paid) {
        paid.forEach((order, times) -> {
            if (times > 1) {
                violation(Rule.ONE_EFFECT_PER_KEY, order + " was paid " + times + " times");
            }
        });
        Set<String> refunds = new HashSet<>();
        for (Logged<OrderEvent> each : orders) {
            if (each.event() instanceof RefundRequired refund && !refunds.add(refund.orderId() + refund.paymentId())) {
                violation(Rule.ONE_EFFECT_PER_KEY, refund + " was asked for again");
            }
        }
    }

    // ---- real time

    /**
     * An operation: all attempts under one key. It was decided between the first start and the first answer; a command
     * was only appended then.
     */
    private record Operation(Kind kind, String productId, String event, long startNanos, long answeredNanos) {}

    /** What stands in the log in the order of its answers. */
    private static final Set<Kind> ORDERED = EnumSet.of(Kind.HOLD, Kind.RELEASE, Kind.ORDER, Kind.COMMAND);

    /** What stands in one topic, so that it is decided in the order of its appending. */
    private static final Set<Kind> IN_ONE_TOPIC = EnumSet.of(Kind.HOLD, Kind.RELEASE, Kind.COMMAND);

    private void checkOrder(List<Call> calls) {
        Map<String, Long> positions = new HashMap<>();
        for (Logged<InventoryEvent> each : inventory) {
            switch (each.event()) {
                case HoldPlaced e -> positions.put("HOLD " + e.holdId(), each.offset());
                case HoldReleased e -> positions.put("RELEASE " + e.holdId(), each.offset());
                case HoldRedeemed e -> positions.put("ORDER " + e.orderId(), each.offset());
                default -> {
                    // Nobody was answered when it was written.
                }
            }
        }
        Map<String, List<Operation>> byProduct = operations(calls).stream()
                .filter(operation -> positions.containsKey(operation.event()))
                .collect(Collectors.groupingBy(Operation::productId));
        for (List<Operation> operations : byProduct.values()) {
            checkOrder(operations.stream().filter(operation -> IN_ONE_TOPIC.contains(operation.kind())), positions);
            checkOrder(
                    // When it was decided nobody was told.
                    operations.stream().filter(operation -> operation.kind() != Kind.COMMAND), positions);
        }
    }

    private void checkOrder(Stream<Operation> operations, Map<String, Long> positions) {
        List<Operation> inLog = operations
                .sorted(Comparator.comparing(operation -> positions.get(operation.event())))
                .toList();
        Operation earliestAnswer = null;
        for (Operation operation : inLog.reversed()) {
            if (earliestAnswer != null && earliestAnswer.answeredNanos() < operation.startNanos()) {
                violation(
                        Rule.REAL_TIME_ORDER,
                        earliestAnswer.event() + " was answered before " + operation.event()
                                + " was sent, but stands behind it");
            }
            if (earliestAnswer == null || operation.answeredNanos() < earliestAnswer.answeredNanos()) {
                earliestAnswer = operation;
            }
        }
    }

    private static List<Operation> operations(List<Call> calls) {
        List<Operation> operations = new ArrayList<>();
        byKey(calls)
                .values()
                .forEach(attempts -> attempts.stream()
                        .filter(call -> call.isAccepted() && ORDERED.contains(call.kind()))
                        .min(Comparator.comparingLong(Call::endNanos))
                        .ifPresent(answered -> {
                            long start = attempts.stream()
                                    .mapToLong(Call::startNanos)
                                    .min()
                                    .orElseThrow();
                            operations.add(new Operation(
                                    answered.kind(),
                                    answered.productId(),
                                    eventOf(answered),
                                    start,
                                    answered.endNanos()));
                        }));
        return operations;
    }

    private static String eventOf(Call answered) {
        if (answered.kind() == Kind.COMMAND) {
            return "HOLD " + answered.target();
        }
        JsonNode told = Json.MAPPER.readTree(answered.body());
        return answered.kind() + " " + text(told, answered.kind() == Kind.ORDER ? "order_id" : "hold_id");
    }

    // ---- keys

    private void checkKeys(List<Call> calls) {
        // A product changes between two reads.
        List<Call> keyed =
                calls.stream().filter(call -> call.kind() != Kind.READ).toList();
        byKey(keyed).forEach((key, attempts) -> {
            Set<String> answers = attempts.stream()
                    .filter(Call::isDecided)
                    .map(call -> call.status() + " " + call.body())
                    .collect(Collectors.toSet());
            if (answers.size() > 1) {
                violation(Rule.EQUAL_ANSWERS, key + " was answered " + answers);
            }
        });
    }

    private static Map<String, List<Call>> byKey(List<Call> calls) {
        return calls.stream()
                .collect(Collectors.groupingBy(
                        call -> call.kind() + " " + call.key(), LinkedHashMap::new, Collectors.toList()));
    }

    private static <E, T extends E> Map<String, Long> count(
            List<Logged<E>> log, Class<T> type, Function<T, String> idOf) {
        return log.stream()
                .map(Logged::event)
                .filter(type::isInstance)
                .map(type::cast)
                .collect(Collectors.groupingBy(idOf, Collectors.counting()));
    }

    private static String text(JsonNode json, String field) {
        JsonNode value = json.get(field);
        return value == null ? "" : value.asString();
    }

    private void violation(Rule rule, String what) {
        violations.add(new Violation(rule, what));
    }
}
