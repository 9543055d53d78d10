package io.flashsale.model;

import static io.flashsale.model.Breach.require;

import io.flashsale.contracts.Command;
import io.flashsale.contracts.HoldCommand.ExtendHold;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldCommand.ReleaseHold;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.ProductCommand.AdjustStock;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.Reply.HoldAnswer;
import io.flashsale.contracts.Reply.OrderAnswer;
import io.flashsale.contracts.Reply.PaymentAnswer;
import io.flashsale.contracts.Reply.ProductAnswer;
import io.flashsale.contracts.Reply.Refused;
import io.flashsale.contracts.WebhookCommand;
import io.flashsale.model.Auditor.Rule;
import io.flashsale.model.Trace.Answer;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What callers have to be told: who asks again under a key is told what the first one was, until that is forgotten. */
final class Promises {

    /** How a command relates to the first one under its key. */
    enum Kind {
        FIRST,
        SAME,
        OTHER,
        UNKEYED
    }

    /** What is remembered under a key. */
    static final class Request {
        final Object payload;
        final Instant recordedAt;

        /** What the first one is told, or null while nobody knows. */
        Reply reply;

        /** What the first one was told, as it was written, or null. */
        private String written;

        Request(Object payload, Instant recordedAt, Reply reply) {
            this.payload = payload;
            this.recordedAt = recordedAt;
            this.reply = reply;
        }
    }

    /**
     * What an extension came to; who names no seconds asks for all there are.
     *
     * @param allowed seconds that there were
     */
    record Extension(String holdId, int seconds, int allowed) {

        boolean isAskedForBy(ExtendHold command) {
            int wanted = command.seconds() == null ? allowed : command.seconds();
            return holdId.equals(command.holdId()) && wanted == seconds;
        }
    }

    /** @param request what is remembered under the command's key, or null */
    record Asked(Kind kind, Request request) {

        static final Asked UNKEYED = new Asked(Kind.UNKEYED, null);

        boolean isNew() {
            return kind == Kind.FIRST || kind == Kind.UNKEYED;
        }
    }

    private static final class Call {
        Request request;
        Reply due;
        int answers;
    }

    private final Map<String, Command> commands;
    private final Map<String, Request> requests = new HashMap<>();
    private final Map<String, Call> calls = new HashMap<>();

    /** @param commands by their call */
    Promises(Map<String, Command> commands) {
        this.commands = commands;
    }

    // ---- keys

    Asked ask(Command command) {
        String key = keyOf(command);
        if (key == null) {
            return Asked.UNKEYED;
        }
        Request known = requests.get(key);
        if (known == null) {
            return new Asked(Kind.FIRST, null);
        }
        return new Asked(isSame(known.payload, command) ? Kind.SAME : Kind.OTHER, known);
    }

    private static boolean isSame(Object payload, Command command) {
        return payload instanceof Extension extension && command instanceof ExtendHold extend
                ? extension.isAskedForBy(extend)
                : payload.equals(payloadOf(command));
    }

    /** @param reply what it is told, or null if that is not known yet */
    Request remember(Command command, Instant time, Reply reply) {
        return remember(command, payloadOf(command), time, reply);
    }

    Request remember(ExtendHold command, Extension extension, Instant time, Reply reply) {
        return remember((Command) command, extension, time, reply);
    }

    private Request remember(Command command, Object payload, Instant time, Reply reply) {
        Request request = new Request(payload, time, reply);
        requests.put(keyOf(command), request);
        return request;
    }

    /** Keys of this family that are this old by now, to the millisecond. */
    void forget(List<String> families, Instant recordedUntil) {
        requests.entrySet()
                .removeIf(each -> families.contains(each.getKey().split(" ", 2)[0])
                        && !each.getValue().recordedAt.isAfter(recordedUntil));
    }

    void forgetHold(String holdId) {
        requests.remove("hold " + holdId);
    }

    static String keyOf(Command command) {
        return switch (command) {
            case DefineProduct ignored -> null;
            case AdjustStock adjust -> optional("adjust", adjust.productId(), adjust.idempotencyKey());
            case PlaceHold hold -> "hold " + hold.holdId();
            case ReleaseHold ignored -> null;
            case ExtendHold extend -> optional("extend", extend.productId(), extend.idempotencyKey());
            case CreateOrder order -> optional("order", order.productId(), order.idempotencyKey());
            case CancelOrder ignored -> null;
            case WebhookCommand webhook -> optional("webhook", webhook.productId(), webhook.idempotencyKey());
        };
    }

    private static String optional(String family, String productId, String key) {
        return key == null ? null : family + " " + productId + " " + key;
    }

    private static Object payloadOf(Command command) {
        return switch (command) {
            case DefineProduct define -> define;
            case AdjustStock adjust -> List.of(adjust.delta(), adjust.reason());
            case PlaceHold hold -> List.of(hold.quantity(), Optional.ofNullable(hold.customerId()));
            case ReleaseHold release -> release;
            case ExtendHold extend -> extend;
            case CreateOrder order -> order.holdId();
            case CancelOrder cancel -> cancel;
            case WebhookCommand webhook ->
                List.of(
                        webhook.getClass(),
                        webhook.orderId(),
                        Optional.ofNullable(webhook.paymentId()),
                        Optional.ofNullable(webhook.amount()).map(BigDecimal::stripTrailingZeros),
                        Optional.ofNullable(webhook.currency()));
        };
    }

    // ---- answers

    /**
     * What a call is to be told.
     *
     * @param request whose first answer it must equal, or null
     * @param due null while nobody knows; a refusal without a detail stands for one with any
     */
    void owe(String call, Request request, Reply due) {
        if (call == null) {
            return;
        }
        Call owed = calls.computeIfAbsent(call, ignored -> new Call());
        owed.request = request == null ? owed.request : request;
        owed.due = due;
    }

    void redeem(Answer answer) {
        Command command = commands.get(answer.call());
        require(command != null, Rule.ONE_ANSWER_PER_CALL, "nobody called ", answer.call());
        Call call = calls.get(answer.call());
        require(call != null && call.due != null, Rule.CLAIM, answer.call(), " is answered before it is decided");
        call.answers++;
        require(call.answers == 1, Rule.ONE_ANSWER_PER_CALL, answer.call(), " is answered ", call.answers, " times");
        Reply reply = Json.MAPPER.readValue(answer.json(), Reply.class);
        require(
                call.due.replayed() == reply.replayed(),
                Rule.EQUAL_ANSWERS,
                command,
                " is to be told ",
                call.due,
                ", but is told ",
                answer.json());
        boolean reused = isKeyReused(call.due);
        require(
                reused == isKeyReused(reply),
                Rule.EQUAL_ANSWERS,
                "whether ",
                command,
                " has another one's key: it is told ",
                answer.json());
        if (call.request != null && !reused) {
            requireEqual(call.request, command, answer);
        }
        require(isAsDue(call.due, reply), Rule.CLAIM, command, " is told ", reply, ", but written is ", call.due);
    }

    private static void requireEqual(Request request, Command command, Answer answer) {
        String written = answer.json().replace("\"replayed\":true", "\"replayed\":false");
        if (request.written == null) {
            request.written = written;
        }
        require(
                request.written.equals(written),
                Rule.EQUAL_ANSWERS,
                keyOf(command),
                " was told ",
                request.written,
                " and now ",
                written);
    }

    private static boolean isKeyReused(Reply reply) {
        return reply instanceof Refused refused && refused.refusal().code() == RefusalCode.IDEMPOTENCY_KEY_REUSED;
    }

    private static boolean isAsDue(Reply due, Reply reply) {
        if (due instanceof Refused expected
                && reply instanceof Refused actual
                && expected.refusal().detail().isEmpty()) {
            return expected.refusal().equals(withoutDetail(actual.refusal()));
        }
        return due.equals(reply);
    }

    static Refusal withoutDetail(Refusal refusal) {
        return new Refusal(
                refusal.code(),
                "",
                refusal.available(),
                refusal.limit(),
                refusal.orderId(),
                refusal.saleStartsAt(),
                refusal.saleEndsAt(),
                refusal.field());
    }

    static Reply replayed(Reply reply) {
        return switch (reply) {
            case ProductAnswer answer -> new ProductAnswer(answer.product(), answer.created(), true);
            case HoldAnswer answer -> new HoldAnswer(answer.hold(), true);
            case OrderAnswer answer -> new OrderAnswer(answer.order(), true);
            case PaymentAnswer answer -> answer.asReplayed();
            case Refused answer -> new Refused(answer.refusal(), true);
        };
    }

    void requireAllAnswered() {
        List<String> unanswered = new ArrayList<>(commands.keySet());
        unanswered.removeIf(call -> calls.containsKey(call) && calls.get(call).answers > 0);
        require(unanswered.isEmpty(), Rule.ONE_ANSWER_PER_CALL, "never answered: ", unanswered);
    }
}
