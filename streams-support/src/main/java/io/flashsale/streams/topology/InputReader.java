package io.flashsale.streams.topology;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.UnreadableException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Reads the values of one topic.
 *
 * @param <I> what the topology decides on
 */
@FunctionalInterface
public interface InputReader<I> {

    /** @throws UnreadableException if the value is no message of the topic; the record becomes a dead letter */
    I read(byte @Nullable [] value) throws UnreadableException;

    /** For what our own applications write, which needs no check of its fields. */
    static <I> InputReader<I> trusted(Class<? extends I> type) {
        return value -> {
            try {
                I message = value == null ? null : Json.MAPPER.readValue(value, type);
                if (message != null) {
                    return message;
                }
            } catch (JacksonException unreadable) {
                throw new UnreadableException(ScreenProcessor.UNREADABLE, unreadable.getOriginalMessage());
            }
            throw new UnreadableException(ScreenProcessor.UNREADABLE, "Expected a message, but there is none.");
        };
    }
}
