package io.flashsale.local.tools;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.Topics;
import io.flashsale.local.Main;
import io.flashsale.local.PipelineException;
import io.flashsale.local.SubCommand;
import io.flashsale.local.UsageException;
import io.flashsale.local.audit.AuditTerms;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code ./flashsale stress}: everybody at once, and then: did anybody get what was not there, did anything vanish? */
public final class StressCommand implements SubCommand {

    private static final int KAFKA_PROBE_MS = 2_000;

    private final Map<String, String> environment;
    private final PrintStream out;

    public StressCommand(Map<String, String> environment, PrintStream out) {
        this.environment = environment;
        this.out = out;
    }

    @Override
    public int run(List<String> arguments) throws UsageException {
        StressOptions options = StressOptions.parse(arguments);
        Target target = options.where().target();
        String productId = FreshId.of("stress");
        try (Shop shop = new Shop(target.url())) {
            shop.requireRunning();
            if (!options.json()) {
                out.printf(
                        "%,d buyers at once for %,d units of %s, %,d each, at %s%n%n",
                        options.buyers(), options.stock(), productId, options.quantity(), target.url());
            }
            StressResult result = new Stress(shop, Secrets.of(environment), new RealPause(), options, productId)
                    .run(id -> verify(target, shop, id));
            if (options.json()) {
                out.println(Json.MAPPER.writeValueAsString(result.document()));
            } else {
                result.lines().forEach(out::println);
            }
            return result.verdict() == StressResult.Verdict.EXACT ? Main.OK : Main.FAILED;
        }
    }

    private static VerifyResult verify(Target target, Shop shop, String productId) {
        requireReachable(target.kafka().servers());
        try (LogReader log = LogReader.connect(target.kafka())) {
            return new Verifier(
                            Topics.DEFAULT_PREFIX,
                            log,
                            new LiveProducts(shop),
                            AuditTerms.DEFAULTS,
                            Verifier.PATIENCE,
                            new RealPause())
                    .verify(Optional.of(productId));
        }
    }

    /** Kafka's own client takes much longer to say that nobody is there. */
    private static void requireReachable(String kafka) {
        String first = kafka.split(",")[0];
        int colon = first.lastIndexOf(':');
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(first.substring(0, colon), Integer.parseInt(first.substring(colon + 1))),
                    KAFKA_PROBE_MS);
        } catch (IOException | IllegalArgumentException nobody) {
            throw new PipelineException("no Kafka answers at " + first + ".");
        }
    }
}
