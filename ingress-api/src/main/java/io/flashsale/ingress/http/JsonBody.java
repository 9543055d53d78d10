package io.flashsale.ingress.http;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.Limits;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a body as bytes and then as one JSON object. Not left to the framework's converters: they would refuse a
 * request without a Content-Type, know no limit for a chunked body, and a signature is made of the bytes as they came.
 */
final class JsonBody {

    private JsonBody() {}

    /** The body of a request as one JSON object. */
    static ObjectNode read(HttpServletRequest request) {
        requireJson(request);
        return parse(bytes(request));
    }

    /** The same where nothing need be said: no body, whatever its type, is an empty object. */
    static ObjectNode readOptional(HttpServletRequest request) {
        byte[] body = bytes(request);
        if (body.length == 0) {
            return Json.MAPPER.createObjectNode();
        }
        requireJson(request);
        return parse(body);
    }

    /** The raw body, at most {@value Limits#MAX_COMMAND_BYTES} bytes. */
    static byte[] bytes(HttpServletRequest request) {
        if (request.getContentLengthLong() > Limits.MAX_COMMAND_BYTES) {
            throw tooLarge();
        }
        byte[] body;
        try {
            body = request.getInputStream().readNBytes(Limits.MAX_COMMAND_BYTES + 1);
        } catch (SocketTimeoutException slow) {
            throw ProblemException.of(ProblemType.REQUEST_TIMEOUT, "The body did not come to its end in time.");
        } catch (IOException broken) {
            throw ProblemException.of(ProblemType.BAD_REQUEST, "The body could not be read to its end.");
        }
        if (body.length > Limits.MAX_COMMAND_BYTES) {
            throw tooLarge();
        }
        return body;
    }

    /** Lets a request without a Content-Type pass. */
    static void requireJson(HttpServletRequest request) {
        String header = request.getContentType();
        if (header != null && !isJson(header)) {
            throw ProblemException.of(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE, "Expected a body of the type application/json.");
        }
    }

    static ObjectNode parse(byte[] body) {
        JsonNode node;
        try {
            node = Json.readTree(body);
        } catch (JacksonException malformed) {
            throw ProblemException.of(
                    ProblemType.MALFORMED_JSON, "Expected a JSON object, but " + Json.faultOf(malformed) + ".");
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        String got = node.isMissingNode()
                ? "the body is empty"
                : "got " + node.getNodeType().name().toLowerCase(Locale.ROOT);
        throw ProblemException.of(ProblemType.MALFORMED_JSON, "Expected a JSON object, but " + got + ".");
    }

    private static boolean isJson(String header) {
        try {
            MediaType type = MediaType.parseMediaType(header);
            return type.getSubtype().equalsIgnoreCase("json")
                    || type.getSubtype().toLowerCase(Locale.ROOT).endsWith("+json");
        } catch (InvalidMediaTypeException notAType) {
            return false;
        }
    }

    private static ProblemException tooLarge() {
        return ProblemException.of(
                ProblemType.BODY_TOO_LARGE, "Expected a body of at most " + Limits.MAX_COMMAND_BYTES + " bytes.");
    }
}
