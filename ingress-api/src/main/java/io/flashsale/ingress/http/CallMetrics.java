package io.flashsale.ingress.http;

import io.flashsale.contracts.Reply;
import io.flashsale.ingress.gateway.KafkaUnavailableException;
import io.flashsale.ingress.gateway.TooManyInFlightException;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * Counts what became of calls: {@code holds.accepted}, {@code holds.failed} by reason, and the same of every other noun.
 * A recorded answer that is given again counts as nothing new; of payments it does, because they are what was received.
 *
 * <p>Not {@code holds.created}: Prometheus reserves that suffix and would make it {@code holds_total}.
 */
@Component
final class CallMetrics {

    private final MeterRegistry meters;

    CallMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Counts a yes, unless it is a recorded one. */
    void accepted(String noun, Reply reply) {
        if (!reply.replayed()) {
            meters.counter(noun + ".accepted").increment();
        }
    }

    /** Counts what a webhook came to: the status it left the order in, or why not, or the problem it ended with. */
    void payment(String outcome) {
        meters.counter("payments.received", "outcome", outcome).increment();
    }

    /**
     * Runs a call and counts the problem it ends with.
     *
     * @param noun what is asked for, in the plural
     */
    <T> T countFailures(String noun, Supplier<T> call) {
        return observeFailure(call, (type, replayed) -> {
            if (!replayed) {
                meters.counter(noun + ".failed", "reason", type.code()).increment();
            }
        });
    }

    /** Runs a webhook and counts the problem it ends with. */
    <T> T countPaymentFailures(Supplier<T> call) {
        return observeFailure(call, (type, replayed) -> payment(type.code()));
    }

    private static <T> T observeFailure(Supplier<T> call, FailureObserver observer) {
        try {
            return call.get();
        } catch (ProblemException problem) {
            observer.failed(problem.type(), problem.replayed());
            throw problem;
        } catch (KafkaUnavailableException unavailable) {
            observer.failed(ProblemType.KAFKA_UNAVAILABLE, false);
            throw unavailable;
        } catch (TooManyInFlightException tooMany) {
            observer.failed(ProblemType.TOO_MANY_REQUESTS_IN_FLIGHT, false);
            throw tooMany;
        }
    }

    private interface FailureObserver {
        void failed(ProblemType type, boolean replayed);
    }
}
