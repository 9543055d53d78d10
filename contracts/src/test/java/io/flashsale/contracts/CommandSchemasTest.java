package io.flashsale.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.Samples.Sample;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.node.ObjectNode;

/**
 * A producer that checks its commands with their schemas has none of them put aside as unreadable: what a schema
 * accepts, {@link CommandReader} reads. What a schema cannot say is listed here, and in {@code docs/kafka.md}.
 */
class CommandSchemasTest {

    /** UTF-8 has no halves of surrogate pairs; as escapes they can be sent. */
    private static final ObjectWriter ESCAPED = Json.MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

    private static final String TOO_LONG = "\"" + "x".repeat(256) + "\"";
    private static final List<String> NO_TEXT = List.of(
            "7",
            "true",
            "{}",
            "[\"x\"]",
            "\"\"",
            "\"  \"",
            "\"\\u3000\"",
            "\"a\\nb\"",
            "\"a\\n\"",
            "\"\\u0080\"",
            TOO_LONG);
    private static final List<String> NO_MONEY =
            List.of("-0.01", "\"-1\"", "\"1e3\"", "\"1,5\"", "\".5\"", "\"1.\"", "\"\"", "\"0.00001\"", "true", "[1]");

    /** One of these in its field makes a command wrong. */
    private static final Map<String, List<String>> BAD = Map.ofEntries(
            Map.entry("type", List.of("7", "\"\"", "\"placehold\"", "\"OrderPaid\"", "[\"PlaceHold\"]")),
            Map.entry("product_id", List.of("\"\"", "\"p 1\"", "\"p/1\"", "\"é\"", "1.5", "true", "{}", TOO_LONG)),
            Map.entry("hold_id", noId("h_", "o_")),
            Map.entry("order_id", noId("o_", "h_")),
            Map.entry("quantity", noInteger("0", "1000001")),
            Map.entry("name", noTextOver(Limits.MAX_NAME_LENGTH)),
            Map.entry("price", plus(NO_MONEY, "1000000000000", "\"1000000000000\"", "1e400")),
            Map.entry("amount", plus(NO_MONEY, "1000000000000000000", "\"1000000000000000000\"")),
            Map.entry("currency", List.of("\"eur\"", "\"EURO\"", "\"EU\"", "\"\"", "978", "\"E R\"")),
            Map.entry("total_stock", noInteger("-1", "1000000001")),
            Map.entry("delta", plus(noInteger("-1000000001", "1000000001"), "0", "\"0\"", "\"-0\"", "\"+5\"")),
            Map.entry("reason", noTextOver(Limits.MAX_REASON_LENGTH)),
            Map.entry("hold_ttl_seconds", noInteger("0", "86401")),
            Map.entry("seconds", noInteger("0", "86401")),
            Map.entry("max_quantity_per_hold", noInteger("0", "1000001")),
            Map.entry("max_per_customer", noInteger("0", "1000000001")),
            Map.entry("low_stock_threshold", noInteger("0", "1000000001")),
            Map.entry("payment_window_seconds", noInteger("0", "2592001")),
            Map.entry("sale_starts_at", noTime()),
            Map.entry("sale_ends_at", noTime()),
            Map.entry("customer_id", noTextOver(Limits.MAX_CUSTOMER_ID_LENGTH)),
            Map.entry("idempotency_key", NO_TEXT),
            Map.entry("payment_id", NO_TEXT));

    /** Any of these in its field leaves a command right. */
    private static final Map<String, List<String>> GOOD = Map.ofEntries(
            Map.entry("quantity", integers("1", "1000000")),
            Map.entry("name", texts(Limits.MAX_NAME_LENGTH)),
            Map.entry("price", List.of("0", "1e2", "\"19.90\"", "19.9", "999999999999.9999", "\"999999999999.9999\"")),
            Map.entry("amount", List.of("0", "39.8", "\"39.80\"", "999999999999999900", "\"99999999999999999.9999\"")),
            Map.entry("currency", List.of("\"XTS\"")),
            Map.entry("total_stock", integers("0", "1000000000")),
            Map.entry("delta", plus(integers("-1000000000", "1000000000"), "1", "-1", "\"-1\"")),
            Map.entry("reason", texts(Limits.MAX_REASON_LENGTH)),
            Map.entry("hold_ttl_seconds", integers("1", "86400")),
            Map.entry("seconds", integers("1", "86400")),
            Map.entry("max_quantity_per_hold", integers("1", "1000000")),
            Map.entry("max_per_customer", integers("1", "1000000000")),
            Map.entry("low_stock_threshold", integers("1", "1000000000")),
            Map.entry("payment_window_seconds", integers("1", "2592000")),
            Map.entry("sale_starts_at", List.of("\"2000-01-01T00:00:00Z\"", "\"2026-11-27T09:30:00.5+01:00\"")),
            Map.entry("sale_ends_at", List.of("\"9999-12-31T23:59:59Z\"", "\"2027-02-28T00:00:00.123456789-17:59\"")),
            Map.entry("customer_id", texts(Limits.MAX_CUSTOMER_ID_LENGTH)),
            Map.entry("idempotency_key", texts(Limits.MAX_IDEMPOTENCY_KEY_LENGTH)),
            Map.entry("payment_id", texts(Limits.MAX_PAYMENT_ID_LENGTH)));

    static List<Sample> commands() {
        return Samples.commands().stream()
                .filter(sample -> !sample.file().endsWith("-minimal"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandWithOneFieldWrongIsRefusedByReaderAndSchema(Sample sample) {
        for (String field : object(sample).propertyNames()) {
            assertThat(BAD).containsKey(field);
            BAD.get(field).forEach(bad -> assertBothRefuse(sample, with(sample, field, bad)));
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandWithAnotherGoodValueIsReadAndFits(Sample sample) {
        assertBothAccept(sample.family(), with(sample, "unknown", "[{\"deep\":[null]}]"));
        Set<String> routed = Set.of("type", "product_id", "hold_id", "order_id");
        for (String field : object(sample).propertyNames()) {
            if (!routed.contains(field)) {
                assertThat(GOOD).containsKey(field);
                GOOD.get(field).forEach(good -> assertBothAccept(sample.family(), with(sample, field, good)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void whatIsRequiredMustBeThereAndNothingElseMust(Sample sample) {
        Set<String> required = new TreeSet<>();
        PublishedContract.schema(sample.file()).get("required").forEach(name -> required.add(name.asString()));
        for (String field : object(sample).propertyNames()) {
            ObjectNode without = object(sample);
            without.remove(field);
            ObjectNode withNull = with(sample, field, "null");
            if (required.contains(field)) {
                assertBothRefuse(sample, without);
                assertBothRefuse(sample, withNull);
            } else {
                assertBothAccept(sample.family(), without);
                assertBothAccept(sample.family(), withNull);
            }
        }
    }

    @Test
    void aProductIdMayBeAWholeNumber() {
        String holdId = HoldId.of("4711", new byte[16]);
        for (String productId : List.of("4711", "\"4711\"")) {
            assertBothAccept(
                    HoldCommand.class,
                    "{'type':'ReleaseHold','product_id':" + productId + ",'hold_id':'" + holdId + "'}");
        }
        assertBothAccept(
                ProductCommand.class, "{'type':'AdjustStock','product_id':9007199254740991,'delta':1,'reason':'r'}");
    }

    @Test
    void idsOfTheShortestAndTheLongestProductIdFit() {
        for (String productId : List.of("p", "P".repeat(64))) {
            String holdId = HoldId.of(productId, new byte[16]);
            assertBothAccept(
                    HoldCommand.class,
                    "{'type':'ReleaseHold','product_id':'" + productId + "','hold_id':'" + holdId + "'}");
            assertBothAccept(
                    OrderCommand.class,
                    "{'type':'CancelOrder','product_id':'" + productId + "','order_id':'" + OrderId.ofHold(holdId)
                            + "'}");
        }
    }

    /** A schema sees one field at a time, and numbers by their value: these rules are said in words. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PlaceHold     | product_id     | \"another\"              | the id is not the product's own",
                "CancelOrder   | order_id       | \"o_AAAAAAAAAAAAAAAAAAAAAAA\" | the id is not the product's own",
                "PlaceHold     | quantity       | 2.0                      | a whole number is written without a point",
                "PlaceHold     | quantity       | 1e1                      | a whole number is written without an exponent",
                "DefineProduct | price          | 0.00001                  | at most 4 digits behind the point",
                "DefineProduct | sale_ends_at   | \"2026-11-27T09:00:00Z\" | a sale ends after it starts",
                "DefineProduct | sale_starts_at | \"2000-01-01T00:00:00+01:00\" | before the year 2000 in UTC",
                "PlaceHold     | customer_id    | \"a\\ud800b\"            | half of a surrogate pair",
            })
    void theReaderRefusesWhatASchemaCannotSay(String command, String field, String value, String why) {
        Sample sample = sample(command);
        ObjectNode object = with(sample, field, value);
        assertThat(isRead(sample.family(), object)).as(why).isFalse();
        assertThat(PublishedContract.errors(command, object.toString())).as(why).isEmpty();
    }

    /** Producers are asked for one way of writing where the reader knows several. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PlaceHold     | quantity       | \"007\"",
                "DefineProduct | price          | \"1.00000\"",
                "DefineProduct | sale_starts_at | \"2026-11-27t09:00:00z\"",
                "DefineProduct | sale_starts_at | \"2026-11-27T09:00Z\"",
                "AdjustStock   | product_id     | 9007199254740993",
                "AdjustStock   | product_id     | -5",
            })
    void aSchemaIsStricterThanTheReader(String command, String field, String value) {
        Sample sample = sample(command);
        ObjectNode object = with(sample, field, value);
        assertThat(isRead(sample.family(), object)).isTrue();
        assertThat(PublishedContract.errors(command, object.toString())).isNotEmpty();
    }

    private static void assertBothRefuse(Sample sample, ObjectNode object) {
        assertThat(isRead(sample.family(), object)).as("read %s", object).isFalse();
        assertThat(PublishedContract.errors(sample.file(), object.toString()))
                .as("fits %s", object)
                .isNotEmpty();
    }

    private static void assertBothAccept(Class<?> family, String singleQuoted) {
        assertBothAccept(family, (ObjectNode) Json.MAPPER.readTree(singleQuoted.replace('\'', '"')));
    }

    private static void assertBothAccept(Class<?> family, ObjectNode object) {
        assertThat(isRead(family, object)).as("read %s", object).isTrue();
        assertThat(PublishedContract.errors(object.get("type").asString(), object.toString()))
                .as("fits %s", object)
                .isEmpty();
    }

    private static boolean isRead(Class<?> family, JsonNode object) {
        try {
            GoldenMessagesTest.read(family, ESCAPED.writeValueAsString(object).getBytes(StandardCharsets.US_ASCII));
            return true;
        } catch (UnreadableException refused) {
            return false;
        }
    }

    private static Sample sample(String file) {
        return commands().stream()
                .filter(sample -> sample.file().equals(file))
                .findFirst()
                .orElseThrow();
    }

    private static ObjectNode object(Sample sample) {
        return (ObjectNode) Json.MAPPER.readTree(Samples.golden(sample.file()));
    }

    private static ObjectNode with(Sample sample, String field, String value) {
        ObjectNode object = object(sample);
        object.set(field, Json.MAPPER.readTree(value));
        return object;
    }

    private static List<String> noId(String prefix, String otherPrefix) {
        return List.of(
                "7",
                "\"\"",
                "\"" + prefix + "\"",
                "\"" + prefix + "A".repeat(22) + "\"",
                "\"" + prefix + "A".repeat(108) + "\"",
                "\"" + prefix + "A".repeat(22) + "=\"",
                "\"" + prefix + "A".repeat(22) + "+\"",
                "\"" + otherPrefix + "A".repeat(23) + "\"");
    }

    private static List<String> noInteger(String below, String above) {
        return List.of(
                below,
                above,
                "\"" + below + "\"",
                "\"" + above + "\"",
                "4294967298",
                "99999999999999999999999",
                "2.5",
                "\"2.5\"",
                "\"two\"",
                "\" 2\"",
                "\"2\\n\"",
                "\"\"",
                "true",
                "[2]");
    }

    private static List<String> integers(String min, String max) {
        return List.of(min, max, "\"" + min + "\"", "\"" + max + "\"");
    }

    private static List<String> noTextOver(int length) {
        return plus(NO_TEXT, "\"" + "x".repeat(length + 1) + "\"");
    }

    /** Characters beyond the first 65,536 count once, as everywhere in JSON Schema. */
    private static List<String> texts(int length) {
        return List.of("\"x\"", "\"größe, 大 \"", "\"" + "x".repeat(length) + "\"", "\"" + "😀".repeat(length) + "\"");
    }

    private static List<String> noTime() {
        return List.of(
                "\"soon\"",
                "\"2026-11-27\"",
                "\"2026-11-27T09:00:00\"",
                "\"2026-02-30T09:00:00Z\"",
                "\"2026-11-27T24:00:00Z\"",
                "\"2026-11-27T09:00:60Z\"",
                "\"2026-11-27T09:00:00.1234567890Z\"",
                "\"1999-11-27T09:00:00Z\"",
                "\"+12026-11-27T09:00:00Z\"",
                "1795770000",
                "\"\"");
    }

    private static List<String> plus(List<String> values, String... more) {
        List<String> all = new ArrayList<>(values);
        all.addAll(List.of(more));
        return all;
    }
}
