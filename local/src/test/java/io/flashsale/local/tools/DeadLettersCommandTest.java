package io.flashsale.local.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DeadLettersCommandTest {

    private static final Instant NINE = Instant.parse("2026-11-20T09:00:00Z");

    private final FakeKafka kafka = new FakeKafka();

    @Test
    void countsByReasonAndTopicAndShowsTheLatestInTheirOrder() {
        letter(2, NINE.plusSeconds(2), "lamp", "not-json", "hold-commands", 7, "line 1, column 2 is not valid JSON");
        letter(0, NINE, null, "wrong-partition", "order-commands", 1, "there is none");
        letter(1, NINE.plusMillis(1_500), "lamp", "not-json", "hold-commands", 3, "it is not valid JSON");

        assertThat(read(2).lines())
                .containsExactly(
                        "reason            topic            records   first                 last",
                        "---------------   --------------   -------   -------------------   -------------------",
                        "not-json          hold-commands          2   2026-11-20 09:00:01   2026-11-20 09:00:02",
                        "wrong-partition   order-commands         1   2026-11-20 09:00:00   2026-11-20 09:00:00",
                        "",
                        "3 dead letters. The latest 2:",
                        "",
                        "2026-11-20 09:00:01.500  hold-commands-1@3  not-json  key \"lamp\"",
                        "    it is not valid JSON",
                        "",
                        "2026-11-20 09:00:02.000  hold-commands-2@7  not-json  key \"lamp\"",
                        "    line 1, column 2 is not valid JSON");
    }

    @Test
    void saysThatThereAreNone() {
        assertThat(read(10).lines()).containsExactly("No dead letters.");
    }

    @Test
    void showsNoneOneByOneIfNobodyWantsTo() {
        letter(0, NINE, "lamp", "not-json", "hold-commands", 0, "x");

        assertThat(read(0).lines()).last().isEqualTo("1 dead letter.");
    }

    @Test
    void whatAProducerWroteDoesNothingToTheTerminal() {
        letter(0, NINE, "a\u001b[31m\r\nb\u202e\"", "not-json", "hold-commands", 0, "type \u0007\u0085.");

        assertThat(read(1).lines())
                .contains(
                        "2026-11-20 09:00:00.000  hold-commands-0@0  not-json  key \"a\\u{1b}[31m\\u{d}\\u{a}b\\u{202e}\\\"\"",
                        "    type \\u{7}\\u{85}.");
        assertThat(read(1).lines()).allMatch(line -> line.chars().noneMatch(Character::isISOControl));
    }

    @Test
    void tellsNoKeyFromAnEmptyOne() {
        letter(0, NINE, null, "wrong-partition", "hold-commands", 0, "x");
        letter(0, NINE.plusSeconds(1), "", "wrong-partition", "hold-commands", 1, "x");

        assertThat(read(2).lines())
                .anyMatch(line -> line.endsWith("@0  wrong-partition  no key"))
                .anyMatch(line -> line.endsWith("@1  wrong-partition  key \"\""));
    }

    @Test
    void aRecordThatIsNoDeadLetterIsCountedAsUnknown() {
        kafka.appendWithHeaders("dead-letters", 0, null, NINE, Map.of());

        assertThat(read(1).lines()).anyMatch(line -> line.startsWith("unknown"));
    }

    @Test
    void howManyKindsThereAreIsBounded() {
        IntStream.range(0, 300).forEach(number -> letter(0, NINE, "k", "reason-" + number, "t", number, "x"));

        List<String> lines = read(0).lines();

        assertThat(lines).hasSizeLessThan(210).anyMatch(line -> line.matches("unknown +unknown +100 .*"));
        assertThat(lines).last().isEqualTo("300 dead letters.");
    }

    @Test
    void showsOnlyWhatIsAskedFor() {
        letter(0, NINE, "lamp", "not-json", "hold-commands", 1, "x");
        letter(0, NINE, "lamp", "not-json", "order-commands", 2, "x");
        letter(0, NINE, "lamp", "wrong-partition", "hold-commands", 3, "x");

        assertThat(read(new Selection(Optional.of("not-json"), Optional.empty()), 0)
                        .lines())
                .last()
                .isEqualTo("2 dead letters.");
        assertThat(read(new Selection(Optional.of("not-json"), Optional.of("hold-commands")), 5)
                        .lines())
                .contains("1 dead letter. The latest 1:")
                .anyMatch(line -> line.contains("hold-commands-0@1"));
        assertThat(read(new Selection(Optional.empty(), Optional.of("hold-commands")), 0)
                        .lines())
                .last()
                .isEqualTo("2 dead letters.");
    }

    @Test
    void tellsAProgramTheSame() {
        letter(1, NINE, "lamp\n", "not-json", "hold-commands", 3, "it is not valid JSON");
        letter(0, NINE.plusSeconds(1), null, "wrong-partition", "hold-commands", 4, "x");

        JsonNode document =
                Json.readTree(Json.MAPPER.writeValueAsString(read(9).document()).getBytes(StandardCharsets.UTF_8));

        assertThat(document.get("dead_letters").asInt()).isEqualTo(2);
        assertThat(document.get("reasons").get(0).toString())
                .isEqualTo("{\"reason\":\"not-json\",\"topic\":\"hold-commands\",\"records\":1,"
                        + "\"first\":\"2026-11-20T09:00:00Z\",\"last\":\"2026-11-20T09:00:00Z\"}");
        assertThat(document.get("latest").get(0).toString())
                .isEqualTo("{\"time\":\"2026-11-20T09:00:00Z\",\"reason\":\"not-json\",\"topic\":\"hold-commands\","
                        + "\"partition\":1,\"offset\":3,\"key\":\"lamp\\\\u{a}\","
                        + "\"detail\":\"it is not valid JSON\"}");
        assertThat(document.get("latest").get(1).has("key")).isFalse();
    }

    private DeadLetters read(int limit) {
        return read(new Selection(Optional.empty(), Optional.empty()), limit);
    }

    private DeadLetters read(Selection selection, int limit) {
        return DeadLettersCommand.read(kafka.reader(), Topics.DEFAULT_PREFIX, selection, limit);
    }

    private void letter(
            int partition, Instant time, String key, String reason, String topic, long offset, String detail) {
        kafka.appendWithHeaders(
                "dead-letters",
                partition,
                key,
                time,
                Map.of(
                        "dead_letter_reason",
                        reason,
                        "dead_letter_topic",
                        "flashsale." + topic,
                        "dead_letter_partition",
                        Integer.toString(partition),
                        "dead_letter_offset",
                        Long.toString(offset),
                        "dead_letter_detail",
                        detail));
    }
}
