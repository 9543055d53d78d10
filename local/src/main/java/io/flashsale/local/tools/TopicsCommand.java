package io.flashsale.local.tools;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.Topics;
import io.flashsale.local.Main;
import io.flashsale.local.SubCommand;
import io.flashsale.local.UsageException;
import java.io.PrintStream;
import java.util.List;

/** {@code ./flashsale topics}: are the topics as the promises need them, and how much is in them? */
public final class TopicsCommand implements SubCommand {

    private final PrintStream out;

    public TopicsCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public int run(List<String> arguments) throws UsageException {
        ViewOptions options = ViewOptions.parse(arguments);
        Target target = options.where().target();
        try (KafkaFacts kafka = AdminFacts.connect(target.kafka())) {
            TopicsReport report = TopicsReport.of(kafka, Topics.DEFAULT_PREFIX);
            if (options.json()) {
                out.println(Json.MAPPER.writeValueAsString(report.document()));
            } else {
                out.println("Topics of " + target.kafka());
                out.println();
                report.lines().forEach(out::println);
            }
            return report.isGood() ? Main.OK : Main.FAILED;
        }
    }
}
