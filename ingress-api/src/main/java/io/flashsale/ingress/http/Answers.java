package io.flashsale.ingress.http;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.Reply;
import java.net.URI;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.node.ObjectNode;

/** The forms of an answer that several calls share. */
final class Answers {

    /** Says that the answer is the recorded one of an earlier request. */
    static final String REPLAYED_HEADER = "Idempotency-Replayed";

    private Answers() {}

    /** Starts the answer to a decision. */
    static ResponseEntity.BodyBuilder decided(int status, Reply reply) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(status).contentType(MediaType.APPLICATION_JSON);
        return reply.replayed() ? answer.header(REPLAYED_HEADER, "true") : answer;
    }

    /**
     * The command is in the log, and its decision will be found at {@code location}.
     *
     * @param field the name of the id
     */
    static ResponseEntity<Object> pending(String field, String id, URI location) {
        ObjectNode body = Json.MAPPER.createObjectNode().put(field, id).put("status", "pending");
        return ResponseEntity.accepted()
                .location(location)
                .contentType(MediaType.APPLICATION_JSON)
                .body(body);
    }
}
