package io.flashsale.local.tools;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.KafkaCluster;
import io.flashsale.contracts.Topics;
import io.flashsale.local.Main;
import io.flashsale.local.SubCommand;
import io.flashsale.local.UsageException;
import java.io.PrintStream;
import java.util.List;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;

/** {@code ./flashsale dead-letters}: which records nobody could decide on, and why; and puts them back when that is mended. */
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
        KafkaCluster kafka = options.where().target().kafka();
        return options.replay() ? replay(kafka, options) : show(kafka, options);
    }

    private int show(KafkaCluster kafka, DeadLettersOptions options) {
        try (LogReader log = LogReader.connect(kafka, BUFFERED)) {
            DeadLetters letters = read(log, Topics.DEFAULT_PREFIX, options.selection(), options.limit());
            if (options.json()) {
                out.println(Json.MAPPER.writeValueAsString(letters.document()));
            } else {
                out.println("Dead letters of " + kafka + "; times are UTC");
                out.println();
                letters.lines().forEach(out::println);
            }
        }
        return Main.OK;
    }

    private int replay(KafkaCluster kafka, DeadLettersOptions options) {
        try (LogReader log = LogReader.connect(kafka, BUFFERED);
                Producer<byte[], byte[]> producer = Replay.producer(kafka)) {
            ReplayResult result =
                    new Replay(log, producer, new Topics(Topics.DEFAULT_PREFIX, 1), options.selection()).run();
            if (options.json()) {
                out.println(Json.MAPPER.writeValueAsString(result.document()));
            } else {
                result.lines().forEach(out::println);
            }
            return result.isGood() ? Main.OK : Main.FAILED;
        }
    }

    /** One partition after the other: their order among each other is of no interest, and only one is in memory. */
    static DeadLetters read(LogReader log, String prefix, Selection selection, int limit) {
        DeadLetters letters = new DeadLetters(prefix, limit);
        String topic = DeadLetters.topic(prefix);
        int partitions = log.partitionsOf(topic);
        for (int partition = 0; partition < partitions; partition++) {
            log.begin(List.of(new TopicPartition(topic, partition)));
            log.readTo(log.ends(), record -> {
                if (selection.takes(record, prefix)) {
                    letters.add(record);
                }
            });
        }
        return letters;
    }
}
