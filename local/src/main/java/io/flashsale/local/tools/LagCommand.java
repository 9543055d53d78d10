package io.flashsale.local.tools;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.Topics;
import io.flashsale.local.Main;
import io.flashsale.local.PipelineException;
import io.flashsale.local.SubCommand;
import io.flashsale.local.UsageException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** {@code ./flashsale lag}: do the applications keep up with what is written for them? */
public final class LagCommand implements SubCommand {

    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(2);

    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final InstantSource clock;
    private final PrintStream out;

    public LagCommand(InstantSource clock, PrintStream out) {
        this.clock = clock;
        this.out = out;
    }

    @Override
    public int run(List<String> arguments) throws UsageException {
        LagOptions options = LagOptions.parse(arguments);
        Target target = options.where().target();
        try (KafkaFacts kafka = AdminFacts.connect(target.kafka())) {
            if (options.watch()) {
                // Ctrl-C ends it, with everything else.
                watch(kafka, options, new RealPause(), () -> true);
                return Main.OK;
            }
            return look(kafka, options) ? Main.OK : Main.FAILED;
        }
    }

    /**
     * Looks every two seconds. What goes wrong in between is said and does not end it: somebody watches because things
     * go wrong.
     */
    void watch(KafkaFacts kafka, LagOptions options, PartitionCheck.Pause pause, BooleanSupplier goOn) {
        while (goOn.getAsBoolean()) {
            long next = pause.nanoTime() + WATCH_INTERVAL.toNanos();
            try {
                look(kafka, options);
            } catch (PipelineException failed) {
                sayWhatFailed(failed, options);
            }
            if (!options.json()) {
                out.println();
            }
            while (pause.nanoTime() < next) {
                pause.brief();
            }
        }
    }

    private void sayWhatFailed(PipelineException failed, LagOptions options) {
        String sentence = String.valueOf(failed.getMessage());
        Instant now = clock.instant();
        out.println(
                options.json()
                        ? Json.MAPPER.writeValueAsString(Map.of("time", now, "warnings", List.of(sentence)))
                        : SECOND.format(now) + " UTC  " + sentence);
    }

    private boolean look(KafkaFacts kafka, LagOptions options) {
        Instant now = clock.instant();
        LagReport report = LagReport.of(kafka, Topics.DEFAULT_PREFIX);
        if (options.json()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("time", now);
            document.putAll(report.document(options.partitions()));
            out.println(Json.MAPPER.writeValueAsString(document));
        } else {
            out.println(SECOND.format(now) + " UTC");
            report.lines(options.partitions()).forEach(out::println);
        }
        return report.isGood();
    }
}
