package io.flashsale.local.tools;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.Topics;
import io.flashsale.local.Main;
import io.flashsale.local.SubCommand;
import io.flashsale.local.UsageException;
import java.io.PrintStream;
import java.util.List;

/** {@code ./flashsale owners}: which process decides what, so that one knows whose log to read. */
public final class OwnersCommand implements SubCommand {

    private final PrintStream out;

    public OwnersCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public int run(List<String> arguments) throws UsageException {
        OwnersOptions options = OwnersOptions.parse(arguments);
        Target target = options.where().target();
        try (KafkaFacts kafka = AdminFacts.connect(target.kafka())) {
            OwnersReport report = OwnersReport.of(kafka, Topics.DEFAULT_PREFIX, options.product());
            if (options.json()) {
                out.println(Json.MAPPER.writeValueAsString(report.document()));
            } else {
                out.println("Who decides "
                        + options.product().map(id -> "on " + id + " ").orElse("") + "at " + target.kafka()
                        + ", by host and port of the instance");
                out.println();
                report.lines().forEach(out::println);
            }
            return report.isGood() ? Main.OK : Main.FAILED;
        }
    }
}
