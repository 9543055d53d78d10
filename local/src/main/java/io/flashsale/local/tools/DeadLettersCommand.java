package io.flashsale.local.tools;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.Topics;
import io.flashsale.local.Main;
import io.flashsale.local.SubCommand;
import io.flashsale.local.UsageException;
import java.io.PrintStream;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** {@code ./flashsale dead-letters}: which records nobody could decide on, and why. */
public final class DeadLettersCommand implements SubCommand {

    /** One of them may have a megabyte. */
    private static final int BUFFERED = 100;

    private final PrintStream out;

    public DeadLettersCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public int run(List<String> arguments) throws UsageException {
        DeadLettersOptions options = DeadLettersOptions.parse(arguments);
        Target target = options.where().target();
        try (LogReader log = LogReader.connect(target.kafka(), BUFFERED)) {
            DeadLetters letters = read(log, Topics.DEFAULT_PREFIX, options.limit());
            if (options.json()) {
                out.println(Json.MAPPER.writeValueAsString(letters.document()));
            } else {
                out.println("Dead letters of " + target.kafka() + "; times are UTC");
                out.println();
                letters.lines().forEach(out::println);
            }
        }
        return Main.OK;
    }

    /** One partition after the other: their order among each other is of no interest, and only one is in memory. */
    static DeadLetters read(LogReader log, String prefix, int limit) {
        DeadLetters letters = new DeadLetters(prefix, limit);
        String topic = DeadLetters.topic(prefix);
        int partitions = log.partitionsOf(topic);
        for (int partition = 0; partition < partitions; partition++) {
            log.begin(List.of(new TopicPartition(topic, partition)));
            log.readTo(log.ends(), letters::add);
        }
        return letters;
    }
}
