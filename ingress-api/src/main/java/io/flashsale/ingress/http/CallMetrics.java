package io.flashsale.ingress.http;

import io.flashsale.contracts.Reply;
import io.flashsale.ingress.gateway.KafkaUnavailableException;
import io.flashsale.ingress.gateway.TooManyInFlightException;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * Counts what became of calls, by what they asked for: {@code calls.accepted}, and {@code calls.failed} by reason too. A
 * recorded answer that is given again counts as nothing new; of payments it does, because they are what was received.
 *
 * <p>These are the calls of this instance. What was decided, whoever asked, the stream applications count.
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
            meters.counter("calls.accepted", "call", noun).increment();
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
                meters.counter("calls.failed", "call", noun, "reason", type.code())
                        .increment();
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
