package io.flashsale.ingress.http;

import io.flashsale.ingress.gateway.KafkaUnavailableException;
import io.flashsale.ingress.gateway.TooManyInFlightException;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * Counts what became of holds and orders: {@code holds.accepted}, {@code holds.failed} by reason, and the same of
 * orders. A recorded answer that is given again counts as nothing new.
 *
 * <p>Not {@code holds.created}: Prometheus reserves that suffix and would make it {@code holds_total}.
 */
@Component
final class CallMetrics {

    private final MeterRegistry meters;

    CallMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    /** @param noun {@code holds} or {@code orders} */
    void accepted(String noun) {
        meters.counter(noun + ".accepted").increment();
    }

    /**
     * Runs a call and counts the problem it ends with.
     *
     * @param noun {@code holds} or {@code orders}
     */
    <T> T countFailures(String noun, Supplier<T> call) {
        try {
            return call.get();
        } catch (ProblemException problem) {
            if (!problem.replayed()) {
                failed(noun, problem.type());
            }
            throw problem;
        } catch (KafkaUnavailableException unavailable) {
            failed(noun, ProblemType.KAFKA_UNAVAILABLE);
            throw unavailable;
        } catch (TooManyInFlightException tooMany) {
            failed(noun, ProblemType.TOO_MANY_REQUESTS_IN_FLIGHT);
            throw tooMany;
        }
    }

    private void failed(String noun, ProblemType type) {
        meters.counter(noun + ".failed", "reason", type.code()).increment();
    }
}
