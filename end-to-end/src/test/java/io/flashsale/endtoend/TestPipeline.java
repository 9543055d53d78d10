package io.flashsale.endtoend;

import io.flashsale.local.Pipeline;
import io.flashsale.local.PipelineOptions;
import io.flashsale.local.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One running pipeline for all tests that do not break it: two inventory instances, two ingress instances, one of
 * orders. Starting it takes longer than most tests, so it is started once and ends with the test run.
 */
final class TestPipeline implements BeforeAllCallback, ParameterResolver {

    static final Duration START_DEADLINE = Duration.ofMinutes(4);

    /** What Stripe's events are signed with. */
    static final String STRIPE_SECRET = "whsec_of_the_tests";

    /** A pipeline in a directory of its own that ends with it. */
    record Running(Pipeline pipeline, TestKafka kafka, Path directory) implements AutoCloseable {

        static Running start(UnaryOperator<PipelineOptions.Builder> choose) {
            Path directory = temporaryDirectory();
            TestKafka kafka = TestKafka.start();
            try {
                return new Running(start(directory, kafka, choose), kafka, directory);
            } catch (RuntimeException failed) {
                kafka.close();
                throw failed;
            }
        }

        static Pipeline start(Path directory, TestKafka kafka, UnaryOperator<PipelineOptions.Builder> choose) {
            PipelineOptions.Builder options = PipelineOptions.in(directory)
                    .startDeadline(START_DEADLINE)
                    // On a loaded machine a decision may take long; these tests are about what it is.
                    .property(Role.INGRESS, "flashsale.reply.timeout", "60s")
                    .environment(Role.INGRESS, "FLASHSALE_STRIPE_SECRET", STRIPE_SECRET)
                    .progress(line -> System.out.println("pipeline: " + line));
            // Short lives: the second compiler would take most of a small machine's time and never pay it back.
            for (Role role : Role.values()) {
                options.jvmOption(role, "-XX:TieredStopAtLevel=1");
            }
            kafka.addTo(options);
            return Pipeline.start(choose.apply(options).build());
        }

        @Override
        public void close() throws IOException {
            pipeline.close();
            kafka.close();
            deleteRecursively(directory);
        }
    }

    static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("flashsale-end-to-end");
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    static void deleteRecursively(Path directory) throws IOException {
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    @Override
    public void beforeAll(ExtensionContext extension) {
        // What ends a test while its parameters are resolved fails it; here it is skipped.
        TestKafka.require();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext extension) {
        Class<?> type = parameter.getParameter().getType();
        return type == Pipeline.class || type == Shop.class || type == SpanCollector.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext extension) {
        ExtensionContext.Store store =
                extension.getRoot().getStore(ExtensionContext.Namespace.create(TestPipeline.class));
        SpanCollector collector = store.computeIfAbsent("collector", key -> SpanCollector.start(), SpanCollector.class);
        Pipeline pipeline = store.computeIfAbsent(
                        "pipeline",
                        key -> Running.start(options -> options.instances(Role.INVENTORY, 2)
                                .instances(Role.INGRESS, 2)
                                .environment("FLASHSALE_TRACES_ENDPOINT", collector.endpoint())
                                // Only what a test asks for, so that all others run as they would without.
                                .environment("FLASHSALE_TRACES_SAMPLERATIO", "0")),
                        Running.class)
                .pipeline();
        Class<?> type = parameter.getParameter().getType();
        if (type == SpanCollector.class) {
            return collector;
        }
        return type == Pipeline.class ? pipeline : new Shop(pipeline.ingressUrl(1));
    }
}
