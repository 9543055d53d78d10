package io.flashsale.local.tools;

import io.flashsale.local.Main;
import io.flashsale.local.SubCommand;
import io.flashsale.local.UsageException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** {@code ./flashsale demo}: one sale from its stock to a refund, each request with its answer. */
public final class DemoCommand implements SubCommand {

    private final Map<String, String> environment;
    private final PrintStream out;

    public DemoCommand(Map<String, String> environment, PrintStream out) {
        this.environment = environment;
        this.out = out;
    }

    @Override
    public int run(List<String> arguments) throws UsageException {
        Target target = DemoOptions.parse(arguments).where().target();
        try (Shop shop = new Shop(target.url())) {
            shop.requireRunning();
            out.println("One sale at " + target.url());
            out.println();
            Transcript transcript = new Transcript(shop, new RealPause(), out);
            new Demo(transcript, Secrets.of(environment), FreshId.of("demo")).run();
            out.println(transcript.steps() + " steps, each as expected.");
            return Main.OK;
        }
    }
}
