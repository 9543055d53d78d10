package io.flashsale.ingress.http;

import io.flashsale.ingress.live.Event;
import io.flashsale.ingress.live.Watch;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Server-sent events, as the HTML standard writes them. Written on the request's own virtual thread: it waits where its
 * reader is slow, and what it holds up waits conflated in the {@link Watch}. A reader that takes nothing at all is
 * cut off by the web server's connection timeout.
 */
final class EventStream {

    /** The type of the response. */
    static final String MEDIA_TYPE = "text/event-stream";

    /** What an intermediary may take for an idle connection is rarely shorter than half a minute. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private static final byte[] STILL_HERE = bytes(": still here\n\n");

    private EventStream() {}

    /** Writes until there is nothing more to come, or nobody reads it any more. Closes the watch. */
    static void write(Watch watch, HttpServletRequest request, HttpServletResponse response) {
        try (watch) {
            response.setContentType(MEDIA_TYPE + ";charset=UTF-8");
            // A proxy that collects a response before it passes it on would pass on nothing.
            response.setHeader("X-Accel-Buffering", "no");
            if (request.getMethod().equals("HEAD")) {
                // Nothing is ever written to it, so it would not be noticed that its caller has left.
                return;
            }
            OutputStream out = response.getOutputStream();
            out.write(bytes("retry: " + retryMs() + "\n\n"));
            out.flush();
            while (!watch.hasEnded()) {
                List<Event> events = watch.next(HEARTBEAT);
                for (Event event : events) {
                    out.write(bytes(textOf(event)));
                }
                if (events.isEmpty()) {
                    out.write(STILL_HERE);
                }
                out.flush();
            }
        } catch (IOException gone) {
            // Who watched has left, which is how a stream usually ends.
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** Spread, because those whose instance was stopped come back together. */
    private static int retryMs() {
        return ThreadLocalRandom.current().nextInt(1_000, 3_000);
    }

    private static String textOf(Event event) {
        StringBuilder text = new StringBuilder("event: ").append(event.name()).append('\n');
        event.data().lines().forEach(line -> text.append("data: ").append(line).append('\n'));
        return text.append('\n').toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
