package io.flashsale.benchmarks;

import io.flashsale.contracts.Json;
import io.flashsale.local.Main;
import io.flashsale.local.PipelineException;
import io.flashsale.local.SubCommand;
import io.flashsale.local.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import tools.jackson.databind.SerializationFeature;

/** {@code ./flashsale bench}: measures, checks that what was measured is right, and says what came out. */
final class BenchCommand implements SubCommand {

    private final PrintStream out;

    BenchCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public int run(List<String> arguments) throws UsageException {
        BenchOptions options = BenchOptions.parse(arguments);
        Progress progress = new Progress(out);
        try {
            Report report = measure(options, progress);
            out.println();
            report.lines().forEach(out::println);
            options.json().ifPresent(file -> write(report, file));
            report.http().filter(http -> !http.isAllCreated()).ifPresent(http -> {
                throw new PipelineException("The result does not count: not every call was answered 201.");
            });
            return Main.OK;
        } catch (Workbench.StoppedException asked) {
            // A signal is stopping everything, which also sets the exit code.
            return Main.OK;
        }
    }

    private Report measure(BenchOptions options, Progress progress) {
        Machine machine = Machine.thisOne();
        Optional<EngineResult> engine = Optional.empty();
        Optional<HttpResult> http = Optional.empty();
        if (options.engine()) {
            engine = Optional.of(withWorkbench(
                    progress, bench -> new EngineBenchmark(bench, options.commands(), options.rounds()).run()));
        }
        if (options.http()) {
            http = Optional.of(withWorkbench(
                    progress,
                    bench -> new HttpBenchmark(
                                    bench,
                                    options.rate(),
                                    options.seconds(),
                                    options.warmupSeconds(),
                                    options.connections())
                            .run()));
        }
        return new Report(machine, engine, http);
    }

    /** Each one has a pipeline of its own: what one leaves behind shall not slow the other one down. */
    private static <T> T withWorkbench(Progress progress, Function<Workbench, T> benchmark) {
        try (Workbench workbench = Workbench.start(progress)) {
            try {
                return benchmark.apply(workbench);
            } catch (RuntimeException failed) {
                // If a process is gone, or all of them are being stopped, then that is the reason.
                workbench.requireHealth();
                throw failed instanceof KafkaException
                        ? new PipelineException("A Kafka client failed: " + failed.getMessage())
                        : failed;
            }
        }
    }

    private static void write(Report report, Path file) {
        try {
            Files.write(
                    file, Json.MAPPER.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(report));
        } catch (IOException failed) {
            throw new PipelineException(file + " could not be written: " + failed + ".");
        }
    }
}
