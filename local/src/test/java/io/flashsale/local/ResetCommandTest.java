package io.flashsale.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.contracts.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ResetCommandTest {

    @TempDir
    Path folder;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final ResetCommand command = new ResetCommand(new PrintStream(written, true, StandardCharsets.UTF_8));
    private Path directory;

    @BeforeEach
    void keepSomething() throws IOException {
        directory = folder.resolve("data").toAbsolutePath();
        try (DataDirectory data = DataDirectory.open(directory, false)) {
            Files.createDirectories(data.state("inventory-1"));
            Files.writeString(data.state("inventory-1").resolve("store"), "x".repeat(1_500));
            Files.writeString(data.state("inventory-1").resolve("other"), "y".repeat(500));
            Files.createDirectories(data.logs());
            Files.writeString(data.log("inventory-1"), "z");
        }
    }

    @Test
    void deletesWhatIsKeptAndSaysWhatThatWas() throws Exception {
        assertThat(run("--yes")).isZero();

        assertThat(output())
                .containsExactly(
                        "what    files     size",
                        "-----   -----   ------",
                        "logs        1      1 B",
                        "state       2   2.0 kB",
                        "",
                        "Deleted 3 files with 2.0 kB in " + directory.toRealPath() + "; the next up begins anew.");
        assertThat(left()).containsExactlyInAnyOrder(DataDirectory.MARKER, ".lock");
    }

    @Test
    void deletesNothingUnlessItIsMeant() throws IOException {
        assertThatThrownBy(() -> run())
                .isInstanceOf(UsageException.class)
                .hasMessage("reset deletes all of this in " + directory.toRealPath()
                        + " for ever: say --yes if that is meant");

        assertThat(output()).anyMatch(line -> line.startsWith("state       2"));
        assertThat(left()).contains("state", "logs");
    }

    @Test
    void refusesWhileAPipelineRunsFromIt() throws IOException {
        try (DataDirectory running = DataDirectory.open(directory, false)) {
            assertThatThrownBy(() -> run("--yes"))
                    .isInstanceOf(PipelineException.class)
                    .hasMessageStartingWith(running.root() + " is in use by another run");
        }
        assertThat(left()).contains("state", "logs");
    }

    @Test
    void neverTouchesWhatThisProgramDidNotMake() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious.txt"), "x");
        Path none = folder.resolve("none");

        assertThatThrownBy(() -> command.run(List.of("--yes", "--data", folder.toString())))
                .isInstanceOf(PipelineException.class)
                .hasMessage(folder.toAbsolutePath() + " was not made by this program.");
        assertThatThrownBy(() -> command.run(List.of("--yes", "--data", none.toString())))
                .isInstanceOf(PipelineException.class)
                .hasMessage("There is no " + none.toAbsolutePath() + ".");

        assertThat(precious).exists();
        assertThat(none).doesNotExist();
        assertThat(folder.resolve(DataDirectory.MARKER)).doesNotExist();
    }

    @Test
    void twiceIsTheSameAsOnce() throws Exception {
        run("--yes");
        written.reset();

        assertThat(run()).isZero();

        assertThat(output()).containsExactly("Nothing is kept in " + directory.toRealPath() + ".");
    }

    @Test
    void tellsAProgramTheSame() throws Exception {
        run("--yes", "--json");

        JsonNode document = Json.readTree(written.toByteArray());
        assertThat(document.get("files").asLong()).isEqualTo(3);
        assertThat(document.get("bytes").asLong()).isEqualTo(2_001);
        assertThat(document.get("deleted").get("state").toString()).isEqualTo("{\"files\":2,\"bytes\":2000}");
    }

    private int run(String... arguments) throws UsageException {
        return command.run(Stream.concat(Stream.of("--data", directory.toString()), Stream.of(arguments))
                .toList());
    }

    private List<String> output() {
        return written.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
