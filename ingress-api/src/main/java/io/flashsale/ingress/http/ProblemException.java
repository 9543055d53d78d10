package io.flashsale.ingress.http;

import io.flashsale.contracts.FieldError;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.Reply.Refused;
import io.flashsale.ingress.gateway.KafkaUnavailableException;
import io.flashsale.ingress.gateway.ReadsUnavailableException;
import io.flashsale.ingress.gateway.TooManyInFlightException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ends a request with a problem. Made for each refused hold of a sold-out sale, so it has no stack trace. */
final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemType type;
    private final String detail;
    private final transient List<FieldError> errors;
    private final transient @Nullable Refusal refusal;
    private final boolean replayed;

    private ProblemException(
            ProblemType type, String detail, List<FieldError> errors, @Nullable Refusal refusal, boolean replayed) {
        super(detail, null, false, false);
        this.type = type;
        this.detail = detail;
        this.errors = List.copyOf(errors);
        this.refusal = refusal;
        this.replayed = replayed;
    }

    /** @param detail one sentence for a person */
    static ProblemException of(ProblemType type, String detail) {
        return new ProblemException(type, detail, List.of(), null, false);
    }

    static ProblemException invalid(List<FieldError> errors) {
        return new ProblemException(
                ProblemType.VALIDATION_FAILED, "The fields in errors are not as expected.", errors, null, false);
    }

    static ProblemException refused(Refused refused) {
        return refused(refused.refusal(), refused.replayed());
    }

    static ProblemException refused(Refusal refusal, boolean replayed) {
        String field = refusal.field();
        List<FieldError> errors = field == null ? List.of() : List.of(new FieldError(field, refusal.detail()));
        return new ProblemException(ProblemType.of(refusal.code()), refusal.detail(), errors, refusal, replayed);
    }

    static ProblemException of(KafkaUnavailableException unavailable) {
        // What exactly is wrong is for the log and the health endpoint, not for callers.
        return of(
                ProblemType.KAFKA_UNAVAILABLE,
                "The request is not known to have been taken. Send it again, with its Idempotency-Key if it has one.");
    }

    static ProblemException of(TooManyInFlightException tooMany) {
        return of(
                ProblemType.TOO_MANY_REQUESTS_IN_FLIGHT, "Too many requests wait for a decision. Nothing was changed.");
    }

    static ProblemException of(ReadsUnavailableException unavailable) {
        return of(ProblemType.READS_UNAVAILABLE, "Nobody who knows could be asked in time.");
    }

    ProblemType type() {
        return type;
    }

    String detail() {
        return detail;
    }

    List<FieldError> errors() {
        return errors;
    }

    /** The decision that said no, if it was one. */
    @Nullable
    Refusal refusal() {
        return refusal;
    }

    boolean replayed() {
        return replayed;
    }
}
