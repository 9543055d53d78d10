package io.flashsale.ingress.live;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the pipeline keeps up, for who operates it.
 *
 * @param applications inventory-streams and order-streams
 * @param deadLetters the latest ones, the newest first
 */
public record PipelineState(Instant asOf, List<Application> applications, List<DeadLetter> deadLetters) {

    /** @param partitions in their order */
    public record Application(String name, List<Partition> partitions) {}

    /**
     * One task of an application: the partitions of all its inputs that have this number.
     *
     * @param owner {@code host:port} of the instance that has it now; null if nobody has
     * @param behind records that were written for it and that it has not read yet
     */
    public record Partition(int partition, @Nullable String owner, long behind) {}

    /**
     * A record that was not decided. Its content is not shown: it may be anything.
     *
     * @param topic it came from, without the prefix
     * @param partition of that topic, and the offset there, as the headers say
     */
    public record DeadLetter(Instant time, String reason, String topic, String partition, String offset) {}
}
