package io.flashsale.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

    @TempDir
    Path folder;

    @Test
    void keepsItsContentsUnlessItShallBeFresh() throws IOException {
        Path directory = folder.resolve("data");
        Path kept = directory.resolve("state/a/b.txt");
        try (DataDirectory data = DataDirectory.open(directory, false)) {
            Files.createDirectories(data.state("a"));
            Files.writeString(kept, "b");
        }

        DataDirectory.open(directory, false).close();
        assertThat(kept).exists();

        DataDirectory.open(directory, true).close();
        assertThat(directory.resolve("state")).doesNotExist();
        assertThat(directory).exists();
    }

    @Test
    void neverTouchesADirectoryThatSomebodyElseMade() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious.txt"), "x");

        assertThatThrownBy(() -> DataDirectory.open(folder, true))
                .isInstanceOf(PipelineException.class)
                .hasMessage(folder + " was not made by this program: choose an empty or a new directory with --data.");
        assertThat(precious).exists();
    }

    @Test
    void deletesALinkAndNotWhatItPointsTo() throws IOException {
        Path precious =
                Files.writeString(Files.createDirectory(folder.resolve("other")).resolve("precious"), "x");
        Path directory = folder.resolve("data");
        DataDirectory.open(directory, false).close();
        Files.createSymbolicLink(directory.resolve("link"), precious.getParent());

        DataDirectory.open(directory, true).close();

        assertThat(directory.resolve("link")).doesNotExist();
        assertThat(precious).exists();
    }

    @Test
    void mayBeALinkToADirectoryElsewhere() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(folder.resolve("data"), elsewhere);
        DataDirectory.open(link, false).close();
        Path kept = Files.writeString(elsewhere.resolve("kept"), "x");

        DataDirectory.open(link, true).close();

        assertThat(kept).doesNotExist();
        assertThat(link).isSymbolicLink();
        assertThat(elsewhere.resolve(DataDirectory.MARKER)).exists();
    }

    @Test
    void isNotEmptiedBeforeTheChildrenOfAnEarlierRunHaveEnded() throws Exception {
        // given: a child whose parent was killed, and which writes to the directory until it ends
        Path directory = folder.resolve("data");
        Process child;
        try (DataDirectory earlier = DataDirectory.open(directory, false)) {
            child = new ProcessBuilder("sh", "-c", "sleep 1; mkdir -p state; echo late > state/late")
                    .directory(directory.toFile())
                    .start();
            ProcessFile.write(earlier.processFile("child"), child.toHandle());
        }

        // when
        DataDirectory.open(directory, true).close();

        // then
        assertThat(child.waitFor()).isZero();
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder(DataDirectory.MARKER, ".lock");
        }
    }

    @Test
    void isUsedByOneAtATime() {
        Path directory = folder.resolve("data");
        try (DataDirectory first = DataDirectory.open(directory, false)) {
            assertThatThrownBy(() -> DataDirectory.open(directory, true))
                    .isInstanceOf(PipelineException.class)
                    .hasMessageStartingWith(first.root() + " is in use by another run");
        }
        DataDirectory.open(directory, false).close();
    }

    @Test
    void refusesTheStateOfAnotherCluster() {
        try (DataDirectory data = DataDirectory.open(folder.resolve("data"), false)) {
            data.requireStateOf("one");
            data.requireStateOf("one");

            assertThatThrownBy(() -> data.requireStateOf("two"))
                    .isInstanceOf(PipelineException.class)
                    .hasMessageContaining("belongs to the Kafka cluster one, not to two");
        }
    }

    @Test
    void refusesAnotherNumberOfBrokers() {
        try (DataDirectory data = DataDirectory.open(folder.resolve("data"), false)) {
            data.requireBrokers(3);
            data.localClusterId();
            data.requireBrokers(3);

            assertThatThrownBy(() -> data.requireBrokers(1))
                    .isInstanceOf(PipelineException.class)
                    .hasMessage("Kafka's data in " + data.root() + " is laid out for 3 brokers, not for 1: choose"
                            + " another directory with --data, or begin anew with --fresh.");
        }
    }

    @Test
    void knowsThatThereWasOneBrokerBeforeItWasWrittenDown() {
        try (DataDirectory data = DataDirectory.open(folder.resolve("data"), false)) {
            data.localClusterId();

            assertThatThrownBy(() -> data.requireBrokers(3)).hasMessageContaining("for 1 broker, not for 3");
            data.requireBrokers(1);
        }
    }
}
