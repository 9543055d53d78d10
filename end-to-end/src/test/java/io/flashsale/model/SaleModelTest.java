package io.flashsale.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.Reply;
import io.flashsale.model.Auditor.Violation;
import io.flashsale.model.Trace.Answer;
import io.flashsale.model.Trace.Terms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Both cores under thousands of random histories, judged by an auditor that knows only what was written. Every run
 * takes the same histories; {@code -Dflashsale.model.seed=N} starts elsewhere, {@code -Dflashsale.model.histories=N}
 * takes more or fewer.
 */
class SaleModelTest {

    private static final long FIRST_SEED = Long.getLong("flashsale.model.seed", 1);
    private static final int HISTORIES = Integer.getInteger("flashsale.model.histories", 2_000);

    @Test
    void everyHistoryKeepsThePromisesInWhateverOrderTopicsAreRead() {
        assertEveryHistoryKeepsThePromises(false);
    }

    @Test
    void everyHistoryKeepsThePromisesToTheMillisecondWhenTopicsAreReadByTime() {
        assertEveryHistoryKeepsThePromises(true);
    }

    @Test
    void theHistoriesVisitEveryDecision() {
        Map<String, Integer> seen = new HashMap<>();
        for (long seed = FIRST_SEED; seed < FIRST_SEED + 500; seed++) {
            for (Trace.Step step : SaleSimulation.run(
                            HistoryGenerator.history(seed), HistoryGenerator.terms(seed), false)
                    .steps()) {
                step.events().forEach(event -> seen.merge(event.getClass().getSimpleName(), 1, Integer::sum));
                step.answers().forEach(answer -> seen.merge(told(answer), 1, Integer::sum));
            }
        }
        List<String> everything = new ArrayList<>(Stream.of(InventoryEvent.class, OrderEvent.class)
                .flatMap(family -> Arrays.stream(family.getPermittedSubclasses()))
                .map(Class::getSimpleName)
                .toList());
        Arrays.stream(RefusalCode.values())
                .filter(code -> code != RefusalCode.INTERNAL_ERROR)
                .forEach(code -> everything.add(code.code()));
        everything.addAll(List.of("awaiting_order", "pending_payment", "paid", "cancelled", "refund_required"));
        everything.addAll(List.of("payment-mismatch", "duplicate-payment", "again duplicate-payment"));
        everything.addAll(List.of("again paid", "again pending_payment", "again cancelled", "again refund_required"));
        everything.addAll(List.of("scheduled", "open", "sold_out", "ended", "again open"));
        everything.addAll(List.of("active", "released", "expired", "again active", "again released", "again expired"));
        assertThat(seen.keySet()).containsAll(everything);
        assertThat(everything)
                .allSatisfy(what -> assertThat(seen.get(what)).as(what).isGreaterThan(4));
    }

    private static String told(Answer answer) {
        Reply reply = Json.MAPPER.readValue(answer.json(), Reply.class);
        String told = switch (reply) {
            case Reply.ProductAnswer product -> lower(product.product().saleStatus());
            case Reply.HoldAnswer hold -> lower(hold.hold().status());
            case Reply.OrderAnswer order -> lower(order.order().status());
            case Reply.PaymentAnswer payment ->
                payment.refundRequired() != null
                        ? "refund_required"
                        : payment.code() != null ? payment.code() : lower(payment.status());
            case Reply.Refused refused -> refused.refusal().code().code();
        };
        return (reply.replayed() ? "again " : "") + told;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static void assertEveryHistoryKeepsThePromises(boolean streamsOrder) {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + HISTORIES; seed++) {
            List<Action> history = HistoryGenerator.history(seed);
            Terms terms = HistoryGenerator.terms(seed);
            String wrong = judge(history, terms, streamsOrder);
            if (wrong != null) {
                fail(report(seed, history, terms, wrong, streamsOrder));
            }
        }
    }

    private static String report(long seed, List<Action> history, Terms terms, String wrong, boolean streamsOrder) {
        String rule = wrong.split(" ", 2)[0];
        List<Action> shrunk = Shrinker.shrink(history, shorter -> {
            String still = judge(shorter, terms, streamsOrder);
            return still != null && still.startsWith(rule);
        });
        return "seed %d: %s%n%s%nshrunk from %d to %d actions: %s%n%s"
                .formatted(
                        seed,
                        wrong,
                        terms,
                        history.size(),
                        shrunk.size(),
                        judge(shrunk, terms, streamsOrder),
                        shrunk.stream().map(action -> "  " + action).collect(Collectors.joining("\n")));
    }

    /** What is wrong, beginning with the rule's name; null if nothing is. */
    private static String judge(List<Action> history, Terms terms, boolean streamsOrder) {
        Trace trace;
        try {
            trace = SaleSimulation.run(history, terms, streamsOrder);
        } catch (RuntimeException thrown) {
            return "EXCEPTION " + thrown;
        }
        Optional<Violation> violation = Auditor.audit(trace);
        return violation
                .map(it -> it.rule() + " at step " + it.step() + ": " + it.what())
                .orElse(null);
    }
}
