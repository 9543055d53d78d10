package io.flashsale.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.contracts.KafkaCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpOptionsTest {

    @Test
    void hasADefaultForEverything() throws UsageException {
        assertThat(UpOptions.parse(List.of()))
                .isEqualTo(new UpOptions(8080, Optional.empty(), false, 1, 1, 1, 1, Optional.empty()));
    }

    @Test
    void takesEveryOptionInBothForms() throws UsageException {
        var expected = new UpOptions(
                9000, Optional.of(Path.of("/d")), true, 2, 3, 4, 1, Optional.of(KafkaCluster.open("a:1,b:2")));

        assertThat(UpOptions.parse(words("--port 9000 --data /d --fresh --inventory 2 --orders 3 --ingress 4"
                        + " --kafka a:1,b:2 --no-build")))
                .isEqualTo(expected);
        assertThat(UpOptions.parse(
                        words("--port=9000 --data=/d --fresh --inventory=2 --orders=3 --ingress=4 --kafka=a:1,b:2")))
                .isEqualTo(expected);
        assertThat(UpOptions.parse(words("--brokers 3")).brokers()).isEqualTo(3);
        assertThat(UpOptions.parse(words("--brokers=5")).brokers()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --prot 8080             | There is no option --prot
                    8080                    | There is no option 8080
                    --port                  | --port needs a value
                    --port=                 | --port needs a value
                    --port --fresh          | --port needs a value
                    --port x                | --port must be a whole number from 1 to 65535, not x
                    --port 0                | --port must be a whole number from 1 to 65535, not 0
                    --port 65536            | --port must be a whole number from 1 to 65535, not 65536
                    --port -1               | --port must be a whole number from 1 to 65535, not -1
                    --port 65535 --ingress 2| --port 65535 leaves no room for 2 ingress instances
                    --ingress 13            | --ingress must be a whole number from 1 to 12, not 13
                    --inventory 0           | --inventory must be a whole number from 1 to 12, not 0
                    --orders 1.5            | --orders must be a whole number from 1 to 12, not 1.5
                    --brokers 6             | --brokers must be a whole number from 1 to 5, not 6
                    --brokers 1 --kafka a:1 | --brokers starts brokers and --kafka uses others: choose one of the two
                    --fresh=yes             | --fresh takes no value
                    --no-build=1            | --no-build takes no value
                    --kafka localhost       | --kafka must be HOST:PORT, several separated by commas, not localhost
                    --kafka a:1,            | --kafka must be HOST:PORT, several separated by commas, not a:1,
                    --data                  | --data needs a value
                    --kafka-config /no/file | --kafka-config must be a file of settings, but /no/file cannot be read
                    """)
    void saysInOneSentenceWhatIsWrong(String arguments, String sentence) {
        assertThatThrownBy(() -> UpOptions.parse(words(arguments)))
                .isInstanceOf(UsageException.class)
                .hasMessage(sentence);
    }

    private static List<String> words(String line) {
        return List.of(line.trim().split(" +"));
    }
}
