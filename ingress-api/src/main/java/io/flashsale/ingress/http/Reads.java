package io.flashsale.ingress.http;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.Refusal;
import io.flashsale.ingress.gateway.QueryAnswer;
import io.flashsale.ingress.gateway.QueryClient;
import java.util.function.Supplier;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** Passes on what the owner of the state says. */
final class Reads {

    private final QueryClient queries;

    Reads(QueryClient queries) {
        this.queries = queries;
    }

    /** One thing, as the owner wrote it. */
    ResponseEntity<byte[]> find(String path, Supplier<ProblemException> notFound) {
        QueryAnswer answer = get(path, notFound);
        return answer(answer).body(answer.body());
    }

    /** @throws ProblemException if it is not there, or was asked for and refused */
    QueryAnswer get(String path, Supplier<ProblemException> notFound) {
        return found(queries.get(path), notFound);
    }

    /** @throws ProblemException if it is not there, or was asked for and refused */
    static QueryAnswer found(QueryAnswer answer, Supplier<ProblemException> notFound) {
        return switch (answer.status()) {
            case 200 -> answer;
            case 409 -> throw ProblemException.refused(Json.MAPPER.readValue(answer.body(), Refusal.class), false);
            default -> throw notFound.get();
        };
    }

    /** Starts the response to an answer. */
    static ResponseEntity.BodyBuilder answer(QueryAnswer answer) {
        ResponseEntity.BodyBuilder response = ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON);
        return answer.stale() ? response.header(QueryClient.STALE_HEADER, "true") : response;
    }
}
