package io.flashsale.ingress.http;

import io.flashsale.ingress.gateway.KafkaUnavailableException;
import io.flashsale.ingress.gateway.ReadsUnavailableException;
import io.flashsale.ingress.gateway.TooManyInFlightException;
import io.flashsale.ingress.live.TooManyWatchersException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.util.DisconnectedClientHelper;

/** Turns whatever ends a request into a problem. What never reaches the controllers: {@link ProblemReportValve}. */
@RestControllerAdvice
class ProblemAdvice {

    /** Seconds after which a caller that was answered 503 may try again. */
    private static final String RETRY_AFTER_SECONDS = "1";

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ResponseEntity<Problem> problem(ProblemException problem, HttpServletRequest request) {
        HttpHeaders headers = new HttpHeaders();
        if (problem.replayed()) {
            headers.set(Answers.REPLAYED_HEADER, "true");
        }
        int status = problem.type().status();
        if (status == HttpServletResponse.SC_SERVICE_UNAVAILABLE) {
            headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        if (status == HttpServletResponse.SC_UNAUTHORIZED) {
            // RFC 9110 asks for it; there is no standard scheme for an API key or a signature.
            headers.set(HttpHeaders.WWW_AUTHENTICATE, "Flashsale");
        }
        return answer(headers, Problem.of(problem, request.getRequestURI()));
    }

    @ExceptionHandler
    ResponseEntity<Problem> kafkaUnavailable(KafkaUnavailableException unavailable, HttpServletRequest request) {
        return problem(ProblemException.of(unavailable), request);
    }

    @ExceptionHandler
    ResponseEntity<Problem> tooManyInFlight(TooManyInFlightException tooMany, HttpServletRequest request) {
        return problem(ProblemException.of(tooMany), request);
    }

    @ExceptionHandler
    ResponseEntity<Problem> readsUnavailable(ReadsUnavailableException unavailable, HttpServletRequest request) {
        return problem(ProblemException.of(unavailable), request);
    }

    @ExceptionHandler
    ResponseEntity<Problem> tooManyWatchers(TooManyWatchersException tooMany, HttpServletRequest request) {
        return problem(
                ProblemException.of(
                        ProblemType.TOO_MANY_WATCHERS, "Too many watch already. Reading it once is still possible."),
                request);
    }

    /** The web server reads a query only when somebody asks for a parameter, and what it throws then says no status. */
    @ExceptionHandler
    ResponseEntity<Problem> unreadableQuery(InvalidParameterException unreadable, HttpServletRequest request) {
        return problem(
                ProblemException.of(ProblemType.BAD_REQUEST, "The query of the URL could not be read."), request);
    }

    /** The framework's own errors say their status; everything else is a fault of ours, told to the log alone. */
    @ExceptionHandler
    @Nullable
    ResponseEntity<Problem> other(Exception exception, HttpServletRequest request) {
        if (exception instanceof ErrorResponse error) {
            int status = error.getStatusCode().value();
            return answer(error.getHeaders(), Problem.ofStatus(status, request.getRequestURI()));
        }
        if (DisconnectedClientHelper.isClientDisconnectedException(exception)) {
            return null;
        }
        LOG.error(
                "{} {} (request {}) failed",
                request.getMethod(),
                request.getRequestURI(),
                request.getAttribute(RequestIdFilter.ATTRIBUTE),
                exception);
        int status = HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
        return answer(HttpHeaders.EMPTY, Problem.ofStatus(status, request.getRequestURI()));
    }

    private static ResponseEntity<Problem> answer(HttpHeaders headers, Problem problem) {
        return ResponseEntity.status(problem.status())
                .headers(headers)
                // Set here, the type is not negotiated: an error must not fail for its own Accept header.
                .contentType(Problem.MEDIA_TYPE)
                .body(problem);
    }
}
