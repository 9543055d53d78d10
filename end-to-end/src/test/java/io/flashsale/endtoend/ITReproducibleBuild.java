package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The same sources are the same jars, wherever and whenever they are built: anybody can check what is delivered. */
@EnabledIfSystemProperty(
        named = "flashsale.test.long",
        matches = "true",
        disabledReason = "it builds everything once more, which takes two minutes: -Dflashsale.test.long=true")
class ITReproducibleBuild {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> SERVICES = List.of("ingress-api", "inventory-streams", "order-streams");
    private static final long DEADLINE_MINUTES = 15;

    @Test
    void aBuildElsewhereMakesTheSameJars(@TempDir Path elsewhere) throws Exception {
        Needs.require(Needs.runs("mvn", "--version"), "Maven (mvn) on the PATH");
        copySources(elsewhere);

        build(elsewhere);

        for (String service : SERVICES) {
            Path jar = Path.of(service, "target", service + "-exec.jar");
            // First what is in them, because that says what differs.
            assertThat(entriesOf(elsewhere.resolve(jar)))
                    .as("entries of " + jar)
                    .hasSizeGreaterThan(50)
                    .isEqualTo(entriesOf(ROOT.resolve(jar)));
            assertThat(elsewhere.resolve(jar)).hasSameBinaryContentAs(ROOT.resolve(jar));
        }
    }

    /** What the Dockerfile builds from, too. */
    private static void copySources(Path elsewhere) throws IOException {
        Files.copy(ROOT.resolve("pom.xml"), elsewhere.resolve("pom.xml"));
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.filter(directory -> Files.exists(directory.resolve("pom.xml")))
                    .toList()) {
                copy(module.resolve("pom.xml"), elsewhere);
                copy(module.resolve("src/main"), elsewhere);
            }
        }
    }

    private static void copy(Path part, Path elsewhere) throws IOException {
        if (!Files.exists(part)) {
            return;
        }
        try (Stream<Path> files = Files.walk(part)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = elsewhere.resolve(ROOT.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    private static void build(Path directory) throws IOException, InterruptedException {
        Path log = directory.resolve("build.log");
        // Not offline: the SBOM would be left out.
        Process maven = new ProcessBuilder(
                        "mvn",
                        "-B",
                        "-DskipTests",
                        "-Dspotless.check.skip=true",
                        "-pl",
                        String.join(",", SERVICES),
                        "-am",
                        "package")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(maven.waitFor(DEADLINE_MINUTES, TimeUnit.MINUTES)).isTrue();
        } finally {
            maven.destroy();
        }
        assertThat(maven.exitValue()).as(() -> read(log)).isZero();
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException missing) {
            return missing.toString();
        }
    }

    private static Map<String, String> entriesOf(Path jar) throws IOException {
        try (ZipFile file = new ZipFile(jar.toFile())) {
            Map<String, String> entries = new TreeMap<>();
            for (ZipEntry entry : file.stream().toList()) {
                entries.put(entry.getName(), Long.toHexString(entry.getCrc()) + " " + entry.getTimeLocal());
            }
            return entries;
        }
    }
}
