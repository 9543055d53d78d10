package io.flashsale.local.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.contracts.KafkaCluster;
import io.flashsale.local.SubCommand;
import io.flashsale.local.UsageException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

    private static final String HOLD = "h_q0RmmGvx1HVxm-KIysphamxhbXA";

    @TempDir
    Path folder;

    @Test
    void verifyHasADefaultForEverything() throws UsageException {
        VerifyOptions options = VerifyOptions.parse(List.of());

        assertThat(options.product()).isEmpty();
        assertThat(options.patience()).isEqualTo(Duration.ofSeconds(20));
        assertThat(options.json()).isFalse();
    }

    @Test
    void verifyTakesItsOptions() throws UsageException {
        VerifyOptions options =
                VerifyOptions.parse(words("--product lamp --wait=5 --json --url http://h:1/ --kafka k:2 --no-build"));

        assertThat(options.product()).isEqualTo(Optional.of("lamp"));
        assertThat(options.patience()).isEqualTo(Duration.ofSeconds(5));
        assertThat(options.json()).isTrue();
        assertThat(options.where().target()).isEqualTo(new Target("http://h:1", KafkaCluster.open("k:2")));
    }

    @Test
    void stressHasTheClassicalDefaults() throws UsageException {
        StressOptions options = StressOptions.parse(List.of());

        assertThat(options.buyers()).isEqualTo(30);
        assertThat(options.stock()).isEqualTo(10);
        assertThat(options.quantity()).isEqualTo(1);
        assertThat(options.payments()).isFalse();
        assertThat(StressOptions.parse(words("--buyers 5 --stock 0 --quantity 2 --payments")))
                .extracting(
                        StressOptions::buyers, StressOptions::stock, StressOptions::quantity, StressOptions::payments)
                .containsExactly(5, 0, 2, true);
    }

    @Test
    void aHoldAndItsOrderAreOneStory() throws UsageException {
        String order = HOLD.replace("h_", "o_");
        var ofHold = HistoryOptions.parse(words("--hold " + HOLD)).subject();
        var ofOrder = HistoryOptions.parse(words("--limit 7 --order " + order)).subject();

        assertThat(ofHold.productId()).isEqualTo(ofOrder.productId()).isEqualTo("lamp");
        assertThat(ofHold.concerns(order)).isTrue();
        assertThat(ofOrder.concerns(HOLD)).isTrue();
        assertThat(ofHold.concerns("")).isFalse();
        assertThat(ofHold.concerns("h_other")).isFalse();
    }

    @Test
    void deadLettersAreShownTenAtATimeUnlessMoreAreWanted() throws UsageException {
        DeadLettersOptions options = DeadLettersOptions.parse(List.of());

        assertThat(options.limit()).isEqualTo(10);
        assertThat(options.json()).isFalse();
        assertThat(DeadLettersOptions.parse(words("--limit=0 --json --kafka k:2")))
                .extracting(DeadLettersOptions::limit, DeadLettersOptions::json)
                .containsExactly(0, true);
    }

    @Test
    void aReplayIsOfOneReason() throws UsageException {
        DeadLettersOptions options =
                DeadLettersOptions.parse(words("--replay --reason wrong-partition --topic hold-commands"));

        assertThat(options.replay()).isTrue();
        assertThat(options.selection())
                .isEqualTo(new Selection(Optional.of("wrong-partition"), Optional.of("hold-commands")));
        // What is only shown may come from anywhere.
        assertThat(DeadLettersOptions.parse(words("--topic order-events")).replay())
                .isFalse();
    }

    @Test
    void lagIsOfWholeTopicsAndOnceUnlessMoreIsWanted() throws UsageException {
        assertThat(LagOptions.parse(List.of()))
                .extracting(LagOptions::partitions, LagOptions::watch, LagOptions::json)
                .containsExactly(false, false, false);
        assertThat(LagOptions.parse(words("--partitions --watch --json")))
                .extracting(LagOptions::partitions, LagOptions::watch, LagOptions::json)
                .containsExactly(true, true, true);
    }

    @Test
    void aProductsStoryIsEverybodys() throws UsageException {
        HistoryOptions options = HistoryOptions.parse(words("--product lamp"));

        assertThat(options.limit()).isEqualTo(100);
        assertThat(options.subject().concerns("")).isTrue();
        assertThat(options.subject().concerns(HOLD)).isTrue();
    }

    @Test
    void whereNothingIsSaidAndNothingRunsTheDefaultsAreUps() throws UsageException {
        assertThat(VerifyOptions.parse(words("--data " + folder)).where().target())
                .isEqualTo(new Target("http://localhost:8080", KafkaCluster.open("127.0.0.1:9092")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            verify  | --prot 1                | There is no option --prot
            verify  | lamp                    | There is no option lamp
            verify  | --product a/b           | --product must be 1 to 64 characters of A-Z a-z 0-9 . _ -, not a/b
            verify  | --wait 0                | --wait must be a whole number from 1 to 3600, not 0
            verify  | --json=1                | --json takes no value
            verify  | --kafka localhost       | --kafka must be HOST:PORT, several separated by commas, not localhost
            verify  | --url localhost:8080    | --url must be a URL like http://localhost:8080, not localhost:8080
            verify  | --url ftp://h           | --url must be a URL like http://localhost:8080, not ftp://h
            verify  | --url                   | --url needs a value
            history |                         | Whose history? One of --product, --hold and --order is needed
            history | --hold 1                | --hold must be the id of a hold, not 1
            history | --order h_q0RmmGvx1HVxm-KIysphamxhbXA | --order must be the id of an order, not h_q0RmmGvx1HVxm-KIysphamxhbXA
            history | --product a --product b | There is one story at a time: one of --product, --hold and --order
            history | --product a --limit 0   | --limit must be a whole number from 1 to 100000, not 0
            history | --json                  | There is no option --json
            dead-letters | --limit 10001      | --limit must be a whole number from 0 to 10000, not 10001
            dead-letters | --product a        | There is no option --product
            dead-letters | --replay           | --replay needs --reason: only what was mended can be decided now
            dead-letters | --replay --reason r --topic order-events | --topic must be one of product-commands, hold-commands, order-commands, webhook-commands to be replayed to, not order-events
            topics  | --product a             | There is no option --product
            products | --limit 1              | There is no option --limit
            lag     | --watch 3               | There is no option 3
            lag     | --product a             | There is no option --product
            owners  | --product a/b           | --product must be 1 to 64 characters of A-Z a-z 0-9 . _ -, not a/b
            owners  | --hold 1                | There is no option --hold
            stress  | --buyers 0              | --buyers must be a whole number from 1 to 5000, not 0
            stress  | --buyers 5001           | --buyers must be a whole number from 1 to 5000, not 5001
            stress  | --stock -1              | --stock must be a whole number from 0 to 1000000, not -1
            stress  | --quantity 0            | --quantity must be a whole number from 1 to 1000000, not 0
            stress  | --product a             | There is no option --product
            demo    | --json                  | There is no option --json
            """)
    void saysInOneSentenceWhatIsWrong(String name, String arguments, String sentence) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        Map<String, SubCommand> commands = Map.of(
                "verify", new VerifyCommand(nowhere),
                "history", new HistoryCommand(nowhere),
                "dead-letters", new DeadLettersCommand(nowhere),
                "products", new ProductsCommand(nowhere),
                "topics", new TopicsCommand(nowhere),
                "lag", new LagCommand(InstantSource.system(), nowhere),
                "owners", new OwnersCommand(nowhere),
                "stress", new StressCommand(Map.of(), nowhere),
                "demo", new DemoCommand(Map.of(), nowhere));

        assertThatThrownBy(() -> commands.get(name).run(words(arguments == null ? "" : arguments)))
                .isInstanceOf(UsageException.class)
                .hasMessage(sentence);
    }

    private static List<String> words(String line) {
        return line.isBlank() ? List.of() : List.of(line.trim().split(" +"));
    }
}
