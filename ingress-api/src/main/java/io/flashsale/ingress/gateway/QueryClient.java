package io.flashsale.ingress.gateway;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads from the application that owns the state. Any instance of it will do, it forwards to the owner; the one that
 * answered last is asked first, then the others in turn, within one deadline for all. A stale answer is taken only if
 * nobody has a better one: an instance that is cut off from Kafka does not know who the owner is now.
 *
 * <p>As many reads may be under way as the web server has connections: each waits on its caller's virtual thread.
 */
public final class QueryClient {

    /** Says that a standby answered. */
    public static final String STALE_HEADER = "X-Flashsale-Stale";

    /** 503 and whatever else an instance answers in trouble is no answer: the next one is asked. */
    private static final Set<Integer> ANSWERS = Set.of(200, 404, 409);

    private final HttpClient http;
    private final List<URI> urls;
    private final Duration deadline;
    private volatile int lastGood;

    /**
     * @param urls base URLs of the instances
     * @param deadline of one read, all attempts together
     */
    QueryClient(HttpClient http, List<URI> urls, Duration deadline) {
        this.http = http;
        this.urls = List.copyOf(urls);
        this.deadline = deadline;
    }

    /**
     * Reads.
     *
     * @param path with the query, starting with a slash, already encoded
     * @throws ReadsUnavailableException if no instance answers in time
     */
    public QueryAnswer get(String path) {
        long end = System.nanoTime() + deadline.toNanos();
        int first = lastGood;
        Optional<QueryAnswer> stale = Optional.empty();
        for (int attempt = 0; attempt < urls.size(); attempt++) {
            int index = (first + attempt) % urls.size();
            Duration left = Duration.ofNanos(end - System.nanoTime());
            if (!left.isPositive()) {
                break;
            }
            Optional<QueryAnswer> answer = ask(urls.get(index), path, timeoutOf(attempt, left));
            if (answer.isPresent() && !answer.get().stale()) {
                lastGood = index;
                return answer.get();
            }
            stale = stale.or(() -> answer);
        }
        if (stale.isPresent()) {
            return stale.get();
        }
        throw new ReadsUnavailableException("No instance answered within " + deadline + ".");
    }

    /** Half of what is left, so that one instance that hangs leaves time for the next; the last one may use it all. */
    private Duration timeoutOf(int attempt, Duration left) {
        return attempt == urls.size() - 1 ? left : left.dividedBy(2).plusMillis(1);
    }

    private Optional<QueryAnswer> ask(URI base, String path, Duration timeout) {
        HttpRequest request = HttpRequest.newBuilder(uri(base, path))
                .timeout(timeout)
                .header("Accept", "application/json")
                .build();
        try {
            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
            if (!ANSWERS.contains(response.statusCode())) {
                return Optional.empty();
            }
            boolean stale = response.headers()
                    .firstValue(STALE_HEADER)
                    .filter(Boolean::parseBoolean)
                    .isPresent();
            return Optional.of(new QueryAnswer(response.statusCode(), response.body(), stale));
        } catch (IOException away) {
            return Optional.empty();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static URI uri(URI base, String path) {
        String text = base.toString();
        return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + path);
    }
}
