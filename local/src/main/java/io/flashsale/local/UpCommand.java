package io.flashsale.local;

import io.flashsale.contracts.Topics;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code ./flashsale up}: starts everything, says how to use it, stays until it is told to stop. */
final class UpCommand implements SubCommand {

    private static final String ADMIN_KEY = "FLASHSALE_ADMIN_KEY";
    private static final String WEBHOOK_SECRET = "FLASHSALE_WEBHOOK_SECRET";

    /** Only the ingress uses them, so nobody else shall have them. */
    private static final Set<String> SECRETS =
            Set.of(ADMIN_KEY, WEBHOOK_SECRET, "FLASHSALE_STRIPE_SECRET", "FLASHSALE_ID_SECRET");

    /** Where Kafka's own tools and everybody's habits look for it. */
    private static final int KAFKA_PORT = 9092;

    private static final String SESSION_TIMEOUT = "FLASHSALE_STREAMS_SESSIONTIMEOUT";

    private static final String DEFAULT_ADMIN_KEY = "local-admin";

    private static final String DIGEST_PREFIX = "sha256:";

    /** Set by tests of the whole command, which run it without the services. */
    private final Optional<Installation> installation;

    private final int brokerPort;
    private final Map<String, String> environment;
    private final PrintStream out;
    private final long started = System.nanoTime();

    UpCommand(Map<String, String> environment, PrintStream out) {
        this(Optional.empty(), KAFKA_PORT, environment, out);
    }

    UpCommand(Optional<Installation> installation, int brokerPort, Map<String, String> environment, PrintStream out) {
        this.installation = installation;
        this.brokerPort = brokerPort;
        this.environment = environment;
        this.out = out;
    }

    @Override
    public int run(List<String> arguments) throws UsageException {
        UpOptions options = UpOptions.parse(arguments);
        String adminKey = plainKeyOf(adminKeys());
        Path data = options.data()
                .orElseGet(RunningPipeline::defaultDataDirectory)
                .toAbsolutePath()
                .normalize();
        Pipeline pipeline = new Pipeline(pipelineOptions(options, data), installation.orElseGet(Installation::ofBuild));
        // Ctrl-C, SIGTERM, a closed terminal and an error end here alike.
        Runtime.getRuntime().addShutdownHook(new Thread(pipeline::close, "stop-pipeline"));
        step("logs go to " + data.resolve("logs"));
        try {
            pipeline.startAll();
            seed(pipeline, adminKey);
            String url = "http://localhost:" + options.port();
            new RunningPipeline(url, pipeline.bootstrapServers()).noteIn(data);
            ReadyText.of(url, facts(options, data, pipeline, adminKey), webhooks())
                    .forEach(out::println);
            throw new PipelineException(pipeline.awaitUnexpectedExit());
        } catch (RuntimeException failed) {
            boolean asked = pipeline.isClosing();
            pipeline.close();
            if (asked) {
                // What broke, broke because a signal is stopping everything, which also sets the exit code.
                return Main.OK;
            }
            throw failed;
        }
    }

    private PipelineOptions pipelineOptions(UpOptions options, Path data) {
        PipelineOptions.Builder builder = PipelineOptions.in(data)
                .fresh(options.fresh())
                .port(options.port())
                .brokerPort(brokerPort)
                .topics(Topics.defaults())
                .instances(Role.INVENTORY, options.inventory())
                .instances(Role.ORDERS, options.orders())
                .instances(Role.INGRESS, options.ingress())
                .instances(Role.BROKER, options.brokers())
                .progress(this::step);
        if (options.kafka().isPresent()) {
            builder.kafka(options.kafka().get());
        } else {
            // Our own broker takes a shorter session than others may, and a killed instance is replaced sooner.
            builder.environment(Role.INVENTORY, SESSION_TIMEOUT, "3s").environment(Role.ORDERS, SESSION_TIMEOUT, "3s");
        }
        // So that every setting of a service can be tried without a file.
        environment.forEach((name, value) -> {
            if (!name.startsWith("FLASHSALE_") || value.isBlank()) {
                return;
            }
            if (SECRETS.contains(name)) {
                builder.environment(Role.INGRESS, name, value);
            } else {
                builder.environment(name, value);
            }
        });
        builder.environment(Role.INGRESS, ADMIN_KEY, adminKeys());
        return builder.build();
    }

    private void seed(Pipeline pipeline, String adminKey) {
        HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
        try {
            boolean created = new DemoProduct(pipeline.ingressUrl(1), adminKey, http).ensure();
            step(created ? "put product 1 on sale: 100 pieces" : "product 1 is there from an earlier run");
        } finally {
            http.shutdownNow();
        }
    }

    private List<ReadyText.Fact> facts(UpOptions options, Path data, Pipeline pipeline, String adminKey) {
        List<ReadyText.Fact> facts = new ArrayList<>();
        facts.add(new ReadyText.Fact("Live page", "http://localhost:" + options.port() + "/"));
        for (int number = 2; number <= options.ingress(); number++) {
            facts.add(new ReadyText.Fact("Also at", "http://localhost:" + (options.port() + number - 1)));
        }
        facts.add(new ReadyText.Fact("Kafka", pipeline.bootstrapServers()));
        facts.add(new ReadyText.Fact("Logs", data.resolve("logs").toString()));
        facts.add(new ReadyText.Fact("Data", data + " (kept; --fresh deletes it)"));
        facts.add(new ReadyText.Fact("Admin key", adminKey + " (header X-Api-Key)"));
        facts.add(new ReadyText.Fact(
                "Webhooks",
                webhooks() == ReadyText.Webhooks.UNSIGNED
                        ? "unsigned ones are taken, because FLASHSALE_WEBHOOK_SECRET is not set"
                        : "must be signed with FLASHSALE_WEBHOOK_SECRET"));
        for (String name : pipeline.names()) {
            if (!name.startsWith(Role.BROKER.label())) {
                facts.add(new ReadyText.Fact(
                        "Metrics", pipeline.managementUrl(name) + "/actuator/prometheus (" + name + ")"));
            }
        }
        return facts;
    }

    private String adminKeys() {
        String keys = environment.getOrDefault(ADMIN_KEY, "");
        return keys.isBlank() ? DEFAULT_ADMIN_KEY : keys;
    }

    /** The first key of the list that is not given as its digest, which nobody can make the key of. */
    static String plainKeyOf(String keys) throws UsageException {
        for (String entry : keys.split(",")) {
            String key = entry.strip();
            if (!key.isEmpty() && !key.toLowerCase(Locale.ROOT).startsWith(DIGEST_PREFIX)) {
                return key;
            }
        }
        throw new UsageException(ADMIN_KEY + " needs a plain key in its list, to put product 1 on sale with");
    }

    private ReadyText.Webhooks webhooks() {
        return ReadyText.Webhooks.of(environment.getOrDefault(WEBHOOK_SECRET, ""));
    }

    private void step(String what) {
        out.printf("%6.1f s  %s%n", (System.nanoTime() - started) / 1e9, what);
    }
}
