package io.flashsale.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.InventoryEvent.RedeemRejected;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.model.Auditor.Rule;
import io.flashsale.model.Auditor.Violation;
import io.flashsale.model.Trace.Answer;
import io.flashsale.model.Trace.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A sound run, of which one thing at a time is broken. */
record Sound(Trace trace) {

    static void assertBroken(Rule rule, Trace broken) {
        Optional<Violation> violation = Auditor.audit(broken);
        assertThat(violation).as("%s", violation).map(Violation::rule).contains(rule);
    }

    Trace with(List<Step> steps) {
        return new Trace(trace.terms(), trace.calls(), steps, true, true, trace.left());
    }

    Trace with(int index, UnaryOperator<Step> change) {
        List<Step> steps = new ArrayList<>(trace.steps());
        steps.set(index, change.apply(steps.get(index)));
        return with(steps);
    }

    Trace without(int index) {
        List<Step> steps = new ArrayList<>(trace.steps());
        steps.remove(index);
        return with(steps);
    }

    /** Something else in place of the first event of a type. */
    Trace withEvents(Class<?> type, Function<Object, List<?>> change) {
        return withEvents(firstEvent(type), type, change);
    }

    /** Something else in place of a step's first event of a type. */
    Trace withEvents(int index, Class<?> type, Function<Object, List<?>> change) {
        return with(index, step -> {
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

    Trace withAnswer(String containing, UnaryOperator<String> change) {
        return withAnswer(answer(containing), change);
    }

    Trace withAnswer(int index, UnaryOperator<String> change) {
        return with(
                index,
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

    static Step copy(Step step, List<?> events) {
        return new Step(step.app(), step.time(), step.input(), step.call(), List.copyOf(events), step.answers());
    }

    static Step at(Step step, Instant time) {
        return new Step(step.app(), time, step.input(), step.call(), step.events(), step.answers());
    }

    static Step withAnswers(Step step, List<Answer> answers) {
        return new Step(step.app(), step.time(), step.input(), step.call(), step.events(), answers);
    }

    Instant timeOf(Class<?> event) {
        return trace.steps().get(firstEvent(event)).time();
    }

    int firstEvent(Class<?> type) {
        return first(step -> step.events().stream().anyMatch(type::isInstance));
    }

    int firstInput(Class<?> type) {
        return first(step -> type.isInstance(step.input()));
    }

    int firstRefusal(RefusalCode code) {
        return first(step -> step.events().stream()
                .anyMatch(event -> event instanceof RedeemRejected rejected
                        && rejected.refusal().code() == code));
    }

    int answer(String containing) {
        return first(
                step -> step.answers().stream().anyMatch(answer -> answer.json().contains(containing)));
    }

    int first(Predicate<Step> wanted) {
        for (int index = 0; index < trace.steps().size(); index++) {
            if (wanted.test(trace.steps().get(index))) {
                return index;
            }
        }
        throw new AssertionError("The sound history has no such step");
    }

    int lastEvent(Class<?> type) {
        return last(step -> step.events().stream().anyMatch(type::isInstance));
    }

    int lastInput(Class<?> type) {
        return last(step -> type.isInstance(step.input()));
    }

    /** The last step that decided on exactly this input. */
    int lastOf(Object input) {
        return last(step -> step.input().equals(input)
                && !(step.answers().isEmpty() && step.events().isEmpty()));
    }

    private int last(Predicate<Step> wanted) {
        for (int index = trace.steps().size() - 1; index >= 0; index--) {
            if (wanted.test(trace.steps().get(index))) {
                return index;
            }
        }
        throw new AssertionError("The sound history has no such step");
    }
}
