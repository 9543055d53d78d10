package io.flashsale.model;

import io.flashsale.contracts.Command;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.WebhookCommand;
import io.flashsale.model.AuditBooks.Breach;
import io.flashsale.model.Trace.Answer;
import io.flashsale.model.Trace.Step;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Judges a run from outside: keeps its own books from the inputs and events alone, recomputes what had to be decided,
 * and holds every reply against what is written. It shares no class with the applications but the messages.
 */
final class Auditor {

    /** What can be broken. */
    enum Rule {
        /** Units appear, vanish or are moved from where they are not; sold or promised beyond the total. */
        CONSERVATION,
        /** A hold ends twice, or is placed twice. */
        HOLD_ENDS_ONCE,
        /** A hold is redeemed at or after its end, or ended before it, or refused although it is good. */
        HOLD_GOOD_UNTIL_ITS_END,
        /** A hold becomes two orders, or an order comes of nothing. */
        ONE_HOLD_ONE_ORDER,
        /** An order ends twice, before its time, or a paid one is cancelled. */
        ORDER_ENDS_ONCE,
        /** A cancelled order is paid without a late payment that found its stock. */
        LATE_PAYMENT,
        /** Stock is returned, sold or taken again without its order's event, or more often. */
        ONE_MOVEMENT_PER_EVENT,
        /** A decision is not the one the contract asks for. */
        DECISION,
        /** The same notification has more than one effect. */
        ONE_EFFECT_PER_WEBHOOK,
        /** The same request under the same key is answered differently. */
        EQUAL_ANSWERS,
        /** A reply says what is not written. */
        CLAIM,
        /** A caller is answered twice or never. */
        ONE_ANSWER_PER_CALL,
        /** Something is open although every deadline has passed. */
        NOTHING_STUCK
    }

    /** @param step number of the step, or -1 for the end */
    record Violation(Rule rule, int step, String what) {}

    /** How a command relates to the first one under its key. */
    private enum Kind {
        FIRST,
        SAME,
        OTHER,
        UNKEYED
    }

    private final Trace trace;
    private final AuditBooks books;
    private final Map<String, Object> firstPayloads = new HashMap<>();
    private final Map<String, Kind> kinds = new HashMap<>();
    private final Map<String, String> answersByKey = new HashMap<>();
    private final Map<String, Integer> answersByCall = new HashMap<>();

    private Auditor(Trace trace) {
        this.trace = trace;
        this.books = new AuditBooks(trace.terms(), trace.streamsOrder());
    }

    /** The first thing that is wrong, or empty. */
    static Optional<Violation> audit(Trace trace) {
        Auditor auditor = new Auditor(trace);
        int number = 0;
        try {
            for (Step step : trace.steps()) {
                auditor.audit(step);
                number++;
            }
            number = -1;
            auditor.auditEnd();
            return Optional.empty();
        } catch (Breach breach) {
            return Optional.of(new Violation(breach.rule(), number, breach.getMessage()));
        }
    }

    private void audit(Step step) {
        Kind kind = step.input() instanceof Command command ? classify(command) : Kind.UNKEYED;
        if (step.call() != null && step.input() instanceof Command) {
            kinds.put(step.call(), kind);
        }
        boolean repeated = kind == Kind.SAME || kind == Kind.OTHER;
        List<String> expected = books.expected(step, repeated, kind == Kind.OTHER);
        List<String> actual = step.events().stream()
                .map(event -> event.getClass().getSimpleName())
                .toList();
        if (repeated && step.input() instanceof WebhookCommand) {
            require(actual.isEmpty(), Rule.ONE_EFFECT_PER_WEBHOOK, "a repeated webhook makes " + actual);
        }
        for (Object event : step.events()) {
            switch (event) {
                case InventoryEvent e -> books.write(e, step);
                case OrderEvent e -> books.write(e, step);
                default -> throw new Breach(Rule.CLAIM, "not an event: " + event);
            }
        }
        require(
                actual.equals(expected),
                Rule.DECISION,
                "expected " + expected + " of " + step.input() + " at " + step.time() + ", but got " + actual);
        books.settle(step, kind == Kind.FIRST);
        for (Answer answer : step.answers()) {
            audit(answer, step);
        }
    }

    // ---- keys

    private Kind classify(Command command) {
        String key = keyOf(command);
        if (key == null) {
            return Kind.UNKEYED;
        }
        Object payload = payloadOf(command);
        Object first = firstPayloads.putIfAbsent(key, payload);
        return first == null ? Kind.FIRST : first.equals(payload) ? Kind.SAME : Kind.OTHER;
    }

    private static String keyOf(Command command) {
        return switch (command) {
            case DefineProduct ignored -> null;
            case PlaceHold hold -> "hold " + hold.holdId();
            case CreateOrder order ->
                order.idempotencyKey() == null ? null : "order " + order.productId() + " " + order.idempotencyKey();
            case WebhookCommand webhook -> "webhook " + webhook.productId() + " " + webhook.idempotencyKey();
        };
    }

    private static Object payloadOf(Command command) {
        return switch (command) {
            case DefineProduct define -> define;
            case PlaceHold hold -> List.of(hold.quantity(), Optional.ofNullable(hold.customerId()));
            case CreateOrder order -> order.holdId();
            case WebhookCommand webhook ->
                List.of(
                        webhook.getClass(),
                        webhook.orderId(),
                        Optional.ofNullable(webhook.paymentId()),
                        Optional.ofNullable(webhook.amount()).map(amount -> amount.setScale(9)),
                        Optional.ofNullable(webhook.currency()));
        };
    }

    // ---- answers

    private void audit(Answer answer, Step step) {
        Command command = trace.calls().get(answer.call());
        require(command != null, Rule.ONE_ANSWER_PER_CALL, "nobody called " + answer.call());
        int count = answersByCall.merge(answer.call(), 1, Integer::sum);
        require(count == 1, Rule.ONE_ANSWER_PER_CALL, answer.call() + " is answered " + count + " times");
        Kind kind = kinds.get(answer.call());
        require(kind != null, Rule.CLAIM, answer.call() + " is answered before it is decided");
        Reply reply = Json.MAPPER.readValue(answer.json(), Reply.class);
        require(
                reply.replayed() == (kind == Kind.SAME),
                Rule.EQUAL_ANSWERS,
                answer.call() + " is " + kind + ", but is told " + answer.json());
        if (kind == Kind.OTHER) {
            require(
                    reply instanceof Reply.Refused refused
                            && refused.refusal().code() == RefusalCode.IDEMPOTENCY_KEY_REUSED,
                    Rule.EQUAL_ANSWERS,
                    answer.call() + " took another request's key, but is told " + answer.json());
            return;
        }
        if (kind != Kind.UNKEYED) {
            String same = answer.json().replace("\"replayed\":true", "\"replayed\":false");
            String before = answersByKey.putIfAbsent(keyOf(command), same);
            require(
                    before == null || before.equals(same),
                    Rule.EQUAL_ANSWERS,
                    keyOf(command) + " was told " + before + " and now " + same);
        }
        claims(command, reply, step, kind == Kind.UNKEYED);
    }

    private void claims(Command command, Reply reply, Step step, boolean unkeyed) {
        Object expected = switch (command) {
            case DefineProduct define -> books.productAnswer(define, reply);
            case PlaceHold hold -> books.holdAnswer(hold);
            case CreateOrder order -> books.orderAnswer(order, unkeyed ? null : keyOf(order), step);
            case WebhookCommand webhook -> books.paymentAnswer(keyOf(webhook));
        };
        Object claimed = switch (reply) {
            case Reply.ProductAnswer answer -> answer.product();
            case Reply.HoldAnswer answer -> answer.hold();
            case Reply.OrderAnswer answer -> answer.order();
            case Reply.PaymentAnswer answer ->
                new Reply.PaymentAnswer(
                        answer.orderId(),
                        answer.status(),
                        answer.cancelReason(),
                        answer.refundRequired(),
                        answer.code(),
                        false);
            case Reply.Refused refused -> refused.refusal();
        };
        require(
                Objects.equals(expected, claimed),
                Rule.CLAIM,
                command + " is told " + claimed + ", but written is " + expected);
    }

    // ---- the end

    private void auditEnd() {
        if (!trace.finished()) {
            return;
        }
        books.requireNothingOpen();
        String unanswered = trace.calls().keySet().stream()
                .filter(call -> !answersByCall.containsKey(call))
                .collect(Collectors.joining(", "));
        require(unanswered.isEmpty(), Rule.ONE_ANSWER_PER_CALL, "never answered: " + unanswered);
    }

    static void require(boolean holds, Rule rule, String what) {
        if (!holds) {
            throw new Breach(rule, what);
        }
    }
}
