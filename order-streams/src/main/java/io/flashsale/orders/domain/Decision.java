package io.flashsale.orders.domain;

import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.ReplyTo;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was decided on one input.
 *
 * @param facts what changes, in order; empty if nothing does
 * @param answers for callers: the input's own, or those that waited for it
 * @param untoldRefusal a no that neither an event nor an answer tells, or null
 */
public record Decision(
        List<OrderFact> facts,
        List<Answer> answers,
        @Nullable Refusal untoldRefusal) {

    /** A reply and who waits for it. */
    public record Answer(ReplyTo caller, Reply reply) {}

    private static final Decision NOTHING = new Decision(List.of(), List.of(), null);

    static Decision nothing() {
        return NOTHING;
    }

    static Decision of(List<OrderFact> facts, List<Answer> answers) {
        return new Decision(facts, answers, null);
    }

    static Decision of(List<OrderFact> facts, @Nullable ReplyTo caller, Reply reply) {
        return of(facts, answersFor(caller, reply));
    }

    static Decision answered(@Nullable ReplyTo caller, Reply reply) {
        return of(List.of(), caller, reply);
    }

    static Decision refused(@Nullable ReplyTo caller, Refusal refusal) {
        List<Answer> answers = answersFor(caller, new Reply.Refused(refusal, false));
        return new Decision(List.of(), answers, answers.isEmpty() ? refusal : null);
    }

    /** The no to the input itself, told or untold. */
    public Optional<Refusal> refusal() {
        return untoldRefusal == null
                ? answers.stream()
                        .map(Answer::reply)
                        .filter(Reply.Refused.class::isInstance)
                        .map(reply -> ((Reply.Refused) reply).refusal())
                        .findFirst()
                : Optional.of(untoldRefusal);
    }

    /** The events among the facts. */
    public List<OrderEvent> events() {
        return facts.stream()
                .filter(OrderFact.Published.class::isInstance)
                .map(fact -> ((OrderFact.Published) fact).event())
                .toList();
    }

    private static List<Answer> answersFor(@Nullable ReplyTo caller, Reply reply) {
        return caller == null ? List.of() : List.of(new Answer(caller, reply));
    }
}
