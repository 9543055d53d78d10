package io.flashsale.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.flashsale.contracts.Samples.Sample;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Each message's schema says what its record says: no field more, none less, none required that may be absent. */
class SchemasTest {

    private static final Set<String> SHARED =
            Set.of("fields", "command-fields", "command-headers", "event-headers", "dead-letter-headers");

    static List<Sample> samples() {
        return Samples.all();
    }

    static List<Class<?>> records() {
        return Stream.of(Samples.messages(), Samples.PARTS)
                .flatMap(List::stream)
                .toList();
    }

    /** All but commands: what the pipeline writes, and so knows the form of. */
    static List<Class<?>> written() {
        return records().stream()
                .filter(type -> !Command.class.isAssignableFrom(type))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aGoldenFileFitsItsSchema(Sample sample) {
        String schema = sample.message().getClass().getSimpleName();
        assertThat(PublishedContract.errors(schema, Samples.golden(sample.file())))
                .isEmpty();
    }

    @Test
    void everyMessageHasASchemaAndEverySchemaAMessage() {
        assertThat(PublishedContract.schemas())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(records().stream().map(Class::getSimpleName), SHARED.stream())
                                .toList());
    }

    @ParameterizedTest
    @MethodSource("records")
    void aSchemasFieldsAreThoseOfItsRecord(Class<?> type) {
        JsonNode schema = PublishedContract.schema(type.getSimpleName());
        Set<String> fields = new TreeSet<>();
        Set<String> required = new TreeSet<>();
        if (isTyped(type)) {
            fields.add("type");
            required.add("type");
            assertThat(schema.at("/properties/type/const").asString()).isEqualTo(type.getSimpleName());
        }
        for (RecordComponent component : components(type)) {
            fields.add(nameOf(component));
            if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                required.add(nameOf(component));
            }
        }

        assertThat(schema.get("title").asString()).isEqualTo(type.getSimpleName());
        assertThat(schema.get("properties").propertyNames()).containsExactlyInAnyOrderElementsOf(fields);
        assertThat(schema.get("required").valueStream().map(JsonNode::asString))
                .containsExactlyInAnyOrderElementsOf(required);
        assertThat(schema.has("additionalProperties"))
                .as("fields may be added later")
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("written")
    void aWrittenFieldHasTheTypeOfItsComponent(Class<?> type) {
        JsonNode schema = PublishedContract.schema(type.getSimpleName());
        for (RecordComponent component : components(type)) {
            JsonNode field = followed(schema, schema.get("properties").get(nameOf(component)));
            assertThat(formOf(field)).as(nameOf(component)).isEqualTo(formOf(component.getType()));
        }
    }

    @Test
    void aTypeThatDoesNotFitIsSeen() {
        String text = Samples.golden("StockSold").replace("\"quantity\":2", "\"quantity\":\"2\"");
        assertThat(PublishedContract.errors("StockSold", text)).isNotEmpty();
        String nothing = Samples.golden("StockSold").replace("\"quantity\":2", "\"quantity\":null");
        assertThat(PublishedContract.errors("StockSold", nothing)).isNotEmpty();
        String local = Samples.golden("SoldOut").replace("123Z", "123+01:00");
        assertThat(PublishedContract.errors("SoldOut", local)).isNotEmpty();
        String inner = Samples.golden("Refused").replace("insufficient-stock", "no-such-code");
        assertThat(PublishedContract.errors("Refused", inner)).isNotEmpty();
        String code = Samples.golden("PaymentAnswer").replace("payment-mismatch", "no-such-code");
        assertThat(PublishedContract.errors("PaymentAnswer", code)).isNotEmpty();
        String twice = Samples.golden("PaymentAnswer").replace("payment-mismatch", "duplicate-payment");
        assertThat(PublishedContract.errors("PaymentAnswer", twice)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(RefusalCode.class)
    void everyRefusalMayBeTheReasonOfADeadLetter(RefusalCode code) {
        String headers = """
                {"dead_letter_reason":"%s","dead_letter_detail":"d","dead_letter_topic":"t",\
                "dead_letter_partition":"0","dead_letter_offset":"0"}""";
        assertThat(PublishedContract.errors("dead-letter-headers", headers.formatted(code.code())))
                .isEmpty();
        assertThat(PublishedContract.errors("dead-letter-headers", headers.formatted("no-such-code")))
                .isNotEmpty();
    }

    @Test
    void theHeadersOfACommandAreThoseOfReplyToAndOfItsTrace() {
        RecordHeaders headers = new RecordHeaders();
        new ReplyTo("c", 0).writeTo(headers);
        List<String> names =
                Arrays.stream(headers.toArray()).map(header -> header.key()).toList();

        assertThat(PublishedContract.schema("command-headers").get("properties").propertyNames())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(names.stream(), Stream.of("traceparent", "tracestate"))
                                .toList());
        assertThat(PublishedContract.schema("event-headers").get("properties").propertyNames())
                .containsAll(names);
        assertThat(PublishedContract.errors("command-headers", "{}")).isEmpty();
        assertThat(PublishedContract.errors("command-headers", "{\"reply_correlation_id\":\"c\"}"))
                .isNotEmpty();
        assertThat(PublishedContract.schema("command-headers")
                        .at("/properties/reply_correlation_id/maxLength")
                        .asInt())
                .isEqualTo(ReplyTo.MAX_CORRELATION_ID_LENGTH);
    }

    private static boolean isTyped(Class<?> type) {
        return Arrays.stream(type.getInterfaces()).anyMatch(family -> family.isAnnotationPresent(JsonTypeInfo.class));
    }

    private static List<RecordComponent> components(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .flatMap(component -> component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)
                        ? components(component.getType()).stream()
                        : Stream.of(component))
                .toList();
    }

    private static String nameOf(RecordComponent component) {
        return component.getName().replaceAll("[A-Z]", "_$0").toLowerCase(Locale.ROOT);
    }

    private static JsonNode followed(JsonNode document, JsonNode field) {
        return field.has("$ref")
                ? PublishedContract.resolve(document, field.get("$ref").asString())
                : field;
    }

    private static String formOf(JsonNode field) {
        // An enum that has a type beside it is a String in Java.
        if (field.has("enum") && !field.has("type")) {
            return "one of " + field.get("enum");
        }
        return switch (field.get("type").asString()) {
            case "object" -> field.get("title").asString();
            case "integer" -> "integer up to " + field.get("maximum");
            case "string" -> field.path("format").asString("string");
            default -> field.get("type").asString();
        };
    }

    private static String formOf(Class<?> type) {
        if (type.isEnum()) {
            return "one of " + Json.MAPPER.valueToTree(type.getEnumConstants());
        }
        if (type == int.class || type == Integer.class) {
            return "integer up to " + Integer.MAX_VALUE;
        }
        if (type == long.class) {
            return "integer up to " + Long.MAX_VALUE;
        }
        if (type == boolean.class || type == Boolean.class) {
            return "boolean";
        }
        if (type == BigDecimal.class) {
            return "number";
        }
        if (type == Instant.class) {
            return "date-time";
        }
        return type == String.class ? "string" : type.getSimpleName();
    }
}
