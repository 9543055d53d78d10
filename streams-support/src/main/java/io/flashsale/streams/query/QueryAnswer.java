package io.flashsale.streams.query;

import io.flashsale.contracts.Json;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/**
 * An answer to a query, from here or from another instance.
 *
 * @param status HTTP: 200, 404, 409 (a refused hold) or 503
 * @param body JSON, empty with 404 and 503
 * @param stale a standby answered
 */
public record QueryAnswer(int status, byte[] body, boolean stale) {

    private static final byte[] EMPTY = new byte[0];

    public static QueryAnswer found(Object value) {
        return of(200, value);
    }

    public static QueryAnswer of(int status, Object value) {
        return new QueryAnswer(status, Json.MAPPER.writeValueAsBytes(value), false);
    }

    public static QueryAnswer notFound() {
        return new QueryAnswer(404, EMPTY, false);
    }

    public static QueryAnswer unavailable() {
        return new QueryAnswer(503, EMPTY, false);
    }

    /** The same from a copy. That a copy lacks something says nothing: it may not have come so far yet. */
    public QueryAnswer asStale() {
        return status == 404 ? unavailable() : new QueryAnswer(status, body, true);
    }

    public boolean isAvailable() {
        return status < 500;
    }

    /** This answer as an HTTP response. */
    public ResponseEntity<byte[]> toResponse() {
        ResponseEntity.BodyBuilder response = ResponseEntity.status(status).contentType(MediaType.APPLICATION_JSON);
        if (stale) {
            response.header(QueryRouter.STALE_HEADER, "true");
        }
        return response.body(body);
    }
}
