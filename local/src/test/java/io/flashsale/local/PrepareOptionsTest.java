package io.flashsale.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.contracts.KafkaCluster;
import io.flashsale.contracts.Topics;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrepareOptionsTest {

    @TempDir
    Path folder;

    @Test
    void grantsNothingUnlessAsked() throws UsageException {
        PrepareOptions options = PrepareOptions.parse(words("--kafka k:1"));

        assertThat(options)
                .isEqualTo(new PrepareOptions(KafkaCluster.open("k:1"), Topics.defaults(), Optional.empty(), false));
        assertThat(options.grantsRights()).isFalse();
        assertThat(PrepareOptions.parse(words("--kafka k:1 --rights")).grantsRights())
                .isTrue();
    }

    @Test
    void whoGetsAPasswordGetsRightsToo() throws UsageException {
        assertThat(PrepareOptions.parse(words("--kafka k:1 --users /u")).grantsRights())
                .isTrue();
    }

    @Test
    void getsIntoTheClusterAsAFileSays() throws Exception {
        Path config = file("security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-512\n");

        assertThat(PrepareOptions.parse(words("--kafka k:1 --partitions 3 --kafka-config " + config)))
                .isEqualTo(new PrepareOptions(
                        new KafkaCluster(
                                "k:1",
                                Map.of("security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "SCRAM-SHA-512")),
                        new Topics("flashsale.", 3),
                        Optional.empty(),
                        false));
    }

    @Test
    void refusesAFileThatIsAboutMoreThanSecurity() throws Exception {
        Path config = file("acks=0\n");

        assertThatThrownBy(() -> PrepareOptions.parse(words("--kafka k:1 --kafka-config " + config)))
                .isInstanceOf(UsageException.class)
                .hasMessage(config + " is not only about security: Expected Kafka settings that begin with security.,"
                        + " sasl. or ssl., but acks does not.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --rights                            | prepare needs --kafka HOST:PORT
                    --kafka k:1 --partitions 0          | --partitions must be a whole number from 1 to 1000, not 0
                    --kafka k:1 --kafka-config /no/file | --kafka-config must be a file of settings, but /no/file cannot be read
                    --kafka k:1 --fresh                 | There is no option --fresh
                    """)
    void saysInOneSentenceWhatIsWrong(String arguments, String sentence) {
        assertThatThrownBy(() -> PrepareOptions.parse(words(arguments)))
                .isInstanceOf(UsageException.class)
                .hasMessage(sentence);
    }

    @Test
    void aMissingOrEmptyPasswordIsSeenBeforeAnythingIsMade() throws Exception {
        // given: a cluster that does not exist, so that whoever asks it first fails otherwise
        List<String> arguments = words("--kafka no-such-host.invalid:9 --users " + folder);
        PrepareCommand command = new PrepareCommand(new PrintStream(PrintStream.nullOutputStream()));

        assertThatThrownBy(() -> command.run(arguments))
                .isInstanceOf(PipelineException.class)
                .hasMessageStartingWith("The password of ")
                .hasMessageContaining("cannot be read");

        for (String user : AccessRules.of(Topics.defaults()).keySet()) {
            Files.writeString(folder.resolve(user), "\n");
        }
        assertThatThrownBy(() -> command.run(arguments))
                .isInstanceOf(PipelineException.class)
                .hasMessageEndingWith("is empty.");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("client.properties"), text);
    }

    private static List<String> words(String line) {
        return List.of(line.trim().split(" +"));
    }
}
