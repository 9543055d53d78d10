package io.flashsale.local.tools;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.Topics;
import io.flashsale.local.Main;
import io.flashsale.local.SubCommand;
import io.flashsale.local.UsageException;
import io.flashsale.local.audit.AuditTerms;
import java.io.PrintStream;
import java.util.List;

/** {@code ./flashsale verify}: do the events alone explain what the pipeline shows, and do they keep the promises? */
public final class VerifyCommand implements SubCommand {

    private final PrintStream out;

    public VerifyCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public int run(List<String> arguments) throws UsageException {
        VerifyOptions options = VerifyOptions.parse(arguments);
        Target target = options.where().target();
        try (Shop shop = new Shop(target.url());
                LogReader log = LogReader.connect(target.kafka())) {
            shop.requireRunning();
            Verifier verifier = new Verifier(
                    Topics.DEFAULT_PREFIX,
                    log,
                    new LiveProducts(shop),
                    AuditTerms.DEFAULTS,
                    options.patience(),
                    new RealPause());
            VerifyResult result = verifier.verify(options.product());
            if (options.json()) {
                out.println(Json.MAPPER.writeValueAsString(result.document()));
            } else {
                out.println("Events of " + target.kafka() + ", stores of " + target.url());
                out.println();
                result.lines().forEach(out::println);
            }
            return result.isGood() ? Main.OK : Main.FAILED;
        }
    }
}
