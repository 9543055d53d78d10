package io.flashsale.local.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.contracts.Json;
import io.flashsale.local.Main;
import io.flashsale.local.PipelineException;
import io.flashsale.local.SubCommand;
import io.flashsale.local.UsageException;
import io.flashsale.local.tools.FakeShop.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** {@code stress} against a shop that is a hundred lines, and may do it wrong. */
class StressTest {

    /** Where certainly no Kafka is: the port of echo, which needs a privileged server. */
    private static final String NO_KAFKA = "127.0.0.1:7";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void countsWhoGotSomethingAndWhoDidNot() throws IOException {
        try (FakeShop shop = new FakeShop(Fault.NONE)) {
            StressResult result = run(shop, "--buyers", "30", "--stock", "10");

            assertThat(result.accepted()).isEqualTo(10);
            assertThat(result.refused()).isEqualTo(Map.of("insufficient-stock", 20));
            assertThat(result.unknown()).isZero();
            assertThat(result.left()).isZero();
            assertThat(result.objections()).isEmpty();
        }
    }

    @Test
    void leavesWhatDoesNotFit() throws IOException {
        try (FakeShop shop = new FakeShop(Fault.NONE)) {
            StressResult result = run(shop, "--buyers", "10", "--stock", "10", "--quantity", "3");

            assertThat(result.accepted()).isEqualTo(3);
            assertThat(result.left()).isEqualTo(1);
            assertThat(result.objections()).isEmpty();
        }
    }

    @Test
    void ordersAndPays() throws IOException {
        try (FakeShop shop = new FakeShop(Fault.NONE)) {
            StressResult result = run(shop, "--buyers", "8", "--stock", "5", "--payments");

            assertThat(result.paid()).isEqualTo(5);
            assertThat(result.sold()).isEqualTo(5);
            assertThat(result.reserved()).isZero();
            assertThat(result.objections()).isEmpty();
        }
    }

    @Test
    void asksAgainUnderTheSameKeyWhereTheAnswerWasLost() throws IOException {
        try (FakeShop shop = new FakeShop(Fault.LOSES_FIRST_ANSWERS)) {
            StressResult result = run(shop, "--buyers", "6", "--stock", "4", "--payments");

            assertThat(result.accepted()).isEqualTo(4);
            assertThat(result.unknown()).isZero();
            assertThat(result.objections()).isEmpty();
        }
    }

    @Test
    void allowsForWhatNobodyKnows() throws IOException {
        try (FakeShop shop = new FakeShop(Fault.NEVER_DECIDES)) {
            StressResult result = run(shop, "--buyers", "3", "--stock", "2");

            assertThat(result.unknown()).isEqualTo(3);
            assertThat(result.objections()).isEmpty();
            assertThat(result.verdict()).isEqualTo(StressResult.Verdict.INCONCLUSIVE);
            assertThat(result.lines())
                    .last()
                    .asString()
                    .startsWith("Inconclusive: 3 buyers never got a decision (3 × 202)");
        }
    }

    @Test
    void asksAgainWhereALimitHidesADecision() throws IOException {
        try (FakeShop shop = new FakeShop(Fault.LOSES_FIRST_ANSWERS_AND_LIMITS)) {
            StressResult result = run(shop, "--buyers", "6", "--stock", "4", "--payments");

            assertThat(result.accepted()).isEqualTo(4);
            assertThat(result.refused()).isEqualTo(Map.of("insufficient-stock", 2));
            assertThat(result.verdict()).isEqualTo(StressResult.Verdict.EXACT);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            7                             | 7000
            3600                          | 20000
            0                             | 40
            Fri, 20 Nov 2026 11:00:00 GMT | 40
            """)
    void comesBackWhenItIsToldToWithinReason(String retryAfter, long pauseMs) throws IOException {
        // given: an answer that is lost, then a limit
        try (FakeShop shop = new FakeShop(Fault.LOSES_FIRST_ANSWERS_AND_LIMITS);
                Shop client = new Shop(shop.url())) {
            shop.put("lamp", 1, 1, 0, 0, 0);
            shop.retryAfter = retryAfter;
            HandClock clock = new HandClock(Duration.ofMillis(1));

            Buyer.Result result = new Buyer(client, Secrets.of(Map.of()), clock, "buyer").hold("lamp", 1);

            assertThat(result.end()).isEqualTo(Buyer.End.ACCEPTED);
            assertThat(clock.nanoTime())
                    .isEqualTo(Duration.ofMillis(20 + pauseMs).toNanos());
        }
    }

    @Test
    void doesNotCallItARaceIfMostWereLimited() throws IOException {
        try (FakeShop shop = new FakeShop(Fault.LIMITS_ALL_BUT_ONE)) {
            StressResult result = run(shop, "--buyers", "5", "--stock", "2");

            assertThat(result.accepted()).isEqualTo(1);
            assertThat(result.objections()).isEmpty();
            assertThat(result.verdict()).isEqualTo(StressResult.Verdict.INCONCLUSIVE);
            assertThat(result.lines())
                    .last()
                    .isEqualTo("Inconclusive: 4 buyers never got a decision (4 × rate-limited);"
                            + " nothing contradicts the others.");
        }
    }

    @Test
    void doesNotCallItARaceIfSomeWereRefusedForAnotherReason() throws IOException {
        try (FakeShop shop = new FakeShop(Fault.REFUSES_FOR_ANOTHER_REASON)) {
            StressResult result = run(shop, "--buyers", "5", "--stock", "2");

            assertThat(result.objections()).isEmpty();
            assertThat(result.verdict()).isEqualTo(StressResult.Verdict.INCONCLUSIVE);
            assertThat(result.lines())
                    .last()
                    .isEqualTo("Inconclusive: 5 buyers were refused, but not for lack of stock (5 × limit-exceeded):"
                            + " they did not race.");
        }
    }

    @Test
    void doesNotCallItExactIfAPaymentHasNoEnd() throws IOException {
        try (FakeShop shop = new FakeShop(Fault.NEVER_DECIDES_PAYMENTS)) {
            StressResult result = run(shop, "--buyers", "5", "--stock", "2", "--payments");

            assertThat(result.objections()).isEmpty();
            assertThat(result.verdict()).isEqualTo(StressResult.Verdict.INCONCLUSIVE);
            assertThat(result.lines())
                    .last()
                    .isEqualTo("Inconclusive: 2 buyers who got a hold have not paid (2 × kafka-unavailable).");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            OVERSELLS        |            | Oversold: 12 × 1 were accepted, but there were only 5.
            LEAKS            |            | Units do not add up: 4 × 1 accepted and 0 left are not 5.
            REFUSES_TOO_MUCH |            | 12 were refused for lack of stock, but 5 are left.
            FORGETS_SALES    | --payments | 5 × 1 were paid, but 0 are sold.
            """)
    void findsWhatIsWrong(Fault fault, String option, String sentence) throws IOException {
        try (FakeShop shop = new FakeShop(fault)) {
            String more = option == null ? "--buyers=12" : option;
            StressResult result = run(shop, "--buyers", "12", "--stock", "5", more);

            assertThat(result.objections()).contains(sentence);
            assertThat(result.lines()).contains(sentence).noneMatch(line -> line.startsWith("Exact"));
        }
    }

    @Test
    void endsWithOneForAnOversale() throws IOException {
        try (FakeShop shop = new FakeShop(Fault.OVERSELLS)) {
            int exitCode =
                    command("--url", shop.url(), "--kafka", NO_KAFKA, "--buyers", "4", "--stock", "2", "--payments");

            assertThat(exitCode).isEqualTo(1);
            assertThat(out.toString()).contains("Oversold: 4 × 1 were accepted, but there were only 2.");
        }
    }

    @Test
    void showsAResultThatComesOut() throws IOException {
        try (FakeShop shop = new FakeShop(Fault.NONE)) {
            int exitCode = command("--url", shop.url(), "--kafka", NO_KAFKA, "--buyers", "4", "--stock", "2");

            assertThat(exitCode).isZero();
            assertThat(out.toString())
                    .contains("4 buyers at once for 2 units of stress-")
                    .contains("accepted                           2")
                    .contains("refused: insufficient-stock        2")
                    .contains("The events were not checked: no Kafka answers at " + NO_KAFKA + ".")
                    .endsWith("Exact: 2 × 1 accepted + 0 left = 2.\n");
            assertThat(out.toString().lines()).allMatch(line -> line.length() <= 100);
        }
    }

    @Test
    void printsOneJsonObject() throws IOException {
        try (FakeShop shop = new FakeShop(Fault.NONE)) {
            command("--url", shop.url(), "--kafka", NO_KAFKA, "--buyers", "4", "--stock", "2", "--json");

            JsonNode json = Json.MAPPER.readTree(out.toString());
            assertThat(json.get("verdict").asString()).isEqualTo("exact");
            assertThat(json.get("accepted").asInt()).isEqualTo(2);
            assertThat(json.get("refused").get("insufficient-stock").asInt()).isEqualTo(2);
        }
    }

    @Test
    void saysThatTheKeyIsWrong() throws IOException {
        try (FakeShop shop = new FakeShop(Fault.REFUSES_THE_KEY)) {
            assertThatThrownBy(() -> run(shop))
                    .isInstanceOf(PipelineException.class)
                    .hasMessage("The pipeline refuses the admin key: set FLASHSALE_ADMIN_KEY to its own.");
        }
    }

    @Test
    void saysThatNobodyIsThere() throws IOException {
        String url;
        try (FakeShop shop = new FakeShop(Fault.NONE)) {
            url = shop.url();
        }

        assertThat(command("--url", url)).isEqualTo(1);
        assertThat(err.toString())
                .isEqualTo("flashsale: No pipeline answers at " + url
                        + ": start one with ./flashsale up, or say with --url or --data where it is.\n");
    }

    @Test
    void takesTheNearestRankAsPercentile() {
        long[] nanos = LongStream.rangeClosed(1, 200).map(ms -> ms * 1_000_000).toArray();

        assertThat(Stress.percentile(nanos, 50)).isEqualTo(100);
        assertThat(Stress.percentile(nanos, 99)).isEqualTo(198);
        assertThat(Stress.percentile(new long[] {3_000_000}, 99)).isEqualTo(3);
        assertThat(Stress.percentile(new long[0], 50)).isZero();
    }

    private StressResult run(FakeShop shop, String... arguments) {
        try (Shop client = new Shop(shop.url())) {
            return new Stress(
                            client,
                            Secrets.of(Map.of()),
                            new HandClock(),
                            StressOptions.parse(List.of(arguments)),
                            "stress-1")
                    .run(id -> {
                        throw new PipelineException("there is no Kafka.");
                    });
        } catch (UsageException wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }

    private int command(String... arguments) {
        var commands = Map.<String, SubCommand>of("stress", new StressCommand(Map.of(), new PrintStream(out)));
        List<String> all = new ArrayList<>(List.of("stress"));
        all.addAll(List.of(arguments));
        return new Main(commands, new PrintStream(err)).run(all);
    }
}
