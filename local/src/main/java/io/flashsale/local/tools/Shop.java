package io.flashsale.local.tools;

import io.flashsale.contracts.Json;
import io.flashsale.local.PipelineException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** The HTTP API, as any client of it sees it. Safe for use by several threads. */
final class Shop implements AutoCloseable {

    /** Longer than the ingress waits for a decision (5 s) and for its reads. */
    static final Duration CALL_TIMEOUT = Duration.ofSeconds(15);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final String url;
    private final Duration callTimeout;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    Shop(String url) {
        this(url, CALL_TIMEOUT);
    }

    Shop(String url, Duration callTimeout) {
        this.url = url;
        this.callTimeout = callTimeout;
    }

    /**
     * One request.
     *
     * @param path with its query
     * @param body JSON text, or null
     */
    record Call(String method, String path, @Nullable String body, Map<String, String> headers) {

        static Call get(String path) {
            return new Call("GET", path, null, Map.of());
        }

        static Call delete(String path) {
            return new Call("DELETE", path, null, Map.of());
        }

        static Call post(String path, @Nullable String body) {
            return new Call("POST", path, body, Map.of());
        }

        static Call put(String path, String body) {
            return new Call("PUT", path, body, Map.of());
        }

        Call with(Map<String, String> more) {
            return new Call(method, path, body, more);
        }
    }

    /**
     * What was answered.
     *
     * @param body as text; empty if there is none
     * @param retryAfter in which a repetition is of no use; zero if nothing was said
     */
    record Answer(int status, String body, boolean stale, Duration retryAfter) {

        /** No answer of a service: something that looks like one. */
        static Answer of(int status, String body) {
            return new Answer(status, body, false, Duration.ZERO);
        }

        /** The body as JSON; a missing node if it is none. */
        JsonNode json() {
            try {
                return body.isBlank() ? MissingNode.getInstance() : Json.MAPPER.readTree(body);
            } catch (JacksonException notJson) {
                return MissingNode.getInstance();
            }
        }

        /** A field's text, or empty. */
        String text(String field) {
            return json().path(field).asString("");
        }

        /** A field's number, or -1. */
        long number(String field) {
            return json().path(field).asLong(-1);
        }
    }

    /** Sends one request and waits for its answer. An exception says that the outcome is unknown. */
    Answer send(Call call) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + call.path()))
                .timeout(callTimeout)
                .method(
                        call.method(),
                        call.body() == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(call.body()));
        if (call.body() != null) {
            request.header("Content-Type", "application/json");
        }
        call.headers().forEach(request::header);
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            boolean stale = response.headers().firstValue("X-Flashsale-Stale").isPresent();
            return new Answer(response.statusCode(), response.body(), stale, retryAfter(response));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new PipelineException("Interrupted while waiting for " + url + call.path() + ".");
        }
    }

    /** The header may be a date too, which nothing here ever sends; the usual pauses do for that. */
    private static Duration retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("[0-9]{1,9}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .orElse(Duration.ZERO);
    }

    /** Like {@link #send}, where no answer is the end of the command. */
    Answer require(Call call) {
        try {
            return send(call);
        } catch (IOException noAnswer) {
            throw new PipelineException("There was no answer to " + call.method() + " " + url + call.path() + " ("
                    + noAnswer.getClass().getSimpleName() + "): is the pipeline running?");
        }
    }

    /** Says in one sentence if nobody is there. */
    void requireRunning() {
        Answer answer;
        try {
            answer = send(Call.get("/api/products?limit=1"));
        } catch (IOException nobody) {
            throw new PipelineException("No pipeline answers at " + url
                    + ": start one with ./flashsale up, or say with --url or --data where it is.");
        }
        if (answer.status() != 200 || !answer.json().path("products").isArray()) {
            throw new PipelineException(
                    "What answers at " + url + " is no pipeline that is ready: GET /api/products has status "
                            + answer.status() + " " + answer.text("code") + ".");
        }
    }

    String url() {
        return url;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
