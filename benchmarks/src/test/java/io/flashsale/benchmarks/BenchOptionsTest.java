package io.flashsale.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.local.UsageException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BenchOptionsTest {

    @Test
    void measuresEverythingWithADefaultForEverything() throws UsageException {
        assertThat(BenchOptions.parse(List.of()))
                .isEqualTo(new BenchOptions(
                        EnumSet.allOf(Part.class),
                        300_000,
                        3,
                        List.of(500, 1_000),
                        20,
                        60,
                        8,
                        256,
                        10_000_000,
                        EnumSet.allOf(ServerKind.class),
                        Optional.empty(),
                        Optional.empty()));
    }

    @ParameterizedTest
    @EnumSource(Part.class)
    void measuresWhatIsNamed(Part part) throws UsageException {
        assertThat(BenchOptions.parse(List.of(part.label())).parts()).containsExactly(part);
        assertThat(BenchOptions.parse(List.of(part.label(), "engine")).parts()).contains(part, Part.ENGINE);
    }

    @Test
    void takesEveryOptionInBothForms() throws UsageException {
        var expected = new BenchOptions(
                EnumSet.of(Part.ENGINE),
                1_000,
                1,
                List.of(50),
                2,
                0,
                3,
                7,
                2_000,
                EnumSet.of(ServerKind.REDIS_ALWAYS),
                Optional.of(Path.of("/r")),
                Optional.of(Path.of("/f")));

        assertThat(BenchOptions.parse(words("engine --commands 1000 --rounds 1 --rate 50 --seconds 2 --warmup 0"
                        + " --step 3 --connections 7 --holds 2000 --peer redis-always --report /r --json /f"
                        + " --no-build")))
                .isEqualTo(expected);
        assertThat(BenchOptions.parse(words("--commands=1000 --rounds=1 --rate=50 --seconds=2 --warmup=0"
                        + " --step=3 --connections=7 --holds=2000 --peer=redis-always --report=/r --json=/f engine")))
                .isEqualTo(expected);
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
                    --step 0         | --step must be a whole number from 1 to 3600, not 0
                    --holds 9        | --holds must be a whole number from 1000 to 100000000, not 9
                    --peer db2       | There is no peer db2
                    --report         | --report needs a value
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
