package io.flashsale.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.contracts.Samples.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;

/**
 * Each message stands in a file as others write and read it. A file of a released version is never changed, only added
 * to: it keeps old records readable. A new message needs a line in {@link Samples} and the file that the failing test
 * prints.
 */
class GoldenMessagesTest {

    static List<Sample> samples() {
        return Samples.all();
    }

    static List<Sample> commands() {
        return Samples.commands();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aMessageIsWrittenExactlyAsItsFileSays(Sample sample) {
        assertThat(Json.MAPPER.writerFor(sample.family()).writeValueAsString(sample.message()))
                .isEqualTo(Samples.golden(sample.file()));
        assertThat(Json.MAPPER.writeValueAsString(sample.message())).isEqualTo(Samples.golden(sample.file()));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aFileIsReadAsItsMessage(Sample sample) {
        assertThat(Json.MAPPER.readValue(Samples.golden(sample.file()), sample.family()))
                .isEqualTo(sample.message());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aFieldOfALaterVersionIsIgnored(Sample sample) {
        String later = Samples.golden(sample.file()).replaceFirst("}$", ",\"of_a_later_version\":{\"deep\":[1]}}");
        assertThat(Json.MAPPER.readValue(later, sample.family())).isEqualTo(sample.message());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandIsReadFieldByFieldAsItWasWritten(Sample sample) throws UnreadableException {
        byte[] value = Samples.golden(sample.file()).getBytes(StandardCharsets.UTF_8);
        assertThat(read(sample.family(), value)).isEqualTo(sample.message());
    }

    @Test
    void everyMessageHasASampleAndEverySampleAFile() {
        Set<String> messages = Stream.of(Samples.messages(), Samples.PARTS)
                .flatMap(List::stream)
                .map(Class::getSimpleName)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(samples().stream().map(Sample::file).filter(file -> !file.endsWith("-minimal")))
                .containsExactlyInAnyOrderElementsOf(messages);
        assertThat(files())
                .containsExactlyInAnyOrderElementsOf(
                        samples().stream().map(Sample::file).toList());
    }

    @Test
    void everyMessageOfAnApplicationsInputHasAFamily() {
        Set<Class<?>> families = Stream.of(Command.class, InventoryInput.class, OrderInput.class)
                .flatMap(family -> Arrays.stream(family.getPermittedSubclasses()))
                .collect(Collectors.toSet());
        assertThat(Samples.FAMILIES).containsAll(families);
    }

    @Test
    void whatMayBeAbsentIsAbsentInAMinimalMessage() {
        for (Sample sample : samples()) {
            if (sample.file().endsWith("-minimal")) {
                assertThat(Samples.golden(sample.file())).doesNotContain("null");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(RefusalCode.class)
    void aRefusalsCodeIsItsText(RefusalCode code) {
        String json = Json.MAPPER.writeValueAsString(code);
        assertThat(json).isEqualTo("\"" + code.name().toLowerCase(Locale.ROOT).replace('_', '-') + "\"");
        assertThat(Json.MAPPER.readValue(json, RefusalCode.class)).isEqualTo(code);
    }

    @Test
    void whatIsNoMessageIsRefused() {
        for (String json : List.of(
                "{\"type\":\"NoSuchEvent\",\"product_id\":\"p\"}",
                "{\"product_id\":\"p\"}",
                "{\"type\":\"OrderPaid\",\"type\":\"OrderPaid\"}",
                Samples.golden("StockSold") + "{}",
                "[]",
                "")) {
            assertThatThrownBy(() -> Json.MAPPER.readValue(json, InventoryEvent.class))
                    .as(json)
                    .isInstanceOf(JacksonException.class);
        }
        assertThatThrownBy(() -> Json.MAPPER.readValue("\"no-such-code\"", RefusalCode.class))
                .isInstanceOf(JacksonException.class);
    }

    static Command read(Class<?> family, byte[] value) throws UnreadableException {
        if (family == ProductCommand.class) {
            return CommandReader.productCommand(value);
        }
        if (family == HoldCommand.class) {
            return CommandReader.holdCommand(value);
        }
        return family == OrderCommand.class ? CommandReader.orderCommand(value) : CommandReader.webhookCommand(value);
    }

    private static List<String> files() {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/golden"))) {
            return files.map(file -> file.getFileName().toString().replace(".json", ""))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
