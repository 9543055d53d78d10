package io.flashsale.benchmarks;

import io.flashsale.benchmarks.report.Machine;
import io.flashsale.benchmarks.report.Report;
import io.flashsale.benchmarks.report.ReportFiles;
import io.flashsale.benchmarks.report.Section;
import io.flashsale.local.Main;
import io.flashsale.local.PipelineException;
import io.flashsale.local.SubCommand;
import io.flashsale.local.UsageException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** {@code ./flashsale bench}: measures, checks that what was measured is right, and says what came out. */
final class BenchCommand implements SubCommand {

    /** Due in the same second. */
    private static final int DUE_HOLDS = 100_000;

    /** Live when an instance goes. */
    private static final int RESTART_HOLDS = 1_000_000;

    private final PrintStream out;

    BenchCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public int run(List<String> arguments) throws UsageException {
        BenchOptions options = BenchOptions.parse(arguments);
        Progress progress = new Progress(out);
        try {
            Report report = new Report(Machine.thisOne(), List.of());
            for (Part part : options.parts()) {
                for (Section section : measureOrSayWhyNot(part, options, progress)) {
                    report = report.with(section);
                }
            }
            report = Comparison.of(report).map(report::with).orElse(report);
            show(report, options);
            if (report.isFailed()) {
                throw new PipelineException("Not everything could be measured, or what was measured does not count.");
            }
            return Main.OK;
        } catch (Scratch.StoppedException asked) {
            // A signal is stopping everything, which also sets the exit code.
            return Main.OK;
        }
    }

    /** What one part has measured shall not be lost because another one fails. */
    private static List<Section> measureOrSayWhyNot(Part part, BenchOptions options, Progress progress) {
        try {
            return measure(part, options, progress);
        } catch (Scratch.StoppedException asked) {
            throw asked;
        } catch (RuntimeException failed) {
            String sentence = sentence(failed);
            progress.step(part.label() + " failed: " + sentence);
            // The end of a log may follow, which was shown.
            return List.of(
                    Section.failure(part.label(), sentence.lines().findFirst().orElse(sentence)));
        }
    }

    /** The end of a log may follow, which is shown while it runs. */
    private static String firstLine(@Nullable String sentence) {
        return String.valueOf(sentence).lines().findFirst().orElse("");
    }

    private static String sentence(RuntimeException failed) {
        Throwable cause = failed.getCause();
        Throwable reason = failed instanceof CompletionException && cause != null ? cause : failed;
        return reason instanceof PipelineException ? String.valueOf(reason.getMessage()) : reason.toString();
    }

    private static List<Section> measure(Part part, BenchOptions options, Progress progress) {
        return switch (part) {
            case ENGINE ->
                Workbench.use(
                        progress,
                        Workbench::inventoryAlone,
                        bench -> new EngineBenchmark(bench, options.commands(), options.rounds()).run());
            case LIVES ->
                Workbench.use(
                        progress,
                        Workbench::withoutIngress,
                        bench -> new LivesBenchmark(bench, options.commands(), options.rounds()).run());
            case HOP ->
                Workbench.use(
                        progress,
                        Workbench::inventoryAlone,
                        bench -> new HopBenchmark(bench, options.seconds(), options.warmupSeconds()).run());
            case HTTP -> http(options, progress);
            case WEBHOOKS ->
                Workbench.use(
                        progress, Workbench::complete, bench -> List.of(new WebhookBenchmark(bench, options).run()));
            case PEERS ->
                List.of(new PeersBenchmark(progress, options.rounds(), options.stepSeconds())
                        .run(List.copyOf(options.peers())));
            case DUE ->
                Workbench.use(
                        progress,
                        Workbench::complete,
                        bench -> List.of(
                                new DueBenchmark(bench, Math.min(DUE_HOLDS, options.holds()), options.warmupSeconds())
                                        .run()));
            case RESTART ->
                List.of(new RestartBenchmark(
                                progress, Math.min(RESTART_HOLDS, options.holds()), options.warmupSeconds())
                        .run());
            case GROWTH ->
                Workbench.use(
                        progress,
                        Workbench::inventoryAlone,
                        bench -> List.of(
                                new GrowthBenchmark(bench, options.holds(), options.commands(), options.rounds())
                                        .run()));
        };
    }

    private static List<Section> http(BenchOptions options, Progress progress) {
        List<ShopResult> shops = new ArrayList<>();
        List<Section> failures = new ArrayList<>();
        Workbench.use(
                progress,
                Workbench::complete,
                bench -> shops.add(new ShopBenchmark(new OurShop(bench), progress, options).run()));
        if (ServerKind.MARIADB.isInstalled()) {
            try (PeerShop peer = PeerShop.start(progress)) {
                shops.add(new ShopBenchmark(peer, progress, options).run());
            } catch (PipelineException failed) {
                // Ours counts.
                progress.step("the service to compare with failed: " + failed.getMessage());
                failures.add(Section.failure("http_peer", firstLine(failed.getMessage())));
            }
        }
        List<Section> sections = new ArrayList<>(HttpSections.of(shops));
        sections.addAll(failures);
        return List.copyOf(sections);
    }

    private void show(Report report, BenchOptions options) {
        out.println();
        report.lines().forEach(out::println);
        Path page = options.report().orElseGet(() -> reports().resolve(report.name()));
        ReportFiles.writePage(report, page);
        out.println();
        out.println("The page with the plots is " + page.resolve("report.md"));
        options.json().ifPresent(file -> ReportFiles.writeJson(report, file));
    }

    /** In the project's module that this class was built in. */
    private static Path reports() {
        try {
            Path classes = Path.of(BenchCommand.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return classes.resolveSibling("../reports").normalize();
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
