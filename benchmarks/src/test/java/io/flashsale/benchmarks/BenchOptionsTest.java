package io.flashsale.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.local.UsageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchOptionsTest {

    @Test
    void measuresBothWithADefaultForEverything() throws UsageException {
        assertThat(BenchOptions.parse(List.of()))
                .isEqualTo(new BenchOptions(true, true, 300_000, 3, 500, 20, 60, 256, Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({"engine, true, false", "http, false, true", "engine http, true, true"})
    void measuresWhatIsNamed(String arguments, boolean engine, boolean http) throws UsageException {
        BenchOptions options = BenchOptions.parse(words(arguments));

        assertThat(options.engine()).isEqualTo(engine);
        assertThat(options.http()).isEqualTo(http);
    }

    @Test
    void takesEveryOptionInBothForms() throws UsageException {
        var expected = new BenchOptions(true, false, 1_000, 1, 50, 2, 0, 7, Optional.of(Path.of("/f")));

        assertThat(BenchOptions.parse(words("engine --commands 1000 --rounds 1 --rate 50 --seconds 2 --warmup 0"
                        + " --connections 7 --json /f --no-build")))
                .isEqualTo(expected);
        assertThat(
                        BenchOptions.parse(
                                words(
                                        "--commands=1000 --rounds=1 --rate=50 --seconds=2 --warmup=0 --connections=7 --json=/f engine")))
                .isEqualTo(expected);
    }

    @Test
    void usesNoMoreConnectionsThanThereAreCallsInASecond() throws UsageException {
        assertThat(BenchOptions.parse(words("--rate 5")).connections()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --comands 5      | There is no option --comands
                    engines          | There is no benchmark engines
                    --commands 999   | --commands must be a whole number from 1000 to 10000000, not 999
                    --rounds 0       | --rounds must be a whole number from 1 to 100, not 0
                    --rate 1.5       | --rate must be a whole number from 1 to 20000, not 1.5
                    --seconds -1     | --seconds must be a whole number from 1 to 3600, not -1
                    --warmup x       | --warmup must be a whole number from 0 to 3600, not x
                    --connections 0  | --connections must be a whole number from 1 to 1000, not 0
                    --json           | --json needs a value
                    --json --rate    | --json needs a value
                    --rate=          | --rate needs a value
                    --no-build=1     | --no-build takes no value
                    """)
    void saysInOneSentenceWhatIsWrong(String arguments, String sentence) {
        assertThatThrownBy(() -> BenchOptions.parse(words(arguments)))
                .isInstanceOf(UsageException.class)
                .hasMessage(sentence);
    }

    private static List<String> words(String line) {
        return List.of(line.trim().split(" +"));
    }
}
