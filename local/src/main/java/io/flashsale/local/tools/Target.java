package io.flashsale.local.tools;

import io.flashsale.contracts.KafkaCluster;
import io.flashsale.local.OptionParser;
import io.flashsale.local.RunningPipeline;
import io.flashsale.local.UsageException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pipeline a command is about.
 *
 * @param url of an ingress, without a slash at the end
 * @param kafka where its topics are
 */
record Target(String url, KafkaCluster kafka) {

    private static final String DEFAULT_URL = "http://localhost:8080";
    private static final String DEFAULT_KAFKA = "127.0.0.1:9092";

    /** The options that say where it is, the same for all commands. What is not said is what {@code up} has noted. */
    static final class Options {

        private @Nullable String url;
        private @Nullable String kafka;
        private Map<String, String> security = Map.of();
        private @Nullable Path data;

        /** Goes to the next argument that is none of these options, if there is one, and takes them on the way. */
        boolean next(OptionParser parser) throws UsageException {
            while (parser.next()) {
                if (!take(parser)) {
                    return true;
                }
            }
            return false;
        }

        private boolean take(OptionParser parser) throws UsageException {
            switch (parser.name()) {
                case "--url" -> url = url(parser);
                case "--kafka" -> kafka = parser.hostsAndPorts();
                case "--kafka-config" -> security = parser.kafkaSecurity();
                case "--data" -> data = parser.path("a directory");
                // For the script, which decides about building.
                case "--no-build" -> parser.flag();
                default -> {
                    return false;
                }
            }
            return true;
        }

        Target target() {
            Optional<RunningPipeline> running = data != null ? RunningPipeline.find(data) : RunningPipeline.find();
            return new Target(
                    url != null ? url : running.map(RunningPipeline::url).orElse(DEFAULT_URL),
                    new KafkaCluster(
                            kafka != null
                                    ? kafka
                                    : running.map(RunningPipeline::kafka).orElse(DEFAULT_KAFKA),
                            security));
        }

        private static String url(OptionParser parser) throws UsageException {
            String text = parser.value().replaceFirst("/+$", "");
            try {
                URI uri = URI.create(text);
                if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                    return text;
                }
            } catch (IllegalArgumentException notAUri) {
                // Answered below.
            }
            throw new UsageException(parser.name() + " must be a URL like " + DEFAULT_URL + ", not " + text);
        }
    }
}
