package io.flashsale.local.tools;

import io.flashsale.contracts.Topics;
import io.flashsale.local.OptionParser;
import io.flashsale.local.UsageException;
import java.util.List;
import java.util.Optional;

/**
 * The options of {@code dead-letters}.
 *
 * @param limit how many are shown one by one
 * @param replay whether they are put back instead of shown; then there is a reason
 */
record DeadLettersOptions(Target.Options where, Selection selection, int limit, boolean replay, boolean json) {

    private static final int DEFAULT_LIMIT = 10;

    /** All of them are in memory at the end. */
    private static final int MAX_LIMIT = 10_000;

    static DeadLettersOptions parse(List<String> arguments) throws UsageException {
        Target.Options where = new Target.Options();
        Optional<String> reason = Optional.empty();
        Optional<String> topic = Optional.empty();
        int limit = DEFAULT_LIMIT;
        boolean replay = false;
        boolean json = false;
        OptionParser parser = new OptionParser(arguments);
        while (where.next(parser)) {
            switch (parser.name()) {
                case "--reason" -> reason = Optional.of(parser.value());
                case "--topic" -> topic = Optional.of(parser.value());
                case "--limit" -> limit = parser.number(0, MAX_LIMIT);
                case "--replay" -> replay = parser.flag();
                case "--json" -> json = parser.flag();
                default -> throw parser.unknown();
            }
        }
        if (replay) {
            requireReplayable(reason, topic);
        }
        return new DeadLettersOptions(where, new Selection(reason, topic), limit, replay, json);
    }

    private static void requireReplayable(Optional<String> reason, Optional<String> topic) throws UsageException {
        if (reason.isEmpty()) {
            throw new UsageException("--replay needs --reason: only what was mended can be decided now");
        }
        List<String> commands = Replay.commandTopics(new Topics("", 1));
        if (topic.isPresent() && !commands.contains(topic.get())) {
            throw new UsageException(
                    "--topic must be one of " + String.join(", ", commands) + " to be replayed to, not " + topic.get());
        }
    }
}
